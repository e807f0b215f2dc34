import type { ConversationView, MessageView, WorkspaceEvent, WorkspaceView } from '../slack/client-api.ts'

/** The main area of the page. */
export type Place = { kind: 'welcome' } | { kind: 'channel'; channel: string } | { kind: 'home' }

/** The side pane. */
export type Side =
  | { kind: 'thread'; channel: string; ts: string }
  | { kind: 'about'; channel: string }
  | { kind: 'document'; url: string; title: string }
  | { kind: 'control-panel' }

export type Notice = { id: number; text: string; tone: 'plain' | 'bad' }

export type State = {
  workspace: WorkspaceView | undefined
  /** By channel, oldest first; only channels opened so far. */
  messages: Record<string, MessageView[]>
  place: Place
  side: Side | undefined
  /** The message to scroll into view, once. */
  goTo: string | undefined
  /** The open channel's read marker: messages after this `ts` are new. */
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

/** Applies a workspace event to the state. */
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

/** Counts a message by somebody else in a channel that is not open. */
function countUnread(state: State, message: MessageView): State {
  const { workspace, place } = state
  const isLookedAt = place.kind === 'channel' && place.channel === message.channel
  if (!workspace || isLookedAt || message.subtype || message.user === workspace.me.id) return state
  return withConversation(state, message.channel, ({ unread }) => ({ unread: unread + 1 }))
}

/** The state with one conversation changed. */
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

/** A channel's messages without thread replies. */
export const mainMessages = (messages: MessageView[]) =>
  messages.filter(({ ts, threadTs, subtype }) => !threadTs || threadTs === ts || subtype === 'thread_broadcast')

/** A thread: its root message and the replies. */
export const threadMessages = (messages: MessageView[], root: string) =>
  messages.filter(({ ts, threadTs }) => ts === root || threadTs === root)
