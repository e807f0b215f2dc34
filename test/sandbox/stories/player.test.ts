import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStoryClock, type StoryClock } from '../../../sandbox/stories/clock.ts'
import { createPlayer, type PlayerEvent } from '../../../sandbox/stories/player.ts'
import { minutes } from '../../../sandbox/stories/signals.ts'
import { at, type StepAction, type Story } from '../../../sandbox/stories/story.ts'

const change = (title: string): StepAction => ({
  kind: 'change',
  change: { service: 'web', kind: 'config', title, by: 'olena' },
})

const story: Story = {
  id: 'short',
  title: 'Short',
  description: '',
  opensOn: 'Friday',
  opensAt: '23:59',
  timezone: 'UTC',
  services: [],
  world: { workloads: [], edges: [], meters: [], rules: [] },
  logs: [],
  changes: [],
  people: [],
  steps: [
    at(minutes(0, 5), 'one', change('one')),
    at(minutes(1), 'two', change('two')),
    at(minutes(30), 'three', change('three')),
  ],
}

/** A manual real-time clock: waits end when it reaches them or when they are aborted. */
const handTime = () => {
  let real = 1_000_000
  const waiting = new Set<{ until: number; wake: () => void }>()
  return {
    realNow: () => real,
    wait: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const entry = { until: real + ms, wake: resolve }
        waiting.add(entry)
        signal.addEventListener('abort', () => resolve())
      }),
    /** Advances the clock and lets everything due run. */
    async pass(ms: number) {
      real += ms
      for (const entry of waiting) {
        if (entry.until > real) continue
        waiting.delete(entry)
        entry.wake()
      }
      for (let i = 0; i < 20; i++) await Promise.resolve()
    },
  }
}

let time: ReturnType<typeof handTime>
let delivered: string[]
let events: PlayerEvent[]
let settles: number
let failing: string | undefined

type Timers = (clock: StoryClock) => () => Promise<number | undefined>

const player = (anchor: number | undefined = 5_000_000, timers?: Timers) => {
  const clock = createStoryClock({ realNow: time.realNow, startAt: 5_000_000 })
  const made = createPlayer({
    story,
    clock,
    deliver: async (act, _story, toEpoch, nowMs) => {
      const title = act.kind === 'change' ? act.change.title : act.kind
      if (title === failing) throw new Error('Muster is down')
      delivered.push(`${title} at ${toEpoch(nowMs)}`)
    },
    settled: async () => {
      settles += 1
    },
    onEvent: (event) => events.push(event),
    wait: time.wait,
    ...(anchor !== undefined && { anchor }),
    ...(timers && { catchUp: timers(clock) }),
  })
  return { clock, ...made }
}

beforeEach(() => {
  time = handTime()
  delivered = []
  events = []
  settles = 0
  failing = undefined
})
afterEach(() => {
  expect(events.every(({ type }) => ['step', 'step_failed', 'progress'].includes(type))).toBe(true)
})

test('at full speed plays each step at its story time as soon as Muster has settled', async () => {
  const { play, setSpeed, finished, clock, progress } = player()
  setSpeed(0)
  play()
  expect(await finished).toEqual({ failed: 0 })
  expect(delivered).toEqual(['one at 5005000', 'two at 5060000', 'three at 6800000'])
  expect(settles).toBe(3)
  expect(clock.now()).toBe(6_800_000)
  expect(progress()).toMatchObject({ status: 'finished', taken: 3, total: 3, caption: '01:53 UTC three' })
})

test('plays steps when they are due, with their clock time in the caption', async () => {
  const { play, progress } = player()
  play()
  await time.pass(4_999)
  expect(delivered).toEqual([])
  await time.pass(1)
  expect(delivered).toEqual(['one at 5005000'])
  expect(progress().caption).toBe('01:23 UTC one')
  await time.pass(55_000)
  expect(progress()).toMatchObject({ caption: '01:24 UTC two', storyMs: 60_000, status: 'playing' })
})

