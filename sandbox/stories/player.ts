import { clockTime, nextOccurrence } from '../zoned-time.ts'
import type { StoryClock } from './clock.ts'
import type { Deliver } from './deliver.ts'
import { durationMs, type Step, type Story } from './story.ts'

export type Progress = {
  story: string
  status: 'ready' | 'playing' | 'paused' | 'finished' | 'stopped'
  /** Steps played so far, and in total. */
  taken: number
  total: number
  /** Story time now and at the last step, ms since the start. */
  storyMs: number
  durationMs: number
  speed: number
  /** The last step's caption, `03:00 UTC P90 latency of Shipping is 9.28 s, ...`; empty before the first step. */
  caption: string
}

export type PlayerEvent =
  | { type: 'step'; index: number; step: Step; caption: string; at: number }
  /** The step failed; the story continues. */
  | { type: 'step_failed'; index: number; step: Step; caption: string; at: number; reason: string }
  | { type: 'progress'; progress: Progress }

export type Player = {
  /** Starts or resumes. */
  play(): void
  pause(): void
  /** Plays the next step immediately and stays paused. */
  step(): Promise<void>
  /** Story seconds per real second; 0 is as fast as Muster keeps up. */
  setSpeed(speed: number): void
  progress(): Progress
  /** Ends the story; a step in progress is completed. */
  stop(): void
  /** Start of the story, epoch ms; starts it if necessary. */
  anchor(): number
  /** Resolves after the last step or `stop`, with the number of failed steps. */
  finished: Promise<{ failed: number }>
}

type Options = {
  story: Story
  clock: StoryClock
  deliver: Deliver
  /** Resolves when Muster has processed the last step; awaited between steps at full speed. */
  settled: () => Promise<void>
  /**
   * Lets Muster run the timers that are due by the story's clock, and returns when the next one is due (epoch ms).
   * Without it they run in real time, however fast the story is played.
   */
  catchUp?: () => Promise<number | undefined>
  /** Called when the story begins, with its start (epoch ms): loads the story into the fake services. */
  begin?: (story: Story, anchor: number) => void
  /** Start of the story, epoch ms. By default the clock jumps to the story's next weekday and start time. */
  anchor?: number
  /** IANA zone of the captions; the story's own by default. */
  timezone?: string
  onEvent?: (event: PlayerEvent) => void
  /** Waits this many real milliseconds, or until the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Plays a story's steps in order, each when it is due. */
export const createPlayer = (options: Options): Player => {
  const {
    story,
    clock,
    deliver,
    settled,
    catchUp,
    begin,
    onEvent = () => {},
    wait,
    timezone = story.timezone,
  } = options
  let status: Progress['status'] = 'ready'
  let taken = 0
  let failed = 0
  let caption = ''
  let speed = 1
  let anchor: number | undefined
  let running = Promise.resolve()
  let wake = new AbortController()
  const finished = Promise.withResolvers<{ failed: number }>()

  const ensureStarted = (): number => {
    if (anchor === undefined) {
      if (options.anchor === undefined) clock.jumpTo(nextOccurrence(story, clock.now()))
      anchor = options.anchor ?? clock.now()
      begin?.(story, anchor)
    }
    return anchor
  }
  const progress = (): Progress => ({
    story: story.id,
    status,
    taken,
    caption,
    speed,
    total: story.steps.length,
    storyMs: anchor === undefined ? 0 : Math.min(clock.now() - anchor, durationMs(story)),
    durationMs: durationMs(story),
  })
  const emitProgress = () => onEvent({ type: 'progress', progress: progress() })
  const setStatus = (next: Progress['status']) => {
    status = next
    clock.setSpeed(next === 'playing' && speed > 0 ? speed : next === 'paused' ? 0 : 1)
    wake.abort()
    wake = new AbortController()
    if (next === 'finished' || next === 'stopped') finished.resolve({ failed })
    emitProgress()
  }

  const playStep = async () => {
    const start = ensureStarted()
    const index = taken
    const step = story.steps[index]
    if (!step) return
    clock.jumpTo(start + step.atMs)
    taken += 1
    caption = `${clockTime(start + step.atMs, timezone)} ${step.caption}`
    const played = { index, step, caption, at: start + step.atMs }
    try {
      await deliver(step.act, story, (storyMs) => start + storyMs, step.atMs)
      onEvent({ type: 'step', ...played })
    } catch (error) {
      failed += 1
      onEvent({ type: 'step_failed', ...played, reason: error instanceof Error ? error.message : String(error) })
    }
    emitProgress()
  }

  /** Waits for a step, or for a timer of Muster's that is due before it. */
  const untilDue = async (step: Step) => {
    const { signal } = wake
    const timer = (await catchUp?.()) ?? Number.POSITIVE_INFINITY
    const dueMs = Math.min(ensureStarted() + step.atMs, timer) - clock.now()
    if (dueMs > 0 && speed > 0 && !signal.aborted) await wait(dueMs / speed, signal)
  }
  const isDue = (step: Step) => speed === 0 || clock.now() >= ensureStarted() + step.atMs

  /** Advances the clock to an instant (epoch ms), stopping for each of Muster's timers on the way. */
  const advance = async (until: number) => {
    for (let next = await catchUp?.(); next !== undefined && next <= until; next = await catchUp?.()) {
      clock.jumpTo(next)
      await catchUp?.()
      await settled()
    }
  }

  const run = async () => {
    while (status === 'playing') {
      const step = story.steps[taken]
      if (!step) {
        if (speed === 0) await advance(Number.POSITIVE_INFINITY)
        return setStatus('finished')
      }
      if (speed > 0) await untilDue(step)
      else await advance(ensureStarted() + step.atMs)
      if (status !== 'playing' || !isDue(step)) continue
      await playStep()
      if (speed === 0) await settled()
    }
  }

  return {
    play: () => {
      if (status !== 'ready' && status !== 'paused') return
      ensureStarted()
      setStatus('playing')
      running = running.then(run)
    },
    pause: () => {
      if (status === 'playing') setStatus('paused')
    },
    step: async () => {
      if (status === 'finished' || status === 'stopped') return
      if (status !== 'paused') setStatus('paused')
      running = running.then(async () => {
        const next = story.steps[taken]
        if (next) await advance(ensureStarted() + next.atMs)
        await playStep()
      })
      await running
      if (!story.steps[taken]) setStatus('finished')
    },
    setSpeed: (next) => {
      speed = next
      setStatus(status)
    },
    stop: () => {
      if (status !== 'finished' && status !== 'stopped') setStatus('stopped')
    },
    progress,
    anchor: ensureStarted,
    finished: finished.promise,
  }
}
