import type {
  ConversationView,
  FileView,
  MessageView,
  ModalView,
  PersonView,
  WorkspaceEvent,
  WorkspaceView,
} from './client-api.ts'
import type { Core } from './core.ts'
import { isReady, mimetypeOf } from './files.ts'
import type { Person } from './people.ts'
import type { Channel, Message, StoredFile, WorkspaceChange } from './state.ts'

/** The workspace as seen by one person. */
export const workspaceView = (core: Core, me: Person): WorkspaceView => {
  const { workspace, manifest } = core
  const home = workspace.homes.get(me.id)
  return {
    team: { id: workspace.team.id, name: workspace.team.name },
    ...(core.pageTimezone && { timezone: core.pageTimezone }),
    me: personView(me),
    people: [...workspace.people.values()].filter(({ deactivated }) => !deactivated).map(personView),
    groups: workspace.groups.map(({ id, handle, name }) => ({ id, handle, name })),
    conversations: [...workspace.channels.values()]
      .filter((channel) => canSee(channel, me.id))
      .map((channel) => conversationView(core, channel, me.id)),
    modals: modalViews(core, me.id),
    ...(home && { home: { blocks: home.definition.blocks } }),
    commands: manifest.features.slash_commands.map(({ command, description, usage_hint = '' }) => ({
      command,
      description,
      usageHint: usage_hint,
    })),
    shortcuts: manifest.features.shortcuts.map(({ name, type, callback_id, description }) => ({
      name,
      type,
      callbackId: callback_id,
      description,
    })),
  }
}

/** A channel's messages for one person: oldest first, with thread replies and their own ephemeral messages. */
export const messageViews = (core: Core, channel: Channel, me: string): MessageView[] =>
  channel.messages
    .filter(({ onlyFor }) => onlyFor === undefined || onlyFor === me)
    .map((message) => messageView(core, message))

/** The event for one person's page; undefined when they cannot see the change. */
export const workspaceEvent = (core: Core, change: WorkspaceChange, me: string): WorkspaceEvent | undefined => {
  const { workspace } = core
  switch (change.type) {
    case 'message':
    case 'message_changed':
    case 'message_deleted':
    case 'reaction': {
      const { message } = change
      const hidden = message.onlyFor !== undefined && message.onlyFor !== me
      if (hidden || !canSee(workspace.channels.get(message.channel)!, me)) return undefined
      if (change.type === 'message_deleted')
        return { type: 'message_deleted', channel: message.channel, ts: message.ts }
      const type = change.type === 'message' ? 'message' : 'message_changed'
      return { type, message: messageView(core, message) }
    }
    case 'modals':
      return change.user === me ? { type: 'modals', modals: modalViews(core, me) } : undefined
    case 'home':
      return change.user === me
        ? { type: 'home', home: { blocks: workspace.homes.get(me)?.definition.blocks ?? [] } }
        : undefined
    default:
      return canSee(change.channel, me)
        ? { type: 'conversation', conversation: conversationView(core, change.channel, me) }
        : undefined
  }
}

export const canSee = (channel: Channel, me: string): boolean =>
  channel.kind === 'channel' || channel.members.includes(me)

const personView = ({ id, name, realName, title, email, timezone, isBot = false }: Person): PersonView => ({
  id,
  name,
  realName,
  title,
  email,
  timezone,
  isBot,
})

const conversationView = ({ workspace }: Core, channel: Channel, me: string): ConversationView => ({
  id: channel.id,
  // A direct message is named after the other person.
  name: channel.kind === 'dm' ? otherName(workspace, channel, me) : channel.name,
  kind: channel.kind,
  archived: channel.archived,
  topic: channel.topic.value,
  purpose: channel.purpose.value,
  members: channel.members,
  pins: channel.pins.map(({ ts }) => ts),
  bookmarks: channel.bookmarks.map(({ id, title, link, emoji }) => ({ id, title, link, ...(emoji && { emoji }) })),
  unread: channel.messages.filter(
    ({ ts, user, subtype, onlyFor }) =>
      ts > (channel.lastRead[me] ?? '') && user !== me && !subtype && (onlyFor ?? me) === me,
  ).length,
})

const messageView = (core: Core, message: Message): MessageView => ({
  channel: message.channel,
  ts: message.ts,
  user: message.user,
  text: message.text,
  ...(message.threadTs && { threadTs: message.threadTs }),
  ...(message.blocks && { blocks: message.blocks }),
  files: message.files.map((id) => fileView(core, core.workspace.files.get(id)!)),
  reactions: message.reactions,
  edited: showsEdited(message),
  ephemeral: message.onlyFor !== undefined,
  ...(message.subtype && { subtype: message.subtype }),
})

const otherName = ({ people }: Core['workspace'], channel: Channel, me: string): string =>
  people.get(channel.members.find((member) => member !== me) ?? '')?.name ?? channel.name

/** Slack: an app's message with blocks is not marked as edited. */
const showsEdited = ({ edited, byApp, blocks }: Message): boolean => edited !== undefined && !(byApp && blocks)

const fileView = ({ workspace, url }: Core, file: StoredFile): FileView => ({
  id: file.id,
  name: file.name,
  title: file.title,
  altText: file.altText,
  size: file.length,
  mimetype: isReady(workspace, file) ? mimetypeOf(file.name) : '',
  url: `${url()}/sandbox/files/${file.id}`,
})

const modalViews = ({ workspace }: Core, me: string): ModalView[] =>
  (workspace.modals.get(me) ?? []).map(({ id, client, definition, errors }) => ({
    id,
    view: definition,
    errors,
    ...(client && { client }),
  }))
