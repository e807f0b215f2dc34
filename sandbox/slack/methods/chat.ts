import { type Arguments, flag, optional, required } from '../arguments.ts'
import { isEmpty, readContent } from '../content.ts'
import type { Core, Methods } from '../core.ts'
import { messageJson } from '../payloads.ts'
import { refuse } from '../refusal.ts'
import type { Channel } from '../state.ts'
import { channelArgument, isMember, messageArgument } from './lookup.ts'

/** Slack: longer text is truncated, with a warning. */
const longestText = 40_000

/** Posting, updating and deleting messages. */
export const chatMethods: Methods = {
  'chat.postMessage': (args, core) => {
    const { workspace } = core
    const channel = writable(args, core)
    const content = readContent(args, core)
    if (isEmpty(content)) return refuse('no_text')
    if ((args.username || args.icon_emoji || args.icon_url) && !core.scopes.includes('chat:write.customize'))
      return refuse('missing_scope', { needed: 'chat:write.customize', provided: core.scopes.join(',') })
    const truncated = content.text.length > longestText
    const message = workspace.write({
      ...content,
      ...(truncated && { text: content.text.slice(0, longestText) }),
      channel: channel.id,
      user: workspace.app.botUser,
      byApp: true,
      ...thread(args, channel),
    })
    const warning = truncated && {
      warning: 'message_truncated',
      response_metadata: { warnings: ['message_truncated'] },
    }
    return {
      channel: channel.id,
      ts: message.ts,
      message: messageJson(workspace, message, { metadata: true }),
      ...warning,
    }
  },

  'chat.update': (args, core) => {
    const { workspace } = core
    const channel = channelArgument(args, core)
    if (channel.archived) return refuse('is_archived')
    const message = messageArgument(channel, required(args, 'ts'))
    if (!message.byApp || message.subtype) return refuse('cant_update_message')
    const content = readContent(args, core, 4000)
    if (isEmpty(content)) return refuse('no_text')
    workspace.rewrite(message, {
      text: content.text,
      // Slack: `text` alone removes the blocks; an update without metadata keeps the message's.
      blocks: content.blocks ?? (optional(args, 'text') === undefined ? message.blocks : undefined),
      ...(content.attachments && { attachments: content.attachments }),
      ...(content.metadata && { metadata: content.metadata }),
      edited: { user: workspace.app.botUser, ts: workspace.newTs() },
    })
    return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(workspace, message) }
  },

  'chat.delete': (args, core) => {
    const channel = channelArgument(args, core)
    const message = messageArgument(channel, required(args, 'ts'))
    if (!message.byApp || message.subtype) return refuse('cant_delete_message')
    core.workspace.remove(message)
    return { channel: channel.id, ts: message.ts }
  },

  'chat.postEphemeral': (args, core) => {
    const { workspace } = core
    const channel = writable(args, core)
    const user = required(args, 'user')
    if (!channel.members.includes(user)) return refuse('user_not_in_channel')
    const content = readContent(args, core, 3000)
    if (isEmpty(content)) return refuse('no_text')
    const message = workspace.write({
      ...content,
      channel: channel.id,
      user: workspace.app.botUser,
      byApp: true,
      onlyFor: user,
      ...thread(args, channel),
    })
    return { message_ts: message.ts }
  },

  'chat.getPermalink': (args, core) => {
    const channel = channelArgument(args, core)
    const message = messageArgument(channel, required(args, 'message_ts'))
    return { channel: channel.id, permalink: permalink(core, channel, message.ts, message.threadTs) }
  },
}

/** Permalink of a message. */
const permalink = ({ workspace }: Core, channel: Channel, ts: string, threadTs?: string): string => {
  const address = `https://${workspace.team.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`
  return threadTs && threadTs !== ts ? `${address}?thread_ts=${threadTs}&cid=${channel.id}` : address
}

/** A conversation the bot may post to: by id or name, or by a user's id for a direct message. */
const writable = (args: Arguments, core: Core): Channel => {
  const { workspace, scopes } = core
  const target = required(args, 'channel')
  const person = workspace.people.get(target)
  if (person && !person.isBot) return workspace.directWith(person.id)
  const channel = workspace.findChannel(target)
  if (!channel || (channel.kind !== 'channel' && !isMember(core, channel))) return refuse('channel_not_found')
  if (channel.archived) return refuse('is_archived')
  if (!isMember(core, channel) && !scopes.includes('chat:write.public')) return refuse('not_in_channel')
  return channel
}

const thread = (args: Arguments, channel: Channel): { threadTs?: string; broadcast?: boolean } => {
  const ts = optional(args, 'thread_ts')
  if (ts === undefined) return {}
  const root = channel.messages.find((message) => message.ts === ts && !message.onlyFor)
  if (!root || root.subtype) return refuse('cannot_reply_to_message')
  return { threadTs: root.threadTs ?? root.ts, ...(flag(args, 'reply_broadcast') && { broadcast: true }) }
}
