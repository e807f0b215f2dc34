import type { AlertActivity, Signal } from '../../incident/alert.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'

/** What outlives the process: the webhook may reach another replica than the one that caused it. */
export type Memory = {
  recall(key: string): Promise<{ value: string; writtenAt: number } | undefined>
  remember(key: string, value: string): Promise<void>
}

/** PagerDuty delivers within seconds; after this long the same user doing the same is a person at PagerDuty's own page. */
const ECHO_MS = 10 * 60_000

export type EchoOptions = {
  pagerduty: PagerDuty | undefined
  /** The e-mail address of the user in whose name Muster acts. */
  from: string | undefined
  memory: Memory
  /** Epoch ms, the clock that `memory` stamps with. */
  now: () => number
}

/**
 * Whatever Muster does at PagerDuty comes back as a webhook that tells nothing new. Muster's user may be a person, too, who
 * does things by hand: only what Muster said it would do, done by that user, a moment ago, is its own voice.
 */
export const createEcho = ({ pagerduty, from, memory, now }: EchoOptions) => {
  let own: Promise<string | undefined> | undefined
  const keyOf = (incident: string, activity: AlertActivity) => `pagerduty:did:${incident}:${activity}`

  return {
    /** PagerDuty's id of our user; asked once. Undefined when nobody there has the address. */
    ownUser: (): Promise<string | undefined> => {
      own ??= (from && pagerduty ? pagerduty.userByEmail(from) : Promise.resolve(undefined)).then(
        (user) => user?.id,
        (error: unknown) => {
          own = undefined
          throw error
        },
      )
      return own
    },

    /** Says what Muster is about to do to an incident at PagerDuty. */
    async will(incident: string, ...activities: AlertActivity[]): Promise<void> {
      const user = await this.ownUser()
      if (!user) return
      for (const activity of activities) await memory.remember(keyOf(incident, activity), user)
    },

    /** Does this signal tell what Muster itself did? */
    async isOwn(signal: Signal): Promise<boolean> {
      if (signal.kind !== 'activity' || signal.byId === undefined) return false
      const incident = pagerdutyIncidentOf(signal.alertKey)
      const did = incident && (await memory.recall(keyOf(incident, signal.activity)))
      return did ? did.value === signal.byId && now() - did.writtenAt < ECHO_MS : false
    },
  }
}
export type Echo = ReturnType<typeof createEcho>
