import type { Effect } from '../incident/effect.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Store } from '../store/store.ts'

/** How long a refusal is assumed to last before the step is attempted again, ms. */
const REMEMBER_FOR_MS = 6 * 3_600_000

export type RefusedStepsOptions = {
  store: Pick<Store, 'recall' | 'remember' | 'forget'>
  /** The clock that the store stamps with, epoch ms. */
  now: () => number
}

/**
 * Auxiliary steps that the workspace refuses for every incident: not attempted again for some hours, unless somebody
 * retries one by hand.
 */
export const createRefusedSteps = ({ store, now }: RefusedStepsOptions) => {
  const keyOf = ({ type }: Effect) => `refused:${type}`
  return {
    /** Why the step is not worth an attempt; undefined when it is. */
    reasonFor: async (effect: Effect, cause: IncidentEvent): Promise<string | undefined> => {
      if (cause.type === 'retried') {
        await store.forget(keyOf(effect))
        return undefined
      }
      const known = await store.recall(keyOf(effect))
      return known && now() - known.writtenAt < REMEMBER_FOR_MS ? known.value : undefined
    },
    /** Does not update the time of an earlier refusal, or a busy workspace would never be tried again. */
    remember: async (effect: Effect, reason: string): Promise<void> => {
      const known = await store.recall(keyOf(effect))
      if (!known || known.value !== reason || now() - known.writtenAt >= REMEMBER_FOR_MS)
        await store.remember(keyOf(effect), reason)
    },
  }
}

export type RefusedSteps = ReturnType<typeof createRefusedSteps>
