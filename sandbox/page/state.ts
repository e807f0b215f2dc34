import type { ConversationView, MessageView, WorkspaceEvent, WorkspaceView } from '../slack/client-api.ts'

/** What the middle of the page shows. */
export type Place = { kind: 'welcome' } | { kind: 'channel'; channel: string } | { kind: 'home' }

/** What stands beside it. */
export type Side =
  | { kind: 'thread'; channel: string; ts: string }
  | { kind: 'about'; channel: string }
  | { kind: 'document'; url: string; title: string }
  | { kind: 'control-panel' }

export type Notice = { id: number; text: string; tone: 'plain' | 'bad' }

export type State = {
  workspace: WorkspaceView | undefined
  /** By channel, oldest first; a channel that was never opened is missing. */
  messages: Record<string, MessageView[]>
  place: Place
  side: Side | undefined
  /** The message to bring into view, once. */
  goTo: string | undefined
  /** Where the reading of the open channel had stopped: messages after this `ts` are new. */
  readUpTo: string | undefined
  isLive: boolean
  notices: Notice[]
}

export const emptyState: State = {
  workspace: undefined,
  messages: {},
  place: { kind: 'welcome' },
  side: undefined,
  goTo: undefined,
  readUpTo: undefined,
  isLive: true,
  notices: [],
}

/** Folds one thing that happened into what is shown. */
export function applyEvent(state: State, event: WorkspaceEvent): State {
  const { workspace } = state
  if (!workspace) return state
  switch (event.type) {
    case 'message':
      return withMessage(countUnread(state, event.message), event.message)
    case 'message_changed':
      return withMessage(state, event.message)
    case 'message_deleted':
      return withMessages(state, event.channel, (messages) => messages.filter(({ ts }) => ts !== event.ts))
    case 'conversation': {
      const others = workspace.conversations.filter(({ id }) => id !== event.conversation.id)
      return { ...state, workspace: { ...workspace, conversations: [...others, event.conversation] } }
    }
    case 'modals':
      return { ...state, workspace: { ...workspace, modals: event.modals } }
    case 'home':
      return { ...state, workspace: { ...workspace, home: event.home } }
    case 'people':
      return { ...state, workspace: { ...workspace, people: event.people } }
    default:
      return event satisfies never
  }
}

const withMessage = (state: State, message: MessageView) =>
  withMessages(state, message.channel, (messages) => upsert(messages, message))

/** A message somebody else wrote, in a channel that is not being looked at. */
function countUnread(state: State, message: MessageView): State {
  const { workspace, place } = state
  const isLookedAt = place.kind === 'channel' && place.channel === message.channel
  if (!workspace || isLookedAt || message.subtype || message.user === workspace.me.id) return state
  return withConversation(state, message.channel, ({ unread }) => ({ unread: unread + 1 }))
}

/** The state with something changed about a conversation. */
export function withConversation(
  state: State,
  channel: string,
  change: (conversation: ConversationView) => Partial<ConversationView>,
): State {
  const { workspace } = state
  if (!workspace) return state
  const conversations = workspace.conversations.map((one) => (one.id === channel ? { ...one, ...change(one) } : one))
  return { ...state, workspace: { ...workspace, conversations } }
}

function withMessages(state: State, channel: string, change: (messages: MessageView[]) => MessageView[]): State {
  const messages = state.messages[channel]
  return messages ? { ...state, messages: { ...state.messages, [channel]: change(messages) } } : state
}

const upsert = (messages: MessageView[], message: MessageView) =>
  [...messages.filter(({ ts }) => ts !== message.ts), message].sort((one, other) => Number(one.ts) - Number(other.ts))

/** The messages of a channel's main view: thread replies stay in their threads. */
export const mainMessages = (messages: MessageView[]) =>
  messages.filter(({ ts, threadTs, subtype }) => !threadTs || threadTs === ts || subtype === 'thread_broadcast')

/** A thread: the message it hangs from, and the replies. */
export const threadMessages = (messages: MessageView[], root: string) =>
  messages.filter(({ ts, threadTs }) => ts === root || threadTs === root)
