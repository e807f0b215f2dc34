import type { Core } from './core.ts'

/** Everything in the workspace as plain data, for counting: what was made twice, and what is missing. */
export const dump = ({ workspace }: Core) => ({
  channels: [...workspace.channels.values()].map(({ messages: _messages, ...channel }) => channel),
  messages: [...workspace.channels.values()].flatMap(({ messages }) => messages),
  files: [...workspace.files.values()].map(({ bytes, ...file }) => ({ ...file, received: bytes?.length ?? 0 })),
  canvases: [...workspace.canvases.values()],
  modals: [...workspace.modals.values()].flat(),
  homes: [...workspace.homes.values()],
  /** Everybody the app invited, once for each time they were let in. */
  invites: [...workspace.channels.values()].flatMap(({ id, messages }) =>
    messages.flatMap(({ subtype, user, extra }) =>
      subtype === 'channel_join' && extra?.inviter ? [{ channel: id, user, by: extra.inviter as string }] : [],
    ),
  ),
})
export type Dump = ReturnType<typeof dump>
