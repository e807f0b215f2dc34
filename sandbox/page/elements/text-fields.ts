import { useEffect, useRef } from 'preact/hooks'
import { html } from '../html.ts'
import { richTextWords } from '../text/rich-text.ts'
import { plain } from '../text/text.ts'
import { type ElementProps, useElement } from './element.ts'
import type { Element } from './values.ts'

const attributes = ({ element, labelledBy, describedBy, required }: ElementProps) => ({
  'aria-labelledby': labelledBy,
  'aria-describedby': describedBy,
  'aria-required': required ? 'true' : undefined,
  placeholder: plain(element.placeholder as { text: string } | undefined) || undefined,
})

/** Whether the element sends actions before submission: on Enter or on every key. */
const dispatchesOn = (element: Element, when: 'on_enter_pressed' | 'on_character_entered') =>
  (element.dispatch_action_config as { trigger_actions_on?: string[] } | undefined)?.trigger_actions_on?.includes(
    when,
  ) ?? false

const useFocusOnLoad = (element: Element) => {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useEffect(() => {
    if (element.focus_on_load) field.current?.focus()
  }, [])
  return field
}

const TYPES: Record<string, string> = { email_text_input: 'email', url_text_input: 'url' }

/** Single-line or multi-line text, e-mail, or URL input. */
export function TextField(props: ElementProps) {
  const { element } = props
  const { value, enter } = useElement({ ...props, isInput: true })
  const field = useFocusOnLoad(element)
  const entered = (text: string, dispatch: boolean) => enter({ value: text === '' ? null : text }, dispatch)
  const typed = (event: Event) =>
    entered((event.target as HTMLInputElement).value, dispatchesOn(element, 'on_character_entered'))
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !dispatchesOn(element, 'on_enter_pressed')) return
    event.preventDefault()
    entered((event.target as HTMLInputElement).value, true)
  }
  const limits = { maxLength: element.max_length, minLength: element.min_length }
  const text = (value.value as string | null) ?? ''
  if (element.multiline)
    return html`<textarea ref=${field} class="field" rows="4" ...${attributes(props)} ...${limits} value=${text} onInput=${typed}></textarea>`
  return html`<input ref=${field} class="field" type=${TYPES[element.type] ?? 'text'} ...${attributes(props)} ...${limits} value=${text} onInput=${typed} onKeyDown=${pressed} autocomplete="off" />`
}

/** A number input; the value is the typed text. */
export function NumberField(props: ElementProps) {
  const { element } = props
  const { value, enter } = useElement({ ...props, isInput: true })
  const field = useFocusOnLoad(element)
  const typed = (event: Event) =>
    enter({ value: (event.target as HTMLInputElement).value || null }, dispatchesOn(element, 'on_character_entered'))
  return html`<input ref=${field} class="field field-short" type="number" inputmode=${element.is_decimal_allowed ? 'decimal' : 'numeric'} step=${element.is_decimal_allowed ? 'any' : 1}
    min=${element.min_value} max=${element.max_value} ...${attributes(props)} value=${(value.value as string | null) ?? ''} onInput=${typed} />`
}

/** A rich text input; the typed text becomes one plain section. */
export function RichTextField(props: ElementProps) {
  const { value, enter } = useElement({ ...props, isInput: true })
  const block = value.rich_text_value as Parameters<typeof richTextWords>[0] | null
  const typed = (event: Event) => {
    const text = (event.target as HTMLTextAreaElement).value
    const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] }
    enter({ rich_text_value: text === '' ? null : { type: 'rich_text', elements: [section] } }, false)
  }
  return html`<textarea class="field" rows="5" ...${attributes(props)} value=${block ? richTextWords(block) : ''} onInput=${typed}></textarea>`
}

/** File inputs are not supported by the sandbox; the field says so. */
export const FileField = (props: ElementProps) =>
  html`<p class="hint" aria-labelledby=${props.labelledBy}>Files cannot be added in the sandbox.</p>`
