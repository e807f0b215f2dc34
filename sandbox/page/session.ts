import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { UserAction, WorkspaceEvent } from '../slack/client-api.ts'
import { fetchMessages, fetchWorkspace, listen, postAction } from './api.ts'
import { errorMessage } from './error-messages.ts'
import { applyEvent, emptyState, type Notice, type Place, type Side, type State, withConversation } from './state.ts'
import { type Destination, destinationOf } from './text/links.ts'

/** How long a notice is shown. */
const NOTICE_MS = 8_000

type WithoutAs<T> = T extends unknown ? Omit<T, 'as'> : never

/** The page's state and actions, for the current person. */
export type Session = ReturnType<typeof createSession>

export function createSession(address: { read(): URLSearchParams; write(query: URLSearchParams): void }) {
  // Not `randomUUID`: it is missing on plain HTTP from another host.
  const client = crypto.getRandomValues(new Uint32Array(2)).join('-')
  let state = emptyState
  let stopListening = () => {}
  let lastNotice = 0
  /** User id of the current person; undefined until the server has picked one. */
  let viewer: string | undefined
  /** Events deferred while data is loading. */
  let pending: WorkspaceEvent[] | undefined
  const watchers = new Set<() => void>()

  const set = (change: Partial<State>) => {
    state = { ...state, ...change }
    for (const watcher of watchers) watcher()
  }

  const me = () => state.workspace?.me.id ?? ''

  const remember = () => {
    const query = new URLSearchParams({ as: me() })
    if (state.place.kind === 'channel') query.set('channel', state.place.channel)
    if (state.place.kind === 'home') query.set('channel', 'home')
    if (state.side?.kind === 'thread') query.set('thread', state.side.ts)
    address.write(query)
  }

  const notify = (text: string, tone: Notice['tone'] = 'plain') => {
    const id = ++lastNotice
    set({ notices: [...state.notices, { id, text, tone }] })
    setTimeout(() => dismiss(id), NOTICE_MS)
  }
  const dismiss = (id: number) => set({ notices: state.notices.filter((notice) => notice.id !== id) })

  async function load(as: string | undefined) {
    const workspace = await fetchWorkspace(as)
    // The person may have been switched in the meantime.
    if (as === viewer) set({ workspace })
  }

  async function loadMessages(channel: string) {
    const as = me()
    const messages = await fetchMessages(as, channel)
    if (as === viewer) set({ messages: { ...state.messages, [channel]: messages } })
  }

  /** Opens the workspace as a person and subscribes to its events. */
  async function openAs(as: string | undefined) {
    stopListening()
    viewer = as
    await load(as)
    viewer = me()
    set({ messages: {}, notices: [], readUpTo: undefined })
    stopListening = listen(me(), {
      event: (event) => (pending ? pending.push(event) : handleEvent(event)),
      lost: () => set({ isLive: false }),
      connected: () => {
        set({ isLive: true })
        // Events before the stream was open, or while it was down, have been missed.
        void refresh()
      },
    })
  }

  async function refresh() {
    const loads = [load(me()), ...Object.keys(state.messages).map(loadMessages)]
    // A channel may be gone, or the sandbox restarted: show whatever loads.
    await deferringEvents(() => Promise.allSettled(loads))
    leaveIfGone()
  }

  /** Defers events while `work` loads data, so that an older response does not overwrite them. */
  async function deferringEvents(work: () => Promise<unknown>) {
    if (pending) return work()
    pending = []
    try {
      await work()
    } finally {
      const events = pending
      pending = undefined
      for (const event of events) handleEvent(event)
    }
  }

  function handleEvent(event: WorkspaceEvent) {
    set(applyEvent(state, event))
    const isHere = state.place.kind === 'channel' && 'message' in event && event.message.channel === state.place.channel
    if (isHere && document.visibilityState === 'visible') void read(event.message.channel)
    if (event.type === 'conversation') leaveIfGone()
  }

  const leaveIfGone = () => {
    const { place, workspace } = state
    if (place.kind === 'channel' && !workspace?.conversations.some(({ id }) => id === place.channel))
      set({ place: { kind: 'welcome' }, side: undefined })
  }

  async function act(what: WithoutAs<UserAction>): Promise<boolean> {
    const result = await postAction({ ...what, as: me(), client } as UserAction)
    if (!result.ok) notify(errorMessage(result.error), 'bad')
    return result.ok
  }

  const read = (channel: string) => {
    set(withConversation(state, channel, () => ({ unread: 0 })))
    return act({ type: 'read', channel })
  }

  async function goTo(place: Place, more: { side?: Side | undefined; ts?: string } = {}) {
    const stays = place.kind === 'channel' && state.place.kind === 'channel' && place.channel === state.place.channel
    const keepsSide = state.side?.kind === 'document' || state.side?.kind === 'control-panel'
    const side = 'side' in more ? more.side : stays || keepsSide ? state.side : undefined
    set({ place, side, goTo: more.ts })
    remember()
    if (place.kind === 'home') void act({ type: 'open_home' })
    if (place.kind !== 'channel') return
    const unread = state.workspace?.conversations.find(({ id }) => id === place.channel)?.unread ?? 0
    if (!state.messages[place.channel]) await deferringEvents(() => loadMessages(place.channel))
    const messages = state.messages[place.channel] ?? []
    if (!stays) set({ readUpTo: unread > 0 ? (messages.at(-unread - 1)?.ts ?? '0') : undefined })
    if (unread > 0) void read(place.channel)
  }

  const openSide = (side: Side | undefined) => {
    set({ side })
    remember()
  }

  /** Follows a link inside the workspace; false when the browser should handle it. */
  function follow(link: string | Destination | undefined): boolean {
    const to = typeof link === 'string' ? destinationOf(link) : link
    if (!to || to.kind === 'outside') return false
    if (to.kind === 'document') openSide(to)
    else if (to.threadTs && to.threadTs !== to.ts) {
      const side: Side = { kind: 'thread', channel: to.channel, ts: to.threadTs }
      void goTo({ kind: 'channel', channel: to.channel }, { side, ts: to.ts })
    } else void goTo({ kind: 'channel', channel: to.channel }, { ts: to.ts })
    return true
  }

  async function start() {
    const query = address.read()
    const as = query.get('as')
    // An old URL may name somebody who does not exist any more.
    await (as ? openAs(as).catch(() => openAs(undefined)) : openAs(undefined))
    const channel = query.get('channel')
    const thread = query.get('thread')
    if (channel === 'home') return goTo({ kind: 'home' })
    if (!channel || !state.workspace?.conversations.some(({ id }) => id === channel)) return
    await goTo({ kind: 'channel', channel }, thread ? { side: { kind: 'thread', channel, ts: thread } } : {})
  }

  /** Switches to another person, keeping the place if they can see it. */
  async function switchTo(person: string) {
    const { place, side } = state
    await openAs(person)
    const sees = place.kind !== 'channel' || state.workspace?.conversations.some(({ id }) => id === place.channel)
    await goTo(sees ? place : { kind: 'welcome' }, { side: sees ? side : undefined })
  }

  return {
    /** Identifies this page: modals opened from it are shown only here. */
    client,
    state: () => state,
    watch(watcher: () => void) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    start,
    switchTo,
    goTo,
    openSide,
    follow,
    act,
    notify,
    dismiss,
    /** The message of `goTo` has been scrolled into view. */
    arrived: () => set({ goTo: undefined }),
  }
}

export const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('used outside a session')
  return session
}

/** The state; re-renders on every change. */
export function useSessionState(): State {
  const session = useSession()
  const [, again] = useState(0)
  useEffect(() => {
    const unwatch = session.watch(() => again((count) => count + 1))
    return () => void unwatch()
  }, [session])
  return session.state()
}

/** IANA zone in which to show times. */
export function useTimeZone(): string {
  const { timezone, me } = useWorkspace()
  return timezone ?? me.timezone
}

/** The workspace, in components rendered only once it is loaded. */
export function useWorkspace() {
  const { workspace } = useSession().state()
  if (!workspace) throw new Error('used before the workspace was known')
  return workspace
}
