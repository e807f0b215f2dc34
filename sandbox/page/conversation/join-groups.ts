import type { MessageView } from '../../slack/client-api.ts'

const COMINGS = { channel_join: 'joined the channel', channel_leave: 'left the channel' } as const

/** Whether this is a join or leave message. */
const coming = ({ subtype }: MessageView) =>
  subtype === 'channel_join' || subtype === 'channel_leave' ? subtype : undefined

/** A message, or consecutive joins (or leaves) collapsed into one line. */
export type Entry =
  | { kind: 'message'; message: MessageView }
  | { kind: 'people'; first: MessageView; users: string[]; words: string }

export function withJoinsTogether(messages: MessageView[]): Entry[] {
  const entries: Entry[] = []
  for (const message of messages) {
    const subtype = coming(message)
    const last = entries.at(-1)
    if (!subtype) entries.push({ kind: 'message', message })
    else if (last?.kind === 'people' && last.words === COMINGS[subtype]) last.users.push(message.user)
    else entries.push({ kind: 'people', first: message, users: [message.user], words: COMINGS[subtype] })
  }
  return entries
}
