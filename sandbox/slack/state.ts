import type { Block } from './client-api.ts'

/** The installed app and its bot user. */
export type App = { id: string; name: string; botId: string; botUser: string }

export type Topic = { value: string; creator: string; lastSet: number }

export type Bookmark = {
  id: string
  title: string
  link: string
  emoji: string
  /** Unix seconds. */
  created: number
  updated: number
  by: string
}

export type Channel = {
  id: string
  name: string
  kind: 'channel' | 'private' | 'dm'
  general: boolean
  archived: boolean
  /** Unix seconds. */
  created: number
  creator: string
  topic: Topic
  purpose: Topic
  previousNames: string[]
  members: string[]
  /** Oldest first, including ephemeral ones. */
  messages: Message[]
  /** Newest first. */
  pins: { ts: string; by: string; at: number }[]
  bookmarks: Bookmark[]
  canvas?: string
  /** User id -> timestamp of the last message read. */
  lastRead: Record<string, string>
}

export type Metadata = { event_type: string; event_payload: Record<string, unknown> }

export type Message = {
  channel: string
  ts: string
  user: string
  /** Written by the app, not by a person. */
  byApp: boolean
  text: string
  blocks?: Block[]
  attachments?: unknown[]
  threadTs?: string
  broadcast?: boolean
  subtype?: string
  /** Extra members of a subtype: `topic`, `inviter`, ... */
  extra?: Record<string, unknown>
  metadata?: Metadata
  /** Ids of attached files. */
  files: string[]
  reactions: { name: string; users: string[] }[]
  edited?: { user: string; ts: string }
  /** Ephemeral: visible to this user only, and not returned by any method. */
  onlyFor?: string
}

export type StoredFile = {
  id: string
  name: string
  title: string
  altText: string
  length: number
  bytes?: Buffer
  user: string
  created: number
  /** Set by `files.completeUploadExternal`: when processing ends, epoch ms of `scheduleNow`. */
  readyAt?: number
  channels: string[]
  shares: { channel: string; ts: string }[]
}

export type Canvas = { id: string; title: string; channel?: string; markdown: string; edits: number }

/** A modal or Home tab: the app's view and the members Slack adds. */
export type View = {
  id: string
  type: 'modal' | 'home'
  user: string
  /** The page a modal was opened in; undefined: every page of the user. */
  client?: string | undefined
  hash: string
  rootId: string
  previousId: string | null
  definition: ViewDefinition
  errors: Record<string, string>
}

export type ViewDefinition = {
  type: 'modal' | 'home'
  blocks: Block[]
  callback_id?: string
  external_id?: string
  private_metadata?: string
  notify_on_close?: boolean
  clear_on_close?: boolean
  [member: string]: unknown
}

/** A change in the workspace, published to the Events API and to open pages. */
export type WorkspaceChange =
  | { type: 'message'; message: Message }
  | { type: 'message_changed'; message: Message; previous: Message }
  | { type: 'message_deleted'; message: Message }
  | { type: 'reaction'; added: boolean; message: Message; user: string; name: string }
  | { type: 'member_joined' | 'member_left'; channel: Channel; user: string; inviter?: string }
  | {
      type: 'channel_created' | 'channel_archive' | 'channel_unarchive' | 'channel_rename'
      channel: Channel
      by: string
    }
  | { type: 'channel_changed'; channel: Channel }
  | { type: 'pin'; added: boolean; channel: Channel; message: Message; by: string }
  | { type: 'modals'; user: string }
  | { type: 'home'; user: string }
  | { type: 'home_opened'; user: string; channel: Channel }
