import type { MessageView, PersonView } from '../../slack/client-api.ts'
import { html } from '../html.ts'
import { useTimeZone } from '../session.ts'
import { fullTime, timeOfDay } from '../text/dates.ts'
import { MrkdwnLine } from '../text/mrkdwn-view.ts'

/** Names listed before the rest is only counted. */
const NAMED = 4

export const MessageTime = ({ ts, zone }: { ts: string; zone: string }) =>
  html`<time class="message-time" title=${fullTime(Number(ts), zone)}>${timeOfDay(Number(ts), zone)}</time>`

/** A system message: the topic changed, a message was pinned. */
export function SystemLine({ message, author }: { message: MessageView; author: PersonView | undefined }) {
  const says = message.text.includes(message.user) || !author ? message.text : `${author.realName} ${message.text}`
  return html`<${Line} ts=${message.ts} says=${says} />`
}

/** Several joins or leaves in one line. */
export function PeopleLine({ first, users, words }: { first: MessageView; users: string[]; words: string }) {
  const named = users.slice(0, users.length > NAMED + 1 ? NAMED : users.length).map((user) => `<@${user}>`)
  const others = users.length - named.length
  const list = new Intl.ListFormat('en').format(others > 0 ? [...named, `${others} others`] : named)
  return html`<${Line} ts=${first.ts} says=${`${list} ${words}`} />`
}

function Line({ ts, says }: { ts: string; says: string }) {
  const timezone = useTimeZone()
  return html`
    <div class="system-line" data-ts=${ts}>
      <${MessageTime} ts=${ts} zone=${timezone} /><${MrkdwnLine} text=${says} />
    </div>`
}
