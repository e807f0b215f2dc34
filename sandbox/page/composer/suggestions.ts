import { useEffect, useRef } from 'preact/hooks'
import { html } from '../html.ts'
import type { Suggestion } from './completion.ts'

/** The suggestion list above the composer. Focus stays in the text field. */
export function Suggestions(props: {
  list: string
  suggestions: Suggestion[]
  active: number
  onTake: (suggestion: Suggestion) => void
}) {
  const { list, suggestions, active } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector('.is-active')?.scrollIntoView({ block: 'nearest' }), [active])
  return html`
    <div ref=${box} id=${list} class="menu suggestions" role="listbox" aria-label="Suggestions">
      ${suggestions.map(
        (suggestion, index) => html`
        <div key=${suggestion.id} id="${list}-${index}" role="option" aria-selected=${index === active} class=${index === active ? 'menu-item is-active' : 'menu-item'}
          onPointerDown=${(event: Event) => event.preventDefault()} onClick=${() => props.onTake(suggestion)}>
          <span class="suggestion-name"><span class="suggestion-sign">${suggestion.sign}</span>${suggestion.name}</span>
          <span class="hint">${suggestion.note}</span>
        </div>`,
      )}
    </div>`
}
