import type { Core } from './core.ts'

/** The workspace as plain data, for tests that look for duplicates and gaps. */
export const dump = ({ workspace }: Core) => ({
  channels: [...workspace.channels.values()].map(({ messages: _messages, ...channel }) => channel),
  messages: [...workspace.channels.values()].flatMap(({ messages }) => messages),
  files: [...workspace.files.values()].map(({ bytes, ...file }) => ({ ...file, received: bytes?.length ?? 0 })),
  canvases: [...workspace.canvases.values()],
  modals: [...workspace.modals.values()].flat(),
  homes: [...workspace.homes.values()],
  /** Invitations by the app, one per join. */
  invites: [...workspace.channels.values()].flatMap(({ id, messages }) =>
    messages.flatMap(({ subtype, user, extra }) =>
      subtype === 'channel_join' && extra?.inviter ? [{ channel: id, user, by: extra.inviter as string }] : [],
    ),
  ),
})
export type Dump = ReturnType<typeof dump>
