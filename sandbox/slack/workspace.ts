import { idSource, timestampSource } from './ids.ts'
import type { Person, StartingChannel, UserGroup } from './people.ts'
import type { App, Canvas, Channel, Message, StoredFile, View, WorkspaceChange } from './state.ts'

export type WorkspaceOptions = {
  team: { id: string; name: string; domain: string }
  appName: string
  people: Person[]
  groups: UserGroup[]
  channels: StartingChannel[]
  /** Clock for timestamps, epoch ms. */
  now: () => number
  /** Clock for delays and limits, epoch ms. */
  scheduleNow: () => number
  /** Where files are served from: Slack has a host of its own. */
  filesUrl?: () => string
}

/** A message to post; other members start empty. */
export type NewMessage = Pick<Message, 'channel' | 'user' | 'text'> & Partial<Omit<Message, 'ts'>>

export type Workspace = ReturnType<typeof createWorkspace>

/**
 * The state of the workspace and the operations that change it. Permissions are checked by the callers; operations apply
 * a change and notify subscribers.
 */
export const createWorkspace = (options: WorkspaceOptions) => {
  const { team, now } = options
  const newId = idSource()
  const newTs = timestampSource(now)
  const app: App = { id: 'A0MUSTER01', name: options.appName, botId: 'B0MUSTER01', botUser: 'U0MUSTER01' }
  const people = new Map<string, Person>([...options.people, botPerson(app)].map((person) => [person.id, person]))
  const channels = new Map<string, Channel>()
  const files = new Map<string, StoredFile>()
  const canvases = new Map<string, Canvas>()
  const modals = new Map<string, View[]>()
  const homes = new Map<string, View>()
  const listeners = new Set<(change: WorkspaceChange) => void>()

  const emit = (change: WorkspaceChange): void => {
    for (const listener of listeners) listener(change)
  }

  const seconds = (): number => Math.floor(now() / 1000)

  const findChannel = (nameOrId: string): Channel | undefined =>
    channels.get(nameOrId) ?? [...channels.values()].find((channel) => channel.name === nameOrId.replace(/^#/, ''))

  const addChannel = (name: string, kind: Channel['kind'], creator: string, members: string[]): Channel => {
    const channel: Channel = {
      id: newId(kind === 'dm' ? 'D' : 'C'),
      name,
      kind,
      creator,
      members,
      general: false,
      archived: false,
      created: seconds(),
      topic: { value: '', creator: '', lastSet: 0 },
      purpose: { value: '', creator: '', lastSet: 0 },
      previousNames: [],
      messages: [],
      pins: [],
      bookmarks: [],
      lastRead: {},
    }
    channels.set(channel.id, channel)
    emit({ type: 'channel_created', channel, by: creator })
    return channel
  }

  const write = (draft: NewMessage): Message => {
    const message: Message = { byApp: false, files: [], reactions: [], ...draft, ts: newTs() }
    channels.get(message.channel)!.messages.push(message)
    emit({ type: 'message', message })
    return message
  }

  /** A system message: somebody joined, the topic changed. */
  const writeSystemMessage = (
    channel: Channel,
    user: string,
    subtype: string,
    text: string,
    extra: Message['extra'] = {},
  ) => write({ channel: channel.id, user, text, subtype, extra, byApp: user === app.botUser })

  const rewrite = (message: Message, change: Partial<Message>): void => {
    const previous = { ...message }
    Object.assign(message, change)
    emit({ type: 'message_changed', message, previous })
  }

  const remove = (message: Message): void => {
    const channel = channels.get(message.channel)!
    channel.messages = channel.messages.filter((other) => other !== message)
    channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts)
    emit({ type: 'message_deleted', message })
  }

  const join = (channel: Channel, user: string, inviter?: string): void => {
    channel.members.push(user)
    writeSystemMessage(channel, user, 'channel_join', `<@${user}> has joined the channel`, inviter ? { inviter } : {})
    emit({ type: 'member_joined', channel, user, ...(inviter && { inviter }) })
    emit({ type: 'channel_changed', channel })
  }

  const leave = (channel: Channel, user: string): void => {
    channel.members = channel.members.filter((member) => member !== user)
    writeSystemMessage(channel, user, 'channel_leave', `<@${user}> has left the channel`)
    emit({ type: 'member_left', channel, user })
    emit({ type: 'channel_changed', channel })
  }

  /** The direct message channel of the app and one person, created on first use. */
  const directWith = (user: string): Channel =>
    [...channels.values()].find((channel) => channel.kind === 'dm' && channel.members.includes(user)) ??
    addChannel(`dm-${user}`, 'dm', app.botUser, [user, app.botUser])

  const messageAt = (channel: Channel, ts: string): Message | undefined =>
    channel.messages.find((message) => message.ts === ts)

  const idOf = (handle: string): string | undefined => [...people.values()].find((person) => person.name === handle)?.id

  for (const { name, topic = '', purpose = '', members, general = false } of options.channels) {
    const present = options.people.filter((person) => !person.deactivated)
    const ids = members ? members.map((handle) => idOf(handle) ?? handle) : present.map(({ id }) => id)
    const channel = addChannel(name, 'channel', ids[0] ?? app.botUser, ids)
    channel.topic.value = topic
    channel.purpose.value = purpose
    channel.general = general
  }

  return {
    team,
    app,
    scheduleNow: options.scheduleNow,
    filesUrl: options.filesUrl ?? (() => 'https://files.slack.com'),
    seconds,
    newId,
    newTs,
    people,
    groups: options.groups,
    channels,
    files,
    canvases,
    modals,
    homes,
    emit,
    findChannel,
    addChannel,
    write,
    writeSystemMessage,
    rewrite,
    remove,
    join,
    leave,
    directWith,
    messageAt,
    /** Calls `listener` on every change, until the returned function is called. */
    subscribe: (listener: (change: WorkspaceChange) => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const botPerson = (app: App): Person => ({
  id: app.botUser,
  name: app.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  realName: app.name,
  title: '',
  email: '',
  timezone: 'UTC',
  isBot: true,
})
