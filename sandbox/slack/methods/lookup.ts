import { type Arguments, required } from '../arguments.ts'
import type { Core } from '../core.ts'
import type { Person } from '../people.ts'
import { refuse } from '../refusal.ts'
import type { Channel, Message } from '../state.ts'

/** The conversation with the id in an argument. Slack: a private one is not found unless the bot is a member. */
export const channelArgument = (args: Arguments, core: Core, name = 'channel'): Channel => {
  const channel = core.workspace.channels.get(required(args, name))
  if (!channel || (channel.kind === 'private' && !isMember(core, channel))) return refuse('channel_not_found')
  return channel
}

/** The same, for methods that change the conversation: the bot must be in it and it must not be archived. */
export const openChannelArgument = (args: Arguments, core: Core, name = 'channel'): Channel => {
  const channel = channelArgument(args, core, name)
  if (channel.archived) return refuse('is_archived')
  if (!isMember(core, channel)) return refuse('not_in_channel')
  return channel
}

export const isMember = (core: Core, channel: Channel): boolean => channel.members.includes(core.workspace.app.botUser)

/** A message by timestamp; ephemeral ones are not found. */
export const messageArgument = (channel: Channel, ts: string, error = 'message_not_found'): Message => {
  const message = channel.messages.find((candidate) => candidate.ts === ts && !candidate.onlyFor)
  return message ?? refuse(error)
}

export const personArgument = (args: Arguments, core: Core, name = 'user'): Person =>
  core.workspace.people.get(required(args, name)) ?? refuse('user_not_found')
