import { messageOf } from '../incident/errors.ts'
import { formatDuration } from '../incident/measure.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'

/** Opening and paging are switched off. */
export type Paused = { by: string; reason: string /** epoch ms */; at: number; until: number }

const RESUMED = ':arrow_forward: Muster resumes: alerts open incidents again, and people are paged.'

/** Names a notice that may have been posted before, not earlier than `since` (epoch ms). */
export type Known = { name: string; since: number }

export type PauseOptions = {
  store: Pick<Store, 'recall' | 'remember'>
  /** Posts where incidents are announced; a notice with a name is posted once, however often it is requested. */
  announce(text: string, by: string, known?: Known): Promise<void>
  now: () => number
  log: Log
}

const KEY = 'muster:pause'
/**
 * The start of the pause whose end was announced, epoch ms; stored under its own key, so that it never overwrites a
 * newer pause.
 */
const END_ANNOUNCED = 'muster:pause:end-told'
/** How often the pause is read again, since another process may have changed it, ms. */
const READ_EVERY_MS = 1_000

/**
 * Pauses automatic incidents and paging. Alerts that arrive meanwhile are held together in triage; nothing is lost.
 */
export const createPause = ({ store, announce, now, log }: PauseOptions) => {
  let known: { value: Paused | undefined; readAt: number } | undefined
  let reading: Promise<void> | undefined

  const read = async () => {
    const before = known
    const found = await store.recall(KEY)
    // What was written while we were reading is newer than what we read.
    if (known === before)
      known = { value: found ? ((JSON.parse(found.value) as Paused | null) ?? undefined) : undefined, readAt: now() }
  }
  const current = async (): Promise<Paused | undefined> => {
    // A thousand alerts of a storm share one read.
    if (!known || Math.abs(now() - known.readAt) > READ_EVERY_MS) {
      reading ??= read().finally(() => {
        reading = undefined
      })
      await reading
    }
    return known?.value && known.value.until > now() ? known.value : undefined
  }
  const write = async (value: Paused | undefined) => {
    await store.remember(KEY, JSON.stringify(value ?? null))
    known = { value, readAt: now() }
  }
  /** False when it could not be posted: Slack may be what is failing, and the pause still takes effect. */
  const post = (text: string, by: string, known?: Known): Promise<boolean> =>
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

    /** `announced` is false when Slack refused the notice; the pause takes effect regardless. */
    pause: async ({ minutes, reason, by }: { minutes: number; reason: string; by: string }) => {
      const value: Paused = { by, reason, at: now(), until: now() + minutes * 60_000 }
      await write(value)
      log.warn('opening and paging are paused', { by, minutes, reason })
      const announced = await post(
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
      await post(RESUMED, by)
      return true
    },

    /** Announces once that a pause has ended by itself, also after Muster or Slack was down at the time. */
    announceEnd: async (): Promise<void> => {
      const found = await store.recall(KEY)
      const past = found ? (JSON.parse(found.value) as Paused | null) : null
      if (!past || past.until > now()) return
      const at = String(past.at)
      if ((await store.recall(END_ANNOUNCED))?.value === at) return
      log.warn('the time of a pause is over: opening and paging go on', { by: past.by })
      const text = `${RESUMED} The pause was for ${formatDuration(past.until - past.at)}.`
      if (await post(text, past.by, { name: `pause:${at}`, since: past.until })) await store.remember(END_ANNOUNCED, at)
    },
  }
}

export type Pause = ReturnType<typeof createPause>