test("starts on the story's weekday and hour", async () => {
  const clock = createStoryClock({ realNow: time.realNow, startAt: 5_000_000 })
  const { play, anchor } = createPlayer({
    story,
    clock,
    wait: time.wait,
    deliver: async () => {},
    settled: async () => {},
  })
  play()
  // 1 January 1970 was a Thursday.
  expect(new Date(anchor()).toISOString()).toBe('1970-01-02T23:59:00.000Z')
  expect(clock.now()).toBe(anchor())
})

test('at speed 10 a minute takes six seconds', async () => {
  const { play, setSpeed, clock } = player()
  setSpeed(10)
  play()
  await time.pass(6_000)
  expect(delivered).toHaveLength(2)
  expect(clock.now()).toBe(5_060_000)
})

/** Muster's timers at these instants of the story (ms from its start), and when by the story's clock each one ran. */
const timersAt = (...due: number[]) => {
  const ran: number[] = []
  const timers: Timers = (clock) => async () => {
    while (due[0] !== undefined && 5_000_000 + due[0] <= clock.now()) {
      due.shift()
      ran.push(clock.now() - 5_000_000)
    }
    return due[0] === undefined ? undefined : 5_000_000 + due[0]
  }
  return { ran, timers }
}

test("at speed 10 Muster's timers run when the story's clock reaches them", async () => {
  const { ran, timers } = timersAt(20_000, 40_000, 90_000)
  const { play, setSpeed } = player(5_000_000, timers)
  setSpeed(10)
  play()
  await time.pass(0)
  for (let seconds = 1; seconds <= 6; seconds++) await time.pass(1_000)
  expect(delivered).toHaveLength(2)
  expect(ran).toEqual([20_000, 40_000])
})

test("a step runs Muster's timers that are due before it", async () => {
  const { ran, timers } = timersAt(1_000, 40_000, 90_000)
  const { step } = player(5_000_000, timers)
  await step()
  expect(ran).toEqual([1_000])
  await step()
  expect(ran).toEqual([1_000, 40_000])
})

test('pausing stops the clock, and a change of speed takes effect immediately', async () => {
  const { play, pause, setSpeed, clock } = player()
  play()
  await time.pass(30_000)
  pause()
  await time.pass(600_000)
  expect(delivered).toHaveLength(1)
  expect(clock.now()).toBe(5_030_000)
  setSpeed(60)
  play()
  await time.pass(500)
  expect(delivered).toHaveLength(2)
})

test('a single step jumps to its time and pauses', async () => {
  const { step, progress, clock } = player()
  await step()
  await step()
  expect(delivered).toEqual(['one at 5005000', 'two at 5060000'])
  await time.pass(60_000)
  expect(clock.now()).toBe(5_060_000)
  expect(progress().status).toBe('paused')
  await step()
  expect(progress().status).toBe('finished')
})

test('a failed step is reported and the story continues', async () => {
  failing = 'two'
  const { play, setSpeed, finished } = player()
  setSpeed(0)
  play()
  expect(await finished).toEqual({ failed: 1 })
  expect(delivered).toHaveLength(2)
  expect(events.find(({ type }) => type === 'step_failed')).toMatchObject({
    caption: '01:24 UTC two',
    reason: 'Muster is down',
  })
})

test('an explicit anchor is the start of the story', async () => {
  const { play, setSpeed, finished, anchor } = player(7_000_000)
  setSpeed(0)
  play()
  await finished
  expect(anchor()).toBe(7_000_000)
  expect(delivered[0]).toBe('one at 7005000')
})

test('stop ends the story between two steps', async () => {
  const { play, stop, finished, progress } = player()
  play()
  await time.pass(5_000)
  stop()
  await time.pass(120_000)
  expect(await finished).toEqual({ failed: 0 })
  expect(delivered).toHaveLength(1)
  expect(progress().status).toBe('stopped')
})
