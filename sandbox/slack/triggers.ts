import { refuse } from './refusal.ts'

/** A `trigger_id`: lets the app open one modal for the person who just acted, for a few seconds. */
type Trigger = { user: string; client: string | undefined; at: number; used: boolean; inModal: boolean }

export type Triggers = ReturnType<typeof createTriggers>

/** Slack: `lifetimeMs` is 3000. */
export const createTriggers = ({ now, lifetimeMs }: { now: () => number; lifetimeMs: number }) => {
  const triggers = new Map<string, Trigger>()

  /** `client` is the page the person acted in: modals open there. */
  const issue = ({ as: user, client }: { as: string; client?: string | undefined }, inModal = false): string => {
    const number = triggers.size + 1
    const id = `73${String(number).padStart(11, '0')}.4500000000001.${number.toString(16).padStart(32, '0')}`
    triggers.set(id, { user, client, at: now(), used: false, inModal })
    return id
  }

  /** Consumes a trigger. @throws SlackRefusal when it is unknown, used or expired. */
  const exchange = (id: string): Trigger => {
    const trigger = triggers.get(id)
    if (!trigger) return refuse('invalid_trigger_id')
    if (trigger.used) return refuse('exchanged_trigger_id')
    if (now() - trigger.at > lifetimeMs) return refuse('expired_trigger_id')
    trigger.used = true
    return trigger
  }

  return { issue, exchange }
}
