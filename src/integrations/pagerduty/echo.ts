import type { AlertActivity, Signal } from '../../incident/alert.ts'
import type { Memory } from '../../platform/memory.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'

/** PagerDuty delivers webhooks within seconds; later than this, the same change by the same user was made by hand. */
const ECHO_MS = 10 * 60_000

export type EchoOptions = {
  pagerduty: PagerDuty | undefined
  /** The e-mail address of the user that Muster acts as. */
  from: string | undefined
  /** Shared between replicas: the webhook may reach another one than made the change. */
  memory: Memory
  /** Epoch ms, the clock that `memory` stamps with. */
  now: () => number
}

/**
 * Every change Muster makes at PagerDuty is echoed as a webhook. Muster's user may also be a person who works there by
 * hand, so a webhook counts as an echo only when Muster announced that very change a moment before.
 */
export const createEcho = ({ pagerduty, from, memory, now }: EchoOptions) => {
  let own: Promise<string | undefined> | undefined
  const keyOf = (incident: string, activity: AlertActivity) => `pagerduty:did:${incident}:${activity}`

  const ownUser = (): Promise<string | undefined> => {
    own ??= (from && pagerduty ? pagerduty.userByEmail(from) : Promise.resolve(undefined)).then(
      (user) => user?.id,
      (error: unknown) => {
        own = undefined
        throw error
      },
    )
    return own
  }

  return {
    /** PagerDuty's id of Muster's user, requested once. Undefined when no user has the address. */
    ownUser,

    /** Announces changes that Muster is about to make to an incident at PagerDuty. */
    async expectEcho(incident: string, ...activities: AlertActivity[]): Promise<void> {
      const user = await ownUser()
      if (!user) return
      for (const activity of activities) await memory.remember(keyOf(incident, activity), user)
    },

    /** Whether this signal reports a change that Muster itself made. */
    async isEcho(signal: Signal): Promise<boolean> {
      if (signal.kind !== 'activity' || signal.byId === undefined) return false
      const incident = pagerdutyIncidentOf(signal.alertKey)
      const announced = incident && (await memory.recall(keyOf(incident, signal.activity)))
      return announced ? announced.value === signal.byId && now() - announced.writtenAt < ECHO_MS : false
    },
  }
}
export type Echo = ReturnType<typeof createEcho>
