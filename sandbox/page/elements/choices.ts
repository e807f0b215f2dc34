import type { Option } from '@slack/types'
import { html } from '../html.ts'
import { TextLine } from '../text/text.ts'
import { type ElementProps, useElement } from './element.ts'

const sameOption = (one: Option | null | undefined, other: Option) => one?.value === other.value

export function RadioButtons(props: ElementProps) {
  const { value, enter } = useElement(props)
  const options = props.element.options as Option[]
  const name = `${props.block}/${props.element.action_id}`
  return html`
    <div class="choices" role="radiogroup" aria-labelledby=${props.labelledBy} aria-describedby=${props.describedBy} aria-label=${props.labelledBy ? undefined : 'Choose one'}>
      ${options.map(
        (option) => html`
        <label class="choice">
          <input type="radio" name=${name} checked=${sameOption(value.selected_option as Option | null, option)} onChange=${() => enter({ selected_option: option })} />
          <${OptionWords} option=${option} />
        </label>`,
      )}
    </div>`
}

export function Checkboxes(props: ElementProps) {
  const { value, enter } = useElement(props)
  const options = props.element.options as Option[]
  const selected = value.selected_options as Option[]
  const toggle = (option: Option) => {
    const isOn = selected.some((one) => sameOption(one, option))
    const next = options.filter((one) =>
      sameOption(one, option) ? !isOn : selected.some((chosen) => sameOption(chosen, one)),
    )
    enter({ selected_options: next })
  }
  return html`
    <div class="choices" role="group" aria-labelledby=${props.labelledBy} aria-describedby=${props.describedBy} aria-label=${props.labelledBy ? undefined : 'Choose any'}>
      ${options.map(
        (option) => html`
        <label class="choice">
          <input type="checkbox" checked=${selected.some((one) => sameOption(one, option))} onChange=${() => toggle(option)} />
          <${OptionWords} option=${option} />
        </label>`,
      )}
    </div>`
}

const OptionWords = ({ option }: { option: Option }) => html`
  <span class="choice-words"><${TextLine} text=${option.text} />${option.description && html`<span class="hint"><${TextLine} text=${option.description} /></span>`}</span>`
