import { nextOccurrence, zoneName } from '../zoned-time.ts'
import type { StoryClock } from './clock.ts'
import type { Deliver } from './deliver.ts'
import { clockTime, durationMs, type Step, type Story } from './story.ts'

/** How a story is being played. */
export type Progress = {
  story: string
  status: 'ready' | 'playing' | 'paused' | 'finished' | 'stopped'
  /** Steps taken, and all there are. */
  taken: number
  total: number
  /** Where the story's clock stands, ms since its start; and when its last step is. */
  storyMs: number
  durationMs: number
  speed: number
  /** What happened last: `03:00 UTC P90 latency of Shipping is 9.28 s, ...`; empty before the first step. */
  caption: string
}

export type PlayerEvent =
  | { type: 'step'; index: number; step: Step; caption: string; at: number }
  /** The step could not be done; the story goes on. */
  | { type: 'step_failed'; index: number; step: Step; caption: string; at: number; reason: string }
  | { type: 'progress'; progress: Progress }

export type Player = {
  /** Goes on, or begins. */
  play(): void
  pause(): void
  /** Takes the next step at once, and stays paused. */
  step(): Promise<void>
  /** 1, 10, 60 story seconds a second; 0 is as fast as Muster follows. */
  setSpeed(speed: number): void
  progress(): Progress
  /** Ends it for good; a step under way is finished. */
  stop(): void
  /** When the story began, epoch ms. */
  anchor(): number
  /** Resolves after the last step, or when stopped; tells how many steps failed. */
  finished: Promise<{ failed: number }>
}

type Options = {
  story: Story
  clock: StoryClock
  deliver: Deliver
  /** At full speed: resolves when Muster has done everything that the last step caused. */
  settled: () => Promise<void>
  /**
   * At full speed: Muster does what is due by the story's clock, and says when it has something to do next (epoch ms).
   * Without it the time between two steps passes unused.
   */
  catchUp?: () => Promise<number | undefined>
  /** Called with the story's start when it begins: the stand-ins then show this story. */
  begin?: (story: Story, anchor: number) => void
  /** When the story begins, epoch ms; without it the clock goes forward to the day and hour that the story has. */
  anchor?: number
  onEvent?: (event: PlayerEvent) => void
  /** Resolves after so many real milliseconds, or when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Plays a story's steps when their time comes, one after the other. */
export const createPlayer = (options: Options): Player => {
  const { story, clock, deliver, settled, catchUp, begin, onEvent = () => {}, wait } = options
  let status: Progress['status'] = 'ready'
  let taken = 0
  let failed = 0
  let caption = ''
  let speed = 1
  let anchor: number | undefined
  let running = Promise.resolve()
  let wake = new AbortController()
  const finished = Promise.withResolvers<{ failed: number }>()

  const begun = (): number => {
    if (anchor === undefined) {
      if (options.anchor === undefined) clock.jumpTo(nextOccurrence(story, clock.now()))
      anchor = options.anchor ?? clock.now()
      begin?.(story, anchor)
    }
    return anchor
  }
  const progress = (): Progress => ({
    ...{ story: story.id, status, taken, caption, speed },
    total: story.steps.length,
    storyMs: anchor === undefined ? 0 : Math.min(clock.now() - anchor, durationMs(story)),
    durationMs: durationMs(story),
  })
  const tell = () => onEvent({ type: 'progress', progress: progress() })
  const become = (next: Progress['status']) => {
    status = next
    clock.setSpeed(next === 'playing' && speed > 0 ? speed : next === 'paused' ? 0 : 1)
    wake.abort()
    wake = new AbortController()
    if (next === 'finished' || next === 'stopped') finished.resolve({ failed })
    tell()
  }

  const take = async () => {
    const start = begun()
    const index = taken
    const step = story.steps[index]
    if (!step) return
    clock.jumpTo(start + step.atMs)
    taken += 1
    caption = `${clockTime(story, step.atMs)} ${zoneName(story.timezone, start)} ${step.caption}`
    const told = { index, step, caption, at: start + step.atMs }
    try {
      await deliver(step.act, story, (storyMs) => start + storyMs, step.atMs)
      onEvent({ type: 'step', ...told })
    } catch (error) {
      failed += 1
      onEvent({ type: 'step_failed', ...told, reason: error instanceof Error ? error.message : String(error) })
    }
    tell()
  }

  const untilDue = async (step: Step) => {
    const dueMs = begun() + step.atMs - clock.now()
    if (dueMs > 0 && speed > 0) await wait(dueMs / speed, wake.signal)
  }
  const isDue = (step: Step) => speed === 0 || clock.now() >= begun() + step.atMs

  /** Lets time pass until an instant, epoch ms, with a stop at everything that Muster does by itself on the way. */
  const pass = async (until: number) => {
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
        if (speed === 0) await pass(Number.POSITIVE_INFINITY)
        return become('finished')
      }
      await untilDue(step)
      if (status !== 'playing' || !isDue(step)) continue
      if (speed === 0) await pass(begun() + step.atMs)
      await take()
      if (speed === 0) await settled()
    }
  }

  return {
    play: () => {
      if (status !== 'ready' && status !== 'paused') return
      begun()
      become('playing')
      running = running.then(run)
    },
    pause: () => {
      if (status === 'playing') become('paused')
    },
    step: async () => {
      if (status === 'finished' || status === 'stopped') return
      if (status !== 'paused') become('paused')
      running = running.then(take)
      await running
      if (!story.steps[taken]) become('finished')
    },
    setSpeed: (next) => {
      speed = next
      become(status)
    },
    stop: () => {
      if (status !== 'finished' && status !== 'stopped') become('stopped')
    },
    progress,
    anchor: begun,
    finished: finished.promise,
  }
}
