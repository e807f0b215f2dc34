import { sandboxSeconds } from '../clock.ts'
import { html, type Shown } from '../html.ts'
import { useSession, useTimeZone, useWorkspace } from '../session.ts'
import { formatDateTokens, fullTime } from './dates.ts'
import { emojiOf } from './emoji.ts'
import { destinationOf } from './links.ts'

/** A link: opens inside the page if it leads into the workspace, otherwise in a new tab. */
export function Link({ url, children }: { url: string; children?: Shown }) {
  const session = useSession()
  const to = destinationOf(url)
  if (!to) return html`<span>${children}</span>`
  const go = (event: MouseEvent) => {
    if (!event.metaKey && !event.ctrlKey && session.follow(to)) event.preventDefault()
  }
  const href = to.kind === 'message' ? url : to.url
  return html`<a href=${href} target="_blank" rel="noopener noreferrer" onClick=${go}>${children}</a>`
}

export function UserMention({ id, fallback }: { id: string; fallback?: string }) {
  const { people, me } = useWorkspace()
  const person = people.find((someone) => someone.id === id)
  const isMe = id === me.id
  return html`<span class=${isMe ? 'mention mention-me' : 'mention'} title=${person ? [person.realName, person.title].filter(Boolean).join(', ') : id}>@${person?.name ?? fallback ?? id}</span>`
}

export function ChannelMention({ id, fallback }: { id: string; fallback?: string }) {
  const session = useSession()
  const channel = useWorkspace().conversations.find((conversation) => conversation.id === id)
  if (!channel) return html`<span class="mention">#${fallback || 'private-channel'}</span>`
  return html`<button type="button" class="mention mention-link" onClick=${() => session.goTo({ kind: 'channel', channel: id })}>#${channel.name}</button>`
}

/** A user group by id; `fallback` is shown for an unknown one. */
export function GroupMention({ id, fallback }: { id: string; fallback?: string | undefined }) {
  const group = useWorkspace().groups.find((one) => one.id === id)
  return html`<${Broadcast} name=${group?.handle ?? fallback ?? id} />`
}

/** `@here`, `@channel` and `@everyone`. */
export const Broadcast = ({ name }: { name: string }) =>
  html`<span class="mention mention-me">@${name.replace(/^@/, '')}</span>`

export function Emoji({ name }: { name: string }) {
  const character = emojiOf(name)
  return character
    ? html`<span class="emoji" role="img" aria-label=${name.replaceAll('_', ' ')} title=":${name}:">${character}</span>`
    : `:${name}:`
}

/** An instant in the viewer's time zone. */
export function DateText(props: { seconds: number; format: string; fallback: string; link?: string }) {
  const timezone = useTimeZone()
  const { seconds, fallback, link } = props
  if (!Number.isFinite(seconds)) return fallback
  const text = formatDateTokens(props.format, seconds, timezone, sandboxSeconds())
  const time = html`<time dateTime=${new Date(seconds * 1000).toISOString()} title=${fullTime(seconds, timezone)}>${text}</time>`
  return link ? html`<${Link} url=${link}>${time}<//>` : time
}
