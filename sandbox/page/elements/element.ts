import { BlockImage } from '../blocks/image.ts'
import { html } from '../html.ts'
import { useSurface } from '../surface.ts'
import { ButtonElement, FeedbackButtons, IconButton } from './button.ts'
import { Checkboxes, RadioButtons } from './choices.ts'
import { DateField, DateTimeField, TimeField } from './date-fields.ts'
import { OverflowMenu } from './overflow.ts'
import { MultiSelect, SingleSelect } from './selects.ts'
import { FileField, NumberField, RichTextField, TextField } from './text-fields.ts'
import type { Element, Value } from './values.ts'

export type ElementProps = {
  block: string
  element: Element
  /** In an input block, values are sent on submission unless the block sets `dispatch_action`. */
  isInput?: boolean
  /** Ids for the label and the error that belong to an input. */
  labelledBy?: string | undefined
  describedBy?: string | undefined
  required?: boolean
}

const COMPONENTS: Record<string, unknown> = {
  button: ButtonElement,
  workflow_button: ButtonElement,
  icon_button: IconButton,
  feedback_buttons: FeedbackButtons,
  overflow: OverflowMenu,
  radio_buttons: RadioButtons,
  checkboxes: Checkboxes,
  datepicker: DateField,
  timepicker: TimeField,
  datetimepicker: DateTimeField,
  plain_text_input: TextField,
  email_text_input: TextField,
  url_text_input: TextField,
  number_input: NumberField,
  rich_text_input: RichTextField,
  file_input: FileField,
}

/** Renders an element by its type. */
export function ElementView(props: ElementProps) {
  const { type } = props.element
  if (type === 'image') return html`<${BlockImage} image=${props.element} class="accessory-image" />`
  if (/external_select$/.test(type)) return html`<p class="hint">The sandbox cannot ask the app for these choices.</p>`
  if (/^multi_\w+_select$/.test(type)) return html`<${MultiSelect} ...${props} />`
  if (/_select$/.test(type)) return html`<${SingleSelect} ...${props} />`
  const component = COMPONENTS[type]
  return component
    ? html`<${component} ...${props} />`
    : html`<span class="unknown">${type} cannot be shown here</span>`
}

/** An element's value and how to change it. */
export function useElement({ block, element, isInput }: ElementProps) {
  const surface = useSurface()
  return {
    value: surface.value(block, element),
    isBusy: surface.isBusy(block, element),
    /** Stores a value; `dispatch` also sends it to the app at once, the default outside input blocks. */
    enter(value: Value, dispatch = !isInput) {
      surface.enter(block, element, value)
      if (dispatch) void surface.act(block, element, value)
    },
    click: (chosen: Record<string, unknown>) => surface.act(block, element, chosen),
  }
}
