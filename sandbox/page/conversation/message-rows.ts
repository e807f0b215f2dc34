import type { MessageView } from '../../slack/client-api.ts'
import { sandboxSeconds } from '../clock.ts'
import { html } from '../html.ts'
import { useTimeZone, useWorkspace } from '../session.ts'
import { dayKey, dayName, zoneName } from '../text/dates.ts'
import { withJoinsTogether } from './join-groups.ts'
import { Message } from './message.ts'
import { PeopleLine } from './system-line.ts'

/** Messages by one author within this many seconds share one header. */
const TOGETHER_S = 300

type Props = { messages: MessageView[]; all: MessageView[]; newAfter?: string | undefined; inThread?: boolean }

/** Messages with dividers for days and for unread messages. */
export function MessageRows({ messages, all, newAfter, inThread }: Props) {
  const { conversations } = useWorkspace()
  const timezone = useTimeZone()
  const pins = new Set(conversations.find(({ id }) => id === messages[0]?.channel)?.pins)
  const replies = Map.groupBy(
    all.filter(({ ts, threadTs }) => threadTs !== undefined && threadTs !== ts),
    ({ threadTs }) => threadTs,
  )
  let previous: MessageView | undefined
  return withJoinsTogether(messages).map((entry) => {
    const message = entry.kind === 'message' ? entry.message : entry.first
    const before = previous
    previous = message
    const row =
      entry.kind === 'people'
        ? html`<${PeopleLine} key=${message.ts} first=${message} users=${entry.users} words=${entry.words} />`
        : html`<${Message} key=${message.ts} message=${message} replies=${replies.get(message.ts) ?? []} isFollowUp=${follows(message, before, timezone) && !pins.has(before?.ts ?? '')} inThread=${inThread} />`
    return [
      html`<${Separators} key=${`${message.ts}-before`} message=${message} previous=${before} zone=${timezone} newAfter=${newAfter} />`,
      row,
    ]
  })
}

const follows = (message: MessageView, previous: MessageView | undefined, zone: string) =>
  previous !== undefined &&
  previous.user === message.user &&
  !previous.subtype &&
  !message.subtype &&
  !previous.ephemeral &&
  !message.ephemeral &&
  Number(message.ts) - Number(previous.ts) < TOGETHER_S &&
  dayKey(Number(message.ts), zone) === dayKey(Number(previous.ts), zone)

function Separators(props: {
  message: MessageView
  previous: MessageView | undefined
  zone: string
  newAfter: string | undefined
}) {
  const { message, previous, zone, newAfter } = props
  const day = dayKey(Number(message.ts), zone)
  const isNewDay = !previous || dayKey(Number(previous.ts), zone) !== day
  const isFirstNew = newAfter !== undefined && message.ts > newAfter && (!previous || previous.ts <= newAfter)
  if (!isNewDay && !isFirstNew) return null
  return html`
    <div class=${isFirstNew ? 'separator separator-new' : 'separator'} role="separator">
      <span>${isNewDay ? `${dayName(Number(message.ts), zone, sandboxSeconds())} · ${zoneName(Number(message.ts), zone)}` : ''}${isFirstNew ? html`<em>New</em>` : ''}</span>
    </div>`
}
