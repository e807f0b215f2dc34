import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { html, type Shown } from './html.ts'
import { moveFocus } from './keyboard.ts'
import { Popup } from './popup.ts'

export type MenuItem = { label: Shown; hint?: string; danger?: boolean; checked?: boolean; choose: () => void }

/** A menu button: arrow keys move in the menu, Escape closes it and restores focus. */
export function MenuButton(props: {
  label: string
  items: MenuItem[]
  class?: string
  above?: boolean
  start?: boolean
  /** The content is the accessible name; the label is only a tooltip. */
  speaks?: boolean
  children?: Shown
}) {
  const [isOpen, open] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    open(false)
    button.current?.focus()
  }
  return html`
    <span class="menu-button">
      <button ref=${button} type="button" class=${props.class ?? 'icon-button'} aria-haspopup="menu" aria-expanded=${isOpen} aria-label=${props.speaks ? undefined : props.label} title=${props.label}
        onClick=${() => open(!isOpen)}>${props.children}</button>
      ${isOpen && html`<${Popup} anchor=${button} onClose=${close} end=${!props.start} above=${props.above}><${Menu} label=${props.label} items=${props.items} onDone=${close} /><//>`}
    </span>`
}

function Menu({ label, items, onDone }: { label: string; items: MenuItem[]; onDone: () => void }) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const wanted =
      list.current?.querySelector<HTMLElement>('[aria-checked=true]') ?? list.current?.querySelector('button')
    wanted?.focus()
  }, [])
  const choose = (item: MenuItem) => {
    onDone()
    item.choose()
  }
  return html`
    <div ref=${list} class="menu" role="menu" aria-label=${label} onKeyDown=${(event: KeyboardEvent) => moveFocus(event, 'button')}>
      ${items.map(
        (item) => html`
          <button type="button" class=${item.danger ? 'menu-item danger' : 'menu-item'} tabindex="-1"
            role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked=${item.checked}
            onClick=${() => choose(item)}>
            <span>${item.label}</span>${item.hint && html`<span class="hint">${item.hint}</span>`}
          </button>`,
      )}
    </div>`
}
