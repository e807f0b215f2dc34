import type { ConversationView, WorkspaceView } from '../../slack/client-api.ts'

/** The other person of a direct conversation. */
export const otherPerson = ({ people, me }: WorkspaceView, { members }: ConversationView) =>
  people.find(({ id }) => members.includes(id) && id !== me.id)

/** What a conversation is called by whoever looks: `#incidents`, or the other person's name. */
export function conversationName(workspace: WorkspaceView, channel: string, sign = '#'): string {
  const conversation = workspace.conversations.find(({ id }) => id === channel)
  if (!conversation) return channel
  if (conversation.kind !== 'dm') return sign + conversation.name
  return otherPerson(workspace, conversation)?.realName || conversation.name
}

/** Muster names incident channels so; anything else a channel is called is none of its business. */
export const isIncident = ({ name, kind }: ConversationView) => kind !== 'dm' && /^inc-\d/.test(name)
