import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../slack/client-api.ts'
import { html, type Shown } from '../html.ts'
import { Icon } from '../icons.ts'
import { moveFocus } from '../keyboard.ts'
import { useSession, useSessionState, useWorkspace } from '../session.ts'
import { MessageRows } from './message-rows.ts'

type Props = {
  label: string
  messages: MessageView[]
  /** With replies, for the thread line under a message. */
  all: MessageView[]
  newAfter?: string | undefined
  intro?: Shown
  inThread?: boolean
}

/**
 * Messages, newest at the bottom. Sticks to the bottom as new ones arrive, unless the reader has scrolled up. Arrow keys
 * move between messages.
 */
export function MessageList({ label, messages, all, newAfter, intro, inThread }: Props) {
  const { goTo } = useSessionState()
  const session = useSession()
  const { me } = useWorkspace()
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const lastTop = useRef(0)
  const [hasMore, setMore] = useState(false)
  const last = messages.at(-1)

  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight })
  const scrolled = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = list.current ?? {}
    // Growing content also moves the end away; only scrolling up means that somebody is reading.
    if (scrollHeight - scrollTop - clientHeight < 40) atEnd.current = true
    else if (scrollTop < lastTop.current) atEnd.current = false
    lastTop.current = scrollTop
    if (atEnd.current) setMore(false)
  }

  useLayoutEffect(() => {
    if (atEnd.current || last?.user === me.id) toEnd()
    else setMore(true)
  }, [last?.ts])

  useLayoutEffect(() => {
    const box = list.current
    if (!box) return
    // Images and charts change size after rendering.
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
          <${MessageRows} messages=${messages} all=${all} newAfter=${newAfter} inThread=${inThread} />
        </div>
      </div>
      ${hasMore && html`<button type="button" class="button jump" onClick=${toEnd}><${Icon} name="chevron" size="14" />New messages</button>`}
    </div>`
}

/** Leaves keys alone that belong to a field or menu inside a message. */
const walk = (event: KeyboardEvent) => {
  const from = event.target as HTMLElement
  if (from.matches('.message, .messages')) moveFocus(event, '.message')
}
