import { useEffect, useRef } from 'preact/hooks'
import { html, type Shown } from './html.ts'
import { Icon } from './icons.ts'
import { useSession } from './session.ts'

/** The pane beside the conversation: a thread, channel details, a document, the control panel. Escape closes it. */
export function SidePane({
  title,
  note,
  tools,
  wide,
  children,
}: {
  title: string
  note?: string
  tools?: Shown
  wide?: boolean
  children?: Shown
}) {
  const session = useSession()
  const pane = useRef<HTMLElement>(null)
  const close = () => session.openSide(undefined)
  useEffect(() => pane.current?.focus(), [title])
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close()
  }
  return html`
    <aside ref=${pane} class=${wide ? 'side side-wide' : 'side'} aria-label=${title} tabindex="-1" onKeyDown=${pressed}>
      <header class="head">
        <div class="head-words"><h2>${title}</h2>${note && html`<div class="topic">${note}</div>`}</div>
        <div class="head-buttons">${tools}<button type="button" class="icon-button" aria-label="Close" title="Close" onClick=${close}><${Icon} name="close" /></button></div>
      </header>
      ${children}
    </aside>`
}
