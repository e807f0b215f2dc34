import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../slack/view.ts'
import { sandboxSeconds } from '../clock.ts'
import { html, type Shown } from '../html.ts'
import { Icon } from '../icons.ts'
import { moveFocus } from '../keyboard.ts'
import { useSession, useSessionState, useWorkspace } from '../session.ts'
import { dayKey, dayName } from '../text/dates.ts'
import { Message } from './message.ts'

/** Messages of one author within this many seconds stand under one name. */
const TOGETHER_S = 300

type Props = {
  label: string
  messages: MessageView[]
  /** Replies included, for the line under a message that has some. */
  all: MessageView[]
  newAfter?: string | undefined
  intro?: Shown
  inThread?: boolean
}

/**
 * Messages, newest at the bottom. It stays at the bottom while new ones come, unless you have scrolled up to read.
 * Arrow keys move from message to message.
 */
export function MessageList({ label, messages, all, newAfter, intro, inThread }: Props) {
  const { goTo } = useSessionState()
  const session = useSession()
  const { me } = useWorkspace()
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [hasMore, setMore] = useState(false)
  const last = messages.at(-1)

  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight })
  const scrolled = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = list.current ?? {}
    atEnd.current = scrollHeight - scrollTop - clientHeight < 40
    if (atEnd.current) setMore(false)
  }

  useLayoutEffect(() => {
    if (atEnd.current || last?.user === me.id) toEnd()
    else setMore(true)
  }, [last?.ts])

  useLayoutEffect(() => {
    const box = list.current
    if (!box) return
    // Pictures and charts grow after they are drawn.
    const grown = new ResizeObserver(() => atEnd.current && toEnd())
    grown.observe(box)
    for (const child of box.children) grown.observe(child)
    return () => grown.disconnect()
  }, [])

  useLayoutEffect(() => {
    const found = goTo && list.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(goTo)}"]`)
    if (!found) return
    atEnd.current = false
    found.scrollIntoView({ block: 'center' })
    found.focus()
    found.classList.add('is-found')
    session.arrived()
  }, [goTo, messages.length])

  return html`
    <div class="messages-frame">
      <div ref=${list} class="messages" role="log" aria-label=${label} tabindex="0" onScroll=${scrolled} onKeyDown=${walk}>
        <div class="messages-body">
          ${intro}
          ${messages.map(
            (message, index) => html`
            <${Separators} key=${`${message.ts}-before`} message=${message} previous=${messages[index - 1]} zone=${me.timezone} newAfter=${newAfter} />
            <${Message} key=${message.ts} message=${message} replies=${repliesTo(message, all)} isFollowUp=${follows(message, messages[index - 1], me.timezone)} inThread=${inThread} />`,
          )}
        </div>
      </div>
      ${hasMore && html`<button type="button" class="button jump" onClick=${toEnd}><${Icon} name="chevron" size="14" />New messages</button>`}
    </div>`
}

/** Keys of a field or a menu inside a message are its own. */
const walk = (event: KeyboardEvent) => {
  const from = event.target as HTMLElement
  if (from.matches('.message, .messages')) moveFocus(event, '.message')
}

const repliesTo = (message: MessageView, all: MessageView[]) =>
  all.filter(({ ts, threadTs }) => threadTs === message.ts && ts !== message.ts)

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
      <span>${isNewDay ? dayName(Number(message.ts), zone, sandboxSeconds()) : ''}${isFirstNew ? html`<em>New</em>` : ''}</span>
    </div>`
}
