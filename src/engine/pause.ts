import { messageOf } from '../incident/errors.ts'
import { formatDuration } from '../incident/measure.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

/** Opening and paging are switched off. */
export type Paused = { by: string; reason: string /** epoch ms */; at: number; until: number }

const GOES_ON = ':arrow_forward: Muster goes on: alerts open incidents again, and people are paged.'

/** What may have been said before, not earlier than `since` (epoch ms). */
export type Known = { name: string; since: number }

export type PauseOptions = {
  store: Pick<Store, 'recall' | 'remember'>
  /** Says it where incidents are announced; what is known by a name only once, however often it is asked for. */
  announce(text: string, by: string, known?: Known): Promise<void>
  now: () => number
  log: Log
}

const KEY = 'muster:pause'
/** When the pause began whose end was told, epoch ms: a key of its own, so that no new pause can be overwritten. */
const TOLD = 'muster:pause:end-told'
/** Another process may pull the plug; it is looked for this often, ms. */
const LOOK_EVERY_MS = 1_000

/** The plug to pull: no new incidents from alerts, no pages. What comes in meanwhile is held together, nothing is lost. */
export const createPause = ({ store, announce, now, log }: PauseOptions) => {
  let known: { value: Paused | undefined; readAt: number } | undefined
  let looking: Promise<void> | undefined

  const look = async () => {
    const before = known
    const found = await store.recall(KEY)
    // What was written while we looked is newer than what we saw.
    if (known === before)
      known = { value: found ? ((JSON.parse(found.value) as Paused | null) ?? undefined) : undefined, readAt: now() }
  }
  const current = async (): Promise<Paused | undefined> => {
    // In a storm a thousand alerts ask at once; one look is enough for all.
    if (!known || Math.abs(now() - known.readAt) > LOOK_EVERY_MS) {
      looking ??= look().finally(() => {
        looking = undefined
      })
      await looking
    }
    return known?.value && known.value.until > now() ? known.value : undefined
  }
  const write = async (value: Paused | undefined) => {
    await store.remember(KEY, JSON.stringify(value ?? null))
    known = { value, readAt: now() }
  }
  /** Slack may be what is broken: the plug is pulled all the same. False when nobody could be told. */
  const tell = (text: string, by: string, known?: Known): Promise<boolean> =>
    announce(text, by, known).then(
      () => true,
      (error: unknown) => {
        log.error('a pause could not be announced', { by, reason: messageOf(error) })
        return false
      },
    )

  return {
    current,
    isPaused: async (): Promise<boolean> => (await current()) !== undefined,

    /** `announced` is false when Slack would not have it; it is paused all the same. */
    pause: async ({ minutes, reason, by }: { minutes: number; reason: string; by: string }) => {
      const value: Paused = { by, reason, at: now(), until: now() + minutes * 60_000 }
      await write(value)
      log.warn('opening and paging are paused', { by, minutes, reason })
      const announced = await tell(
        `:pause_button: Muster is paused for ${formatDuration(minutes * 60_000)}: alerts open no incidents and nobody is paged. What comes in is held together in triage.${reason ? ` Reason: ${reason}` : ''}`,
        by,
      )
      return { ...value, announced }
    },

    /** False when it was not paused. */
    resume: async (by: string): Promise<boolean> => {
      if (!(await current())) return false
      await write(undefined)
      log.warn('opening and paging go on', { by })
      await tell(GOES_ON, by)
      return true
    },

    /** Says that a pause has ended by itself: once, and also when Muster or Slack was away at the time. */
    tellEnd: async (): Promise<void> => {
      const found = await store.recall(KEY)
      const past = found ? (JSON.parse(found.value) as Paused | null) : null
      if (!past || past.until > now()) return
      const at = String(past.at)
      if ((await store.recall(TOLD))?.value === at) return
      log.warn('the time of a pause is over: opening and paging go on', { by: past.by })
      const text = `${GOES_ON} The pause was for ${formatDuration(past.until - past.at)}.`
      if (await tell(text, past.by, { name: `pause:${at}`, since: past.until })) await store.remember(TOLD, at)
    },
  }
}

export type Pause = ReturnType<typeof createPause>
