import { fileJson } from './files.ts'
import type { Channel, Message } from './state.ts'
import type { Workspace } from './workspace.ts'

/** A channel object as the Web API returns it. */
export const channelJson = (workspace: Workspace, channel: Channel) => {
  const dm = channel.kind === 'dm'
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_im: dm,
    is_mpim: false,
    ...(dm && { user: channel.members.find((member) => member !== workspace.app.botUser) }),
    is_private: channel.kind !== 'channel',
    created: channel.created,
    creator: channel.creator,
    is_archived: channel.archived,
    properties: channel.canvas ? { canvas: { file_id: channel.canvas, is_empty: false } } : {},
    is_general: channel.general,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    unlinked: 0,
    context_team_id: workspace.team.id,
    shared_team_ids: [workspace.team.id],
    updated: channel.created * 1000,
    is_member: channel.members.includes(workspace.app.botUser),
    topic: { value: channel.topic.value, creator: channel.topic.creator, last_set: channel.topic.lastSet },
    purpose: { value: channel.purpose.value, creator: channel.purpose.creator, last_set: channel.purpose.lastSet },
    previous_names: channel.previousNames,
    num_members: channel.members.length,
  }
}

/** A message object as the Web API returns it; metadata only on request. */
export const messageJson = (workspace: Workspace, message: Message, { metadata = false } = {}) => {
  const channel = workspace.channels.get(message.channel)!
  const { app, team } = workspace
  const replies = channel.messages.filter(
    ({ threadTs, ts, onlyFor }) => threadTs === message.ts && ts !== threadTs && !onlyFor,
  )
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...(message.subtype && { subtype: message.subtype, ...message.extra }),
    ...(message.byApp && !message.subtype && { bot_id: app.botId, app_id: app.id }),
    ...(!message.byApp && !message.subtype && { client_msg_id: clientId(message.ts) }),
    text: message.text,
    team: team.id,
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.attachments && { attachments: message.attachments }),
    ...(message.threadTs && { thread_ts: message.threadTs, parent_user_id: parentOf(channel, message)?.user }),
    ...(replies.length > 0 && {
      thread_ts: message.ts,
      reply_count: replies.length,
      latest_reply: replies.at(-1)!.ts,
      reply_users: [...new Set(replies.map(({ user }) => user))],
    }),
    ...(message.edited && { edited: message.edited }),
    ...(message.files.length > 0 && {
      files: message.files.map((id) => fileJson(workspace, workspace.files.get(id)!)),
    }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })),
    }),
    ...(metadata && message.metadata && { metadata: message.metadata }),
  }
}

const parentOf = (channel: Channel, message: Message): Message | undefined =>
  channel.messages.find(({ ts }) => ts === message.threadTs)

/** `client_msg_id`: a UUID derived from the message's timestamp. */
const clientId = (ts: string): string => `00000000-0000-4000-8000-${ts.replace('.', '').slice(-12)}`
