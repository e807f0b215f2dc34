import { flag, list, optional } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { channelJson } from '../payloads.ts'
import { refuse } from '../refusal.ts'
import type { Channel } from '../state.ts'
import { channelArgument, isMember, openChannelArgument } from './lookup.ts'

/** Members, topic and purpose of a channel. */
export const membershipMethods: Methods = {
  'conversations.invite': (args, core) => {
    const { workspace } = core
    const channel = openChannelArgument(args, core)
    const users = list(args, 'users')
    if (users.length === 0) return refuse('no_user')
    if (users.length > 100) return refuse('too_many_users')
    const errors = users.flatMap((user) => {
      const error = inviteError(core, channel, user)
      return error ? [{ user, ok: false, error }] : []
    })
    if (errors.length > 0 && !(flag(args, 'force') && errors.length < users.length))
      return refuse(errors[0]!.error, { errors })
    const invited = users.filter((user) => !errors.some((error) => error.user === user))
    for (const user of new Set(invited)) workspace.join(channel, user, workspace.app.botUser)
    return { channel: channelJson(workspace, channel), ...(errors.length > 0 && { errors }) }
  },

  'conversations.join': (args, core) => {
    const { workspace } = core
    const channel = channelArgument(args, core)
    if (channel.kind !== 'channel') return refuse('method_not_supported_for_channel_type')
    if (channel.archived) return refuse('is_archived')
    if (isMember(core, channel)) return { channel: channelJson(workspace, channel), warning: 'already_in_channel' }
    workspace.join(channel, workspace.app.botUser)
    return { channel: channelJson(workspace, channel) }
  },

  'conversations.kick': (args, core) => {
    const channel = openChannelArgument(args, core)
    const user = optional(args, 'user') ?? refuse('user_not_found')
    if (user === core.workspace.app.botUser) return refuse('cant_kick_self')
    if (channel.general) return refuse('cant_kick_from_general')
    if (!channel.members.includes(user)) return refuse('not_in_channel')
    core.workspace.leave(channel, user)
    return {}
  },

  'conversations.setTopic': (args, core) => {
    const channel = openChannelArgument(args, core)
    const topic = describe(core, channel, 'topic', optional(args, 'topic') ?? '')
    return { topic, channel: channelJson(core.workspace, channel) }
  },

  'conversations.setPurpose': (args, core) => {
    const channel = openChannelArgument(args, core)
    const purpose = describe(core, channel, 'purpose', optional(args, 'purpose') ?? '')
    return { purpose, channel: channelJson(core.workspace, channel) }
  },
}

const inviteError = ({ workspace }: Core, channel: Channel, user: string): string | undefined => {
  if (user === workspace.app.botUser) return 'cant_invite_self'
  const person = workspace.people.get(user)
  if (!person || person.deactivated) return 'user_not_found'
  return channel.members.includes(user) ? 'already_in_channel' : undefined
}

const describe = ({ workspace }: Core, channel: Channel, what: 'topic' | 'purpose', value: string): string => {
  if (value.length > 250) return refuse('too_long')
  if (channel[what].value === value) return value
  const by = workspace.app.botUser
  channel[what] = { value, creator: by, lastSet: workspace.seconds() }
  workspace.writeSystemMessage(channel, by, `channel_${what}`, `set the channel ${what}: ${value}`, { [what]: value })
  workspace.emit({ type: 'channel_changed', channel })
  return value
}
