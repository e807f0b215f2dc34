import type { StoryProgress } from '../../../sandbox/control-api.ts'
import type { StoryPlayer } from '../../../sandbox/control-routes.ts'

const STORIES = [
  {
    id: 'connection-collapse',
    title: 'Connection collapse',
    summary: 'Shipping is slow on a Saturday night. Nothing was deployed, and its logs say nothing.',
  },
  {
    id: 'quivering-queue',
    title: 'Quivering queue',
    summary: 'Customers cannot pay, and people notice before machines do.',
  },
  {
    id: 'cache-degradation',
    title: 'Cache degradation',
    summary: 'Every dashboard says web is on fire. The cause sits two hops further down.',
  },
  {
    id: 'index-migration',
    title: 'The index migration',
    summary: 'A deploy at noon; its index comes after the code that needs it.',
  },
  {
    id: 'stampede',
    title: 'The stampede',
    summary: 'A queue retries what was never cut off: a system attacks itself.',
  },
  {
    id: 'interceptor-loop',
    title: 'The interceptor loop',
    summary: 'A loop in the interceptors floods the logs until a node goes down.',
  },
]

/** Stories of ten steps that advance only when the test says so, without a clock. */
export function createGalleryStories(now: () => number): StoryPlayer {
  let progress: StoryProgress = { state: 'idle', speed: 1, step: 0, steps: 0, caption: '', now: now() }
  const listeners = new Set<(progress: StoryProgress) => void>()
  const change = (next: Partial<StoryProgress>) => {
    progress = { ...progress, ...next, now: now() }
    for (const listener of listeners) listener(progress)
  }
  return {
    stories: () => STORIES,
    progress: () => progress,
    choose(story) {
      if (!STORIES.some(({ id }) => id === story)) throw new Error(`There is no story ${story}.`)
      change({
        story,
        state: 'paused',
        step: 0,
        steps: 10,
        caption: '03:00 PagerDuty pages: High P90 latency on Shipping, 9.28 s; it was about 1 s five minutes earlier.',
      })
    },
    play: () => change({ state: 'playing' }),
    pause: () => change({ state: 'paused' }),
    step() {
      const step = progress.step + 1
      change({
        step,
        state: step === progress.steps ? 'ended' : 'paused',
        caption: `03:0${step} Step ${step} happens.`,
      })
    },
    setSpeed: (speed) => change({ speed }),
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
