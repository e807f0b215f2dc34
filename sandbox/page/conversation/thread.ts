import type { MessageView } from '../../slack/client-api.ts'
import { Avatar } from '../avatar.ts'
import { sandboxSeconds } from '../clock.ts'
import { Composer } from '../composer/composer.ts'
import { html } from '../html.ts'
import { useSession, useSessionState, useWorkspace } from '../session.ts'
import { SidePane } from '../side-pane.ts'
import { threadMessages } from '../state.ts'
import { ago } from '../text/dates.ts'
import { MessageList } from './message-list.ts'

/** The thread line under a message: who replied, how often, when last. */
export function ThreadLine({ message, replies }: { message: MessageView; replies: MessageView[] }) {
  const session = useSession()
  const { people } = useWorkspace()
  const authors = [...new Set(replies.map(({ user }) => user))].slice(0, 4)
  const last = replies.at(-1)
  // The page's clock may lag slightly behind the sandbox's.
  const now = sandboxSeconds()
  const open = () => session.openSide({ kind: 'thread', channel: message.channel, ts: message.ts })
  return html`
    <button type="button" class="thread-line" onClick=${open}>
      ${authors.map((user) => html`<${Avatar} person=${people.find(({ id }) => id === user)} size="20" />`)}
      <span class="thread-count">${replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span>
      ${last && html`<span class="hint">Last reply ${ago(Math.min(Number(last.ts), now), now)}</span>`}
    </button>`
}

/** A thread in the side pane. */
export function Thread({ channel, ts }: { channel: string; ts: string }) {
  const { messages } = useSessionState()
  const { conversations, me } = useWorkspace()
  const conversation = conversations.find(({ id }) => id === channel)
  const thread = threadMessages(messages[channel] ?? [], ts)
  const canWrite =
    conversation && !conversation.archived && (conversation.kind === 'dm' || conversation.members.includes(me.id))
  return html`
    <${SidePane} title="Thread" note=${conversation && conversation.kind !== 'dm' ? `#${conversation.name}` : ''}>
      <${MessageList} key=${ts} label="Thread" messages=${thread} all=${[]} inThread />
      ${canWrite && html`<${Composer} key=${ts} channel=${channel} threadTs=${ts} />`}
    <//>`
}
