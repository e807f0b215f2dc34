import { required } from '../arguments.ts'
import type { Methods } from '../core.ts'
import { messageJson } from '../payloads.ts'
import { refuse } from '../refusal.ts'
import { channelArgument, messageArgument, openChannelArgument } from './lookup.ts'

const mostPins = 100

/** Pins and reactions. */
export const pinAndReactionMethods: Methods = {
  'pins.add': (args, core) => {
    const channel = openChannelArgument(args, core)
    const message = messageArgument(channel, required(args, 'timestamp'))
    if (channel.pins.some(({ ts }) => ts === message.ts)) return refuse('already_pinned')
    if (channel.pins.length >= mostPins) return refuse('too_many_pins')
    if (message.subtype) return refuse('not_pinnable')
    const by = core.workspace.app.botUser
    channel.pins.unshift({ ts: message.ts, by, at: core.workspace.seconds() })
    core.workspace.emit({ type: 'pin', added: true, channel, message, by })
    return {}
  },

  'pins.remove': (args, core) => {
    const channel = openChannelArgument(args, core)
    const message = messageArgument(channel, required(args, 'timestamp'))
    if (!channel.pins.some(({ ts }) => ts === message.ts)) return refuse('no_pin')
    channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts)
    core.workspace.emit({ type: 'pin', added: false, channel, message, by: core.workspace.app.botUser })
    return {}
  },

  'pins.list': (args, core) => {
    const channel = channelArgument(args, core)
    return {
      items: channel.pins.map(({ ts, by, at }) => ({
        type: 'message',
        channel: channel.id,
        created: at,
        created_by: by,
        message: messageJson(core.workspace, messageArgument(channel, ts)),
      })),
    }
  },

  'reactions.add': (args, core) => {
    const message = messageArgument(openChannelArgument(args, core), required(args, 'timestamp'))
    const user = core.workspace.app.botUser
    const reaction = message.reactions.find(({ name }) => name === required(args, 'name'))
    if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(required(args, 'name'))) return refuse('invalid_name')
    if (reaction?.users.includes(user)) return refuse('already_reacted')
    if (reaction) reaction.users.push(user)
    else message.reactions.push({ name: required(args, 'name'), users: [user] })
    core.workspace.emit({ type: 'reaction', added: true, message, user, name: required(args, 'name') })
    return {}
  },

  'reactions.remove': (args, core) => {
    const message = messageArgument(openChannelArgument(args, core), required(args, 'timestamp'))
    const user = core.workspace.app.botUser
    const reaction = message.reactions.find(({ name }) => name === required(args, 'name'))
    if (!reaction?.users.includes(user)) return refuse('no_reaction')
    reaction.users = reaction.users.filter((other) => other !== user)
    message.reactions = message.reactions.filter(({ users }) => users.length > 0)
    core.workspace.emit({ type: 'reaction', added: false, message, user, name: reaction.name })
    return {}
  },
}
