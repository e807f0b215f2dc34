/**
 * The fake Slack's API for people: what one person sees and can do. Served under `/sandbox/`, and used by the browser
 * page, the story player and tests.
 *
 * - `GET  /sandbox/workspace?as=U...`                     -> WorkspaceView
 * - `GET  /sandbox/messages?as=U...&channel=C...`         -> MessageView[], oldest first, thread replies included
 * - `GET  /sandbox/events?as=U...`                        -> server-sent events, each `data:` one WorkspaceEvent
 * - `POST /sandbox/act` with a UserAction as JSON              -> UserActionResult
 * - `GET  /sandbox/files/F...`                            -> the bytes of an uploaded file
 *
 * For the inspector and for tests in another process:
 *
 * - `GET    /sandbox/requests?method=...&limit=...`       -> { counts, requests }: RequestRecord[] (requests.ts), newest first
 * - `GET    /sandbox/dump`                                -> Dump (dump.ts): everything in the workspace
 * - `GET    /sandbox/faults`                              -> the active faults
 * - `POST   /sandbox/faults` with a Fault (faults.ts) or a list of them
 * - `DELETE /sandbox/faults`                              clears all faults
 */

/** A Block Kit block, already validated against Slack's limits. */
export type Block = { type: string; block_id?: string; [member: string]: unknown }

export type PersonView = {
  id: string
  /** The handle: `dana`. */
  name: string
  realName: string
  title: string
  email: string
  /** IANA zone: `Europe/Berlin`. */
  timezone: string
  isBot: boolean
}

/** A user group: `@payments-oncall`. */
export type GroupView = { id: string; handle: string; name: string }

export type BookmarkView = { id: string; title: string; link: string; emoji?: string }

export type ConversationView = {
  id: string
  name: string
  kind: 'channel' | 'private' | 'dm'
  topic: string
  purpose: string
  archived: boolean
  members: string[]
  /** Timestamps of pinned messages, newest first. */
  pins: string[]
  bookmarks: BookmarkView[]
  /** Unread messages of the viewer. */
  unread: number
}

export type FileView = {
  id: string
  name: string
  title: string
  altText: string
  mimetype: string
  size: number
  /** URL of the content, on the sandbox's own origin. */
  url: string
}

export type MessageView = {
  channel: string
  /** Slack's message id and time: `1763700000.000100`. */
  ts: string
  threadTs?: string
  /** The author: a person or the bot. */
  user: string
  text: string
  blocks?: Block[]
  files: FileView[]
  reactions: { name: string; users: string[] }[]
  edited: boolean
  /** Visible to the viewer only. */
  ephemeral: boolean
  /** A system message: `channel_join`, `channel_topic`, ... */
  subtype?: string
}

/** An open modal of the viewer. */
export type ModalView = {
  id: string
  /** The `client` of the action that opened it: other pages do not show it. Missing: every page of the viewer does. */
  client?: string
  /** The view as the app sent it: title, submit, close, blocks, private_metadata, ... */
  view: { [member: string]: unknown; blocks: Block[] }
  /** Validation errors of the last submission: block_id -> message. */
  errors: Record<string, string>
}

export type WorkspaceView = {
  team: { id: string; name: string }
  /** IANA zone in which the page shows all times; the viewer's own when missing. */
  timezone?: string
  me: PersonView
  people: PersonView[]
  groups: GroupView[]
  conversations: ConversationView[]
  modals: ModalView[]
  /** The app's Home tab as published for the viewer. */
  home?: { blocks: Block[] }
  commands: { command: string; description: string; usageHint: string }[]
  shortcuts: { name: string; type: 'global' | 'message'; callbackId: string; description: string }[]
}

export type WorkspaceEvent =
  | { type: 'message' | 'message_changed'; message: MessageView }
  | { type: 'message_deleted'; channel: string; ts: string }
  | { type: 'conversation'; conversation: ConversationView }
  | { type: 'modals'; modals: ModalView[] }
  | { type: 'home'; home: { blocks: Block[] } }
  | { type: 'people'; people: PersonView[] }

/** Input values of a modal or message as Slack sends them: `state.values[block_id][action_id]`. */
export type InputState = Record<string, Record<string, unknown>>

/**
 * An action by a person; `as` is their user id. `client` identifies the page they act in: as in Slack, a modal opens only
 * there.
 */
export type UserAction = { client?: string | undefined } & (
  | { type: 'command'; as: string; channel: string; command: string; text: string }
  | { type: 'message'; as: string; channel: string; text: string; threadTs?: string }
  | { type: 'edit_message'; as: string; channel: string; ts: string; text: string }
  | { type: 'delete_message'; as: string; channel: string; ts: string }
  | { type: 'reaction'; as: string; channel: string; ts: string; name: string; remove?: boolean }
  /** A click or choice; `action` is the element with the chosen value. */
  | {
      type: 'block_action'
      as: string
      in: { channel: string; ts: string } | { modal: string } | { home: true }
      action: { type: string; action_id: string; block_id: string; [member: string]: unknown }
      state?: InputState
    }
  | { type: 'submit_modal'; as: string; modal: string; state: InputState }
  | { type: 'close_modal'; as: string; modal: string }
  | { type: 'shortcut'; as: string; callbackId: string; message?: { channel: string; ts: string } }
  | { type: 'open_home'; as: string }
  | { type: 'read'; as: string; channel: string }
  | { type: 'join'; as: string; channel: string }
  /** Shares a picture or another file, its content in base64. */
  | { type: 'share_file'; as: string; channel: string; name: string; base64: string; text?: string; threadTs?: string }
  | { type: 'pin'; as: string; channel: string; ts: string; remove?: boolean }
)

/** `error` is the code of the error Slack shows the person, such as `operation_timeout`. */
export type UserActionResult = { ok: true } | { ok: false; error: string }
