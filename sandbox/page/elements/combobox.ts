import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { html, type Shown } from '../html.ts'
import { Icon } from '../icons.ts'
import { nextIndex } from '../keyboard.ts'
import { Popup } from '../popup.ts'

/** An option: `words` is its label, `alias` also matches while filtering, `group` is a heading. */
export type Choice = {
  id: string
  words: string
  alias?: string
  label: Shown
  hint?: string | undefined
  group?: string | undefined
}

/**
 * A text field that filters a list of options. With multiple selection, chosen options become removable tokens. Arrow
 * keys move, Enter selects, Backspace in an empty field removes the last token.
 */
export function Combobox(props: {
  choices: Choice[]
  chosen: string[]
  onChoose: (chosen: string[]) => void
  multiple?: boolean
  max?: number | undefined
  placeholder?: string
  labelledBy?: string | undefined
  describedBy?: string | undefined
  required?: boolean | undefined
  isBusy?: boolean
}) {
  const { choices, chosen, multiple, placeholder } = props
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const current = choices.filter(({ id }) => chosen.includes(id))
  const isFull = multiple && props.max !== undefined && chosen.length >= props.max
  const matches = choices.filter(
    ({ id, words, alias, hint }) =>
      !(multiple && chosen.includes(id)) &&
      `${words} ${alias ?? ''} ${hint ?? ''}`.toLowerCase().includes(typed.trim().toLowerCase()),
  )

  const open = () => {
    if (isOpen) return
    setOpen(true)
    setActive(
      multiple
        ? 0
        : Math.max(
            0,
            matches.findIndex(({ id }) => chosen.includes(id)),
          ),
    )
  }
  const close = () => {
    setOpen(false)
    setTyped('')
  }
  const choose = (choice: Choice | undefined) => {
    if (!choice || isFull) return
    props.onChoose(multiple ? [...chosen, choice.id] : [choice.id])
    setTyped('')
    if (!multiple) setOpen(false)
    input.current?.focus()
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      // Enter selects an option here and must not submit the modal.
      event.preventDefault()
      if (isOpen) choose(matches[active])
      else open()
    } else if (event.key === 'Backspace' && typed === '' && chosen.length > 0) props.onChoose(chosen.slice(0, -1))
    else if (event.key === 'Tab') close()
    else if (
      event.key === 'ArrowDown' ||
      event.key === 'ArrowUp' ||
      (isOpen && (event.key === 'Home' || event.key === 'End'))
    ) {
      event.preventDefault()
      if (isOpen) setActive(nextIndex(event.key, active, matches.length) ?? 0)
      else open()
    }
  }
  const single = multiple ? undefined : current[0]
  return html`
    <div ref=${box} class="field combobox" aria-busy=${props.isBusy} onClick=${() => input.current?.focus()}>
      ${
        multiple &&
        current.map(
          ({ id, label, words }) => html`
        <span class="token">${label}<button type="button" aria-label="Remove ${words}" onClick=${() => props.onChoose(chosen.filter((one) => one !== id))}><${Icon} name="close" size="12" /></button></span>`,
        )
      }
      <input ref=${input} role="combobox" aria-expanded=${isOpen} aria-controls=${isOpen ? list : undefined} aria-autocomplete="list" autocomplete="off"
        aria-activedescendant=${isOpen && matches[active] ? `${list}-${active}` : undefined}
        aria-labelledby=${props.labelledBy} aria-label=${props.labelledBy ? undefined : placeholder} aria-describedby=${props.describedBy}
        aria-required=${props.required ? 'true' : undefined}
        placeholder=${single?.words ?? (current.length === 0 ? placeholder : undefined)} value=${isOpen ? typed : (single?.words ?? '')}
        onInput=${(event: Event) => {
          setTyped((event.target as HTMLInputElement).value)
          setActive(0)
          setOpen(true)
        }}
        onFocus=${() => input.current?.select()} onClick=${open} onKeyDown=${pressed} />
      <${Icon} name="chevron" size="16" />
      ${isOpen && html`<${Popup} anchor=${box} onClose=${close} fit><${Choices} list=${list} matches=${matches} active=${active} chosen=${chosen} onChoose=${choose} note=${isFull ? 'No more can be chosen.' : 'Nothing matches.'} /><//>`}
    </div>`
}

function Choices(props: {
  list: string
  matches: Choice[]
  active: number
  chosen: string[]
  onChoose: (choice: Choice) => void
  note: string
}) {
  const { list, matches, active } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector('.is-active')?.scrollIntoView({ block: 'nearest' }), [active])
  return html`
    <div ref=${box} id=${list} class="menu" role="listbox" aria-label="Choices">
      ${matches.length === 0 && html`<p class="hint menu-note" role="option" aria-selected="false" aria-disabled="true">${props.note}</p>`}
      ${matches.map((choice, index) => [
        choice.group &&
          choice.group !== matches[index - 1]?.group &&
          html`<div class="menu-heading" role="presentation">${choice.group}</div>`,
        html`
          <div id="${list}-${index}" role="option" aria-selected=${props.chosen.includes(choice.id)} class=${index === active ? 'menu-item is-active' : 'menu-item'}
            onPointerDown=${(event: Event) => event.preventDefault()} onClick=${() => props.onChoose(choice)}>
            <span>${choice.label}</span>${choice.hint && html`<span class="hint">${choice.hint}</span>`}
          </div>`,
      ])}
    </div>`
}
