import { type Arguments, flag, list, optional, page, required } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { channelJson } from '../payloads.ts'
import { refuse } from '../refusal.ts'
import type { Channel } from '../state.ts'
import { channelArgument, isMember, openChannelArgument } from './lookup.ts'

/** Creating, renaming and listing channels. */
export const conversationMethods: Methods = {
  'conversations.create': (args, core) => {
    const { workspace } = core
    const name = channelName(args, core)
    const bot = workspace.app.botUser
    const channel = workspace.addChannel(name, flag(args, 'is_private') ? 'private' : 'channel', bot, [])
    workspace.join(channel, bot)
    return { channel: channelJson(workspace, channel) }
  },

  'conversations.rename': (args, core) => {
    const { workspace } = core
    const channel = openChannelArgument(args, core)
    const name = channelName(args, core, channel)
    if (name === channel.name) return { channel: channelJson(workspace, channel) }
    channel.previousNames.unshift(channel.name)
    channel.name = name
    const line = { old_name: channel.previousNames[0], name }
    workspace.writeSystemMessage(
      channel,
      workspace.app.botUser,
      'channel_name',
      `has renamed the channel to "${name}"`,
      line,
    )
    workspace.emit({ type: 'channel_rename', channel, by: workspace.app.botUser })
    return { channel: channelJson(workspace, channel) }
  },

  'conversations.archive': (args, core) => {
    const { workspace } = core
    const channel = channelArgument(args, core)
    if (channel.general) return refuse('cant_archive_general')
    if (channel.archived) return refuse('already_archived')
    if (!isMember(core, channel)) return refuse('not_in_channel')
    channel.archived = true
    workspace.writeSystemMessage(channel, workspace.app.botUser, 'channel_archive', 'archived the channel')
    workspace.emit({ type: 'channel_archive', channel, by: workspace.app.botUser })
    return {}
  },

  'conversations.unarchive': (args, core) => {
    const { workspace } = core
    const channel = channelArgument(args, core)
    if (!channel.archived) return refuse('not_archived')
    channel.archived = false
    workspace.emit({ type: 'channel_unarchive', channel, by: workspace.app.botUser })
    return {}
  },

  'conversations.info': (args, core) => ({ channel: channelJson(core.workspace, channelArgument(args, core)) }),

  'conversations.list': (args, core) =>
    listed(args, core, (channel) => channel.kind === 'channel' || isMember(core, channel)),

  /** The conversations of a user; of the bot by default. */
  'users.conversations': (args, core) => {
    const user = optional(args, 'user') ?? core.workspace.app.botUser
    if (!core.workspace.people.has(user)) return refuse('user_not_found')
    const visible = (channel: Channel): boolean => channel.kind === 'channel' || isMember(core, channel)
    return listed(args, core, (channel) => channel.members.includes(user) && visible(channel))
  },

  'conversations.members': (args, core) => {
    const { items, next } = page(channelArgument(args, core).members, args, 100, 1000)
    return { members: items, response_metadata: { next_cursor: next } }
  },

  'conversations.open': (args, core) => {
    const { workspace } = core
    const given = optional(args, 'channel')
    const users = list(args, 'users')
    if (given) return { channel: channelJson(workspace, channelArgument(args, core)) }
    // Group direct messages are not supported.
    if (users.length !== 1) return refuse(users.length === 0 ? 'users_list_not_supplied' : 'not_enough_users')
    const person = workspace.people.get(users[0]!)
    if (!person) return refuse('user_not_found')
    if (person.deactivated) return refuse('user_disabled')
    const channel = workspace.directWith(person.id)
    return { channel: flag(args, 'return_im') ? channelJson(workspace, channel) : { id: channel.id } }
  },
}

/** One page of the conversations of the requested types that meet a condition. */
const listed = (args: Arguments, core: Core, meets: (channel: Channel) => boolean) => {
  const kinds = (optional(args, 'types') ?? 'public_channel').split(',')
  const found = [...core.workspace.channels.values()].filter(
    (channel) =>
      kinds.includes(kindNames[channel.kind]) &&
      meets(channel) &&
      !(channel.archived && flag(args, 'exclude_archived')),
  )
  const { items, next } = page(found, args, 100, 1000)
  const channels = items.map((channel) => channelJson(core.workspace, channel))
  return { channels, response_metadata: { next_cursor: next } }
}

const kindNames = { channel: 'public_channel', private: 'private_channel', dm: 'im' }

/** Validates a channel name. Slack: invalid names are rejected, and an archived channel keeps its name. */
const channelName = (args: Arguments, { workspace }: Core, own?: Channel): string => {
  const name = optional(args, 'name') ?? refuse('invalid_name_required')
  if (name.length > 80) return refuse('invalid_name_maxlength')
  if (/^[-_]+$/.test(name)) return refuse('invalid_name_punctuation')
  if (!/^[a-z0-9_-]+$/.test(name)) return refuse('invalid_name_specials')
  const holder = workspace.findChannel(name)
  if (holder && holder !== own) return refuse('name_taken')
  return required(args, 'name')
}
