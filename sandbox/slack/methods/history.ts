import { type Arguments, flag, optional, page, required } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { messageJson } from '../payloads.ts'
import { refuse } from '../refusal.ts'
import type { Channel, Message } from '../state.ts'
import { channelArgument, isMember } from './lookup.ts'

/** Reading messages. Slack: history is newest first, replies are oldest first. */
export const historyMethods: Methods = {
  'conversations.history': (args, core) => {
    const channel = readable(args, core)
    const top = seen(channel).filter(({ threadTs, ts, broadcast }) => !threadTs || threadTs === ts || broadcast)
    const { items, next } = page(between(top, args).reverse(), args, 100, 999)
    return { ...answer(items, next, args, core), pin_count: channel.pins.length }
  },

  'conversations.replies': (args, core) => {
    const channel = readable(args, core)
    const ts = required(args, 'ts')
    const message = seen(channel).find((candidate) => candidate.ts === ts) ?? refuse('thread_not_found')
    const root = message.threadTs ?? message.ts
    const thread = seen(channel).filter((message) => message.ts === root || message.threadTs === root)
    const { items, next } = page(between(thread, args), args, 100, 999)
    return answer(items, next, args, core)
  },
}

const readable = (args: Arguments, core: Core): Channel => {
  const channel = channelArgument(args, core)
  return isMember(core, channel) ? channel : refuse('not_in_channel')
}

const seen = (channel: Channel): Message[] => channel.messages.filter(({ onlyFor }) => onlyFor === undefined)

const between = (messages: Message[], args: Arguments): Message[] => {
  const oldest = Number(optional(args, 'oldest') ?? 0)
  const latest = Number(optional(args, 'latest') ?? Number.POSITIVE_INFINITY)
  const inclusive = flag(args, 'inclusive')
  return messages.filter(({ ts }) => {
    const at = Number(ts)
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
  })
}

const answer = (items: Message[], next: string, args: Arguments, core: Core) => ({
  messages: items.map((message) =>
    messageJson(core.workspace, message, { metadata: flag(args, 'include_all_metadata') }),
  ),
  has_more: next !== '',
  ...(next && { response_metadata: { next_cursor: next } }),
})
