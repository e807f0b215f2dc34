import type { MessagePlace } from './place.ts'

/** A message that a person wrote in an incident's channel, as it reads now. */
export type ChannelMessage = MessagePlace & {
  /** Epoch ms. */
  at: number
  /** Slack user id. */
  author: string
  /** Mentions of people are in Slack's format, `<@U1>`. */
  text: string
  /** The `ts` of the message it replies to. */
  thread?: string | undefined
  /** When its author last changed it, epoch ms. */
  editedAt?: number | undefined
}

/** Of which incidents the messages of their channels are kept. */
export type KeepMessages = 'public' | 'all' | 'none'

/** Are the messages of this incident's channel kept? */
export const keepsMessages = (keep: KeepMessages, incident: { private: boolean }): boolean =>
  keep === 'all' || (keep === 'public' && !incident.private)
