import { useEffect, useState } from 'preact/hooks'
import { ConfirmProvider } from './confirm.ts'
import { ControlBar } from './control-panel/control-bar.ts'
import { ControlPanel } from './control-panel/control-panel.ts'
import { Welcome } from './control-panel/welcome.ts'
import { Channel } from './conversation/channel.ts'
import { About } from './conversation/channel-details.ts'
import { Sidebar } from './conversation/sidebar.ts'
import { Thread } from './conversation/thread.ts'
import { DocumentPane } from './document-pane.ts'
import { Home } from './home.ts'
import { classes, html } from './html.ts'
import { LightboxProvider } from './lightbox.ts'
import { Modals } from './modal.ts'
import { Notices } from './notices.ts'
import { useSessionState } from './session.ts'
import type { Place, Side } from './state.ts'

/** The page: the control bar above, the workspace below. */
export function App() {
  const { workspace, place, side } = useSessionState()
  const [isMenuOpen, openMenu] = useState(false)
  const unread = workspace?.conversations.reduce((sum, one) => sum + one.unread, 0) ?? 0
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Muster sandbox` : 'Muster sandbox'
  }, [unread])
  if (!workspace) return html`<p class="loading">Opening the workspace…</p>`
  const look = classes('app', isMenuOpen && 'has-menu', side && 'has-side', side?.kind === 'document' && 'has-document')
  return html`
    <${ConfirmProvider}><${LightboxProvider}>
      <div class=${look}>
        <${ControlBar} isMenuOpen=${isMenuOpen} onMenu=${() => openMenu(!isMenuOpen)} />
        <${Sidebar} onChoose=${() => openMenu(false)} />
        ${isMenuOpen && html`<button type="button" class="veil" aria-label="Close the menu" onClick=${() => openMenu(false)}></button>`}
        <main class="main" key=${workspace.me.id}><${Middle} place=${place} /></main>
        ${side && html`<${Beside} side=${side} key=${`${workspace.me.id} ${side.kind}`} />`}
      </div>
      <${Modals} key=${workspace.me.id} />
      <${Notices} />
    <//><//>`
}

function Middle({ place }: { place: Place }) {
  switch (place.kind) {
    case 'welcome':
      return html`<${Welcome} />`
    case 'home':
      return html`<${Home} />`
    case 'channel':
      return html`<${Channel} channel=${place.channel} />`
    default:
      return place satisfies never
  }
}

function Beside({ side }: { side: Side }) {
  switch (side.kind) {
    case 'thread':
      return html`<${Thread} key=${side.ts} channel=${side.channel} ts=${side.ts} />`
    case 'about':
      return html`<${About} channel=${side.channel} />`
    case 'document':
      return html`<${DocumentPane} url=${side.url} title=${side.title} />`
    case 'control-panel':
      return html`<${ControlPanel} />`
    default:
      return side satisfies never
  }
}
