import type { MessageView } from '../../slack/client-api.ts'
import { useConfirm } from '../confirm.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { MenuButton, type MenuItem } from '../menu.ts'
import { useSession, useWorkspace } from '../session.ts'
import { AddReaction } from './reactions.ts'

type Props = { message: MessageView; inThread?: boolean; isMine: boolean; onEdit: () => void }

/** Message actions, shown on hover and focus. */
export function MessageTools({ message, inThread, isMine, onEdit }: Props) {
  const session = useSession()
  const { shortcuts, conversations } = useWorkspace()
  const { channel, ts } = message
  const confirmed = useConfirm({
    title: { type: 'plain_text', text: 'Delete message' },
    text: { type: 'plain_text', text: 'The message will be gone for everybody.' },
    confirm: { type: 'plain_text', text: 'Delete' },
    style: 'danger',
  })
  // Slack: ephemeral messages have no replies or reactions.
  if (message.ephemeral) return null
  const isPinned = conversations.find(({ id }) => id === channel)?.pins.includes(ts)
  const items: MenuItem[] = [
    isPinned
      ? { label: 'Unpin from channel', choose: () => void session.act({ type: 'pin', channel, ts, remove: true }) }
      : { label: 'Pin to channel', choose: () => void session.act({ type: 'pin', channel, ts }) },
    { label: 'Copy link', choose: () => void copyLink(message) },
    ...shortcuts
      .filter(({ type }) => type === 'message')
      .map(({ name, callbackId }) => ({
        label: name,
        hint: 'Muster',
        choose: () => void session.act({ type: 'shortcut', callbackId, message: { channel, ts } }),
      })),
    ...(isMine
      ? [
          { label: 'Edit message', choose: onEdit },
          {
            label: 'Delete message',
            danger: true,
            choose: () => void confirmed().then((yes) => yes && session.act({ type: 'delete_message', channel, ts })),
          },
        ]
      : []),
  ]
  return html`
    <div class="message-tools">
      <${AddReaction} message=${message} class="icon-button" />
      ${!inThread && html`<button type="button" class="icon-button" aria-label="Reply in thread" title="Reply in thread" onClick=${() => session.openSide({ kind: 'thread', channel, ts: message.threadTs ?? ts })}><${Icon} name="reply" size="16" /></button>`}
      <${MenuButton} label="More actions" items=${items}><${Icon} name="dots" size="16" /><//>
    </div>`
}

const copyLink = ({ channel, ts, threadTs }: MessageView) => {
  const link = new URL(`/archives/${channel}/p${ts.replace('.', '')}`, location.href)
  if (threadTs) link.searchParams.set('thread_ts', threadTs)
  return navigator.clipboard.writeText(link.href)
}
