import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.ts'
import { findEmoji } from './text/emoji.ts'

const COLUMNS = 8

/** Searchable emoji grid; arrow keys move in it. */
export function EmojiPicker({ onChoose }: { onChoose: (name: string) => void }) {
  const [words, setWords] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const found = findEmoji(words)
  useEffect(() => field.current?.focus(), [])

  const move = (event: KeyboardEvent) => {
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])]
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
    if (by === undefined || (here < 0 && event.key !== 'ArrowDown')) return
    event.preventDefault()
    if (here + by < 0) field.current?.focus()
    else buttons[here < 0 ? 0 : Math.min(buttons.length - 1, here + by)]?.focus()
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (found[0]) onChoose(found[0].name)
  }
  return html`
    <form class="emoji-picker" onSubmit=${submit} onKeyDown=${move}>
      <input ref=${field} class="field" type="search" placeholder="Search emoji" aria-label="Search emoji" value=${words} onInput=${(event: Event) => setWords((event.target as HTMLInputElement).value)} />
      <div ref=${grid} class="emoji-grid">
        ${found.map(({ name, character }) => html`<button type="button" aria-label=${name.replaceAll('_', ' ')} title=":${name}:" onClick=${() => onChoose(name)}>${character}</button>`)}
      </div>
      ${found.length === 0 && html`<p class="hint menu-note">No emoji is called that.</p>`}
    </form>`
}
