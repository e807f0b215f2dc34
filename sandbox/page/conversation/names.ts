import type { ConversationView, WorkspaceView } from '../../slack/client-api.ts'

/** The other person in a direct message. */
export const otherPerson = ({ people, me }: WorkspaceView, { members }: ConversationView) =>
  people.find(({ id }) => members.includes(id) && id !== me.id)

/** A conversation's display name: `#incidents`, or the other person's name. */
export function conversationName(workspace: WorkspaceView, channel: string, sign = '#'): string {
  const conversation = workspace.conversations.find(({ id }) => id === channel)
  if (!conversation) return channel
  if (conversation.kind !== 'dm') return sign + conversation.name
  return otherPerson(workspace, conversation)?.realName || conversation.name
}

/** Whether this is an incident channel, by Muster's naming scheme `inc-<number>-...`. */
export const isIncident = ({ name, kind }: ConversationView) => kind !== 'dm' && /^inc-\d/.test(name)
