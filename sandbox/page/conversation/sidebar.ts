import type { ConversationView } from '../../slack/client-api.ts'
import { Avatar } from '../avatar.ts'
import { classes, html, type Shown } from '../html.ts'
import { Icon } from '../icons.ts'
import { moveFocus } from '../keyboard.ts'
import { useSession, useSessionState, useWorkspace } from '../session.ts'
import { conversationName, isIncident, otherPerson } from './names.ts'
import { PersonSwitch } from './person-switch.ts'

/** Navigation: channels, direct messages, the app, and the person switch. */
export function Sidebar({ onChoose }: { onChoose: () => void }) {
  const { place, isLive } = useSessionState()
  const session = useSession()
  const { team, conversations, me } = useWorkspace()
  const byName = conversations.toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
  const mine = byName.filter(({ kind, archived, members }) => kind !== 'dm' && !archived && members.includes(me.id))
  const others = byName.filter(
    (one) => one.kind === 'channel' && !one.archived && !one.members.includes(me.id) && !isIncident(one),
  )
  const past = byName.filter(({ kind, archived }) => kind !== 'dm' && archived)
  const directs = conversations.filter(({ kind }) => kind === 'dm')
  const incidents = byName.filter((one) => isIncident(one) && !one.archived)
  const rows = (list: ConversationView[]) =>
    list.map(
      (conversation) => html`<${Row} key=${conversation.id} conversation=${conversation} onChoose=${onChoose} />`,
    )
  const go = (to: Parameters<typeof session.goTo>[0]) => {
    onChoose()
    void session.goTo(to)
  }
  return html`
    <nav class="sidebar" aria-label="Workspace">
      <header class="sidebar-head">
        <h2 class="team">${team.name}</h2>
        ${!isLive && html`<span class="offline" role="status">Reconnecting…</span>`}
      </header>
      <div class="sidebar-lists" onKeyDown=${(event: KeyboardEvent) => moveFocus(event, '.row')}>
        <ul class="rows">
          <${Plain} icon="play" label="Stories" isHere=${place.kind === 'welcome'} onClick=${() => go({ kind: 'welcome' })} />
          <${Plain} icon="home" label="Muster home" isHere=${place.kind === 'home'} onClick=${() => go({ kind: 'home' })} />
        </ul>
        <${Group} title="Incidents" empty="None yet. Play a story or type /incident.">${rows(incidents)}<//>
        <${Group} title="Channels">${rows(mine.filter((one) => !isIncident(one)))}<//>
        ${others.length > 0 && html`<${Group} title="Not joined">${rows(others)}<//>`}
        ${directs.length > 0 && html`<${Group} title="Direct messages">${rows(directs)}<//>`}
        ${past.length > 0 && html`<${Group} title="Archived">${rows(past)}<//>`}
      </div>
      <${PersonSwitch} />
    </nav>`
}

const Group = ({ title, empty, children }: { title: string; empty?: string; children?: Shown[] }) => html`
  <section class="group">
    <h3>${title}</h3>
    ${children?.length ? html`<ul class="rows">${children}</ul>` : empty && html`<p class="group-empty">${empty}</p>`}
  </section>`

function Plain(props: { icon: string; label: string; isHere: boolean; onClick: () => void }) {
  return html`
    <li><button type="button" class=${classes('row', props.isHere && 'is-here')} aria-current=${props.isHere ? 'page' : undefined} onClick=${props.onClick}>
      <${Icon} name=${props.icon} size="16" /><span class="row-name">${props.label}</span>
    </button></li>`
}

function Row({ conversation, onChoose }: { conversation: ConversationView; onChoose: () => void }) {
  const session = useSession()
  const { place } = session.state()
  const { id, kind, unread } = conversation
  const isHere = place.kind === 'channel' && place.channel === id
  const go = () => {
    onChoose()
    void session.goTo({ kind: 'channel', channel: id })
  }
  const workspace = useWorkspace()
  const name = conversationName(workspace, id, '')
  return html`
    <li><button type="button" class=${classes('row', isHere && 'is-here', unread > 0 && 'is-unread')} aria-current=${isHere ? 'page' : undefined} title=${name} onClick=${go}>
      ${kind === 'dm' ? html`<${Avatar} person=${otherPerson(workspace, conversation)} size="18" />` : html`<span class="row-sign">${kind === 'private' ? html`<${Icon} name="lock" size="14" />` : '#'}</span>`}
      <span class="row-name">${name}</span>
      ${unread > 0 && html`<span class="badge" aria-label="${unread} unread">${unread > 99 ? '99+' : unread}</span>`}
    </button></li>`
}
