import { useState } from 'preact/hooks'
import type { MessageView, PersonView } from '../../slack/client-api.ts'
import { Avatar } from '../avatar.ts'
import { Blocks } from '../blocks/block.ts'
import { classes, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useTimeZone, useWorkspace } from '../session.ts'
import { SurfaceProvider, useEntries } from '../surface.ts'
import { timeOfDay } from '../text/dates.ts'
import { Mrkdwn } from '../text/mrkdwn-view.ts'
import { EditMessage } from './edit-message.ts'
import { Files } from './files.ts'
import { MessageTools } from './message-tools.ts'
import { Reactions } from './reactions.ts'
import { MessageTime, SystemLine } from './system-line.ts'
import { ThreadLine } from './thread.ts'

type Props = { message: MessageView; replies: MessageView[]; isFollowUp?: boolean; inThread?: boolean }

/** One message with its files, reactions and thread line. */
export function Message({ message, replies, isFollowUp, inThread }: Props) {
  const { people, me, conversations } = useWorkspace()
  const timezone = useTimeZone()
  const [isEditing, edit] = useState(false)
  const author = people.find(({ id }) => id === message.user)
  const isPinned = conversations.find(({ id }) => id === message.channel)?.pins.includes(message.ts) ?? false
  if (message.subtype && message.subtype !== 'thread_broadcast' && message.subtype !== 'bot_message')
    return html`<${SystemLine} message=${message} author=${author} />`
  const look = classes(
    'message',
    isFollowUp && !isPinned && 'is-follow-up',
    message.ephemeral && 'is-ephemeral',
    isPinned && 'is-pinned',
  )
  const isShort = isFollowUp && !isPinned
  return html`
    <article class=${look} data-ts=${message.ts} tabindex="-1" aria-label="${author?.realName ?? message.user}, ${timeOfDay(Number(message.ts), timezone)}">
      ${isPinned && html`<p class="message-note"><${Icon} name="pin" size="13" />Pinned</p>`}
      ${message.ephemeral && html`<p class="message-note"><${Icon} name="lock" size="12" />Only visible to you</p>`}
      <div class="message-side">${isShort ? html`<${MessageTime} ts=${message.ts} zone=${timezone} />` : html`<${Avatar} person=${author} />`}</div>
      <div class="message-main">
        ${!isShort && html`<${Byline} author=${author} id=${message.user} ts=${message.ts} zone=${timezone} />`}
        ${isEditing ? html`<${EditMessage} message=${message} onDone=${() => edit(false)} />` : html`<${Content} message=${message} />`}
        <${Files} files=${message.files} />
        <${Reactions} message=${message} />
        ${!inThread && replies.length > 0 && html`<${ThreadLine} message=${message} replies=${replies} />`}
      </div>
      <${MessageTools} message=${message} inThread=${inThread} isMine=${message.user === me.id} onEdit=${() => edit(true)} />
    </article>`
}

const Byline = ({
  author,
  id,
  ts,
  zone,
}: {
  author: PersonView | undefined
  id: string
  ts: string
  zone: string
}) => html`
  <div class="byline">
    <span class="author" title=${author?.title}>${author?.realName || author?.name || id}</span>
    ${author?.isBot && html`<span class="tag">app</span>`}
    <${MessageTime} ts=${ts} zone=${zone} />
  </div>`

/** Slack: `text` is shown only when there are no blocks. */
function Content({ message }: { message: MessageView }) {
  const { blocks, text, edited, channel, ts } = message
  const entries = useEntries(blocks ?? [])
  if (!blocks?.length && !text) return null
  return html`
    <div class="message-content">
      ${
        blocks?.length
          ? html`<${SurfaceProvider} where=${{ channel, ts }} entries=${entries}><${Blocks} blocks=${blocks} /><//>`
          : html`<${Mrkdwn} text=${text} />`
      }
      ${edited && html`<span class="edited">(edited)</span>`}
    </div>`
}
