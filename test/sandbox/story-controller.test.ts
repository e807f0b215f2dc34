import { expect, test } from 'vitest'
import type { StoryProgress } from '../../sandbox/control-api.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { createPlayer } from '../../sandbox/stories/player.ts'
import { stories } from '../../sandbox/stories/stories.ts'
import type { Weekday } from '../../sandbox/stories/story.ts'
import { createStoryController } from '../../sandbox/story-controller.ts'
import { clockTime, nextOccurrence } from '../../sandbox/zoned-time.ts'

const noon = Date.UTC(2026, 10, 21, 12)

const startController = ({ fail = false } = {}) => {
  const clock = createStoryClock({ realNow: () => noon, startAt: noon })
  const controller = createStoryController({
    stories,
    clock,
    open: (id, onEvent) =>
      createPlayer({
        story: stories.find((story) => story.id === id)!,
        clock,
        deliver: async () => {
          if (fail) throw new Error('connection refused')
        },
        settled: async () => {},
        onEvent,
        wait: async () => {},
      }),
  })
  const progresses: StoryProgress[] = []
  controller.watch((progress) => progresses.push(progress))
  return { clock, controller, progresses }
}

test('is idle until a story is chosen', () => {
  const { controller } = startController()
  expect(controller.progress()).toMatchObject({ state: 'idle', step: 0, caption: '' })
  expect(() => controller.play()).toThrow('Choose a story first.')
  expect(() => controller.choose('unknown')).toThrow('There is no story "unknown".')
})

test('starts a story on its weekday and hour, with captions in its time zone', async () => {
  const { clock, controller, progresses } = startController()
  controller.choose('connection-collapse')
  expect(controller.progress()).toMatchObject({ state: 'paused', step: 0, caption: stories[0]?.description })
  expect(clock.now()).toBe(noon)
  await controller.step()
  expect(new Date(clock.now()).toISOString()).toBe('2026-11-28T03:00:05.000Z')
  expect(controller.progress().caption).toMatch(/^03:00 UTC \S/)
  expect(progresses.at(-1)).toMatchObject({ step: 1, state: 'paused', now: clock.now(), pace: 0 })
})

test('stops the current story when another one is chosen', async () => {
  const { controller, progresses } = startController()
  controller.choose('connection-collapse')
  await controller.step()
  controller.choose('stampede')
  expect(controller.progress()).toMatchObject({ story: 'stampede', step: 0 })
  await controller.step()
  expect(progresses.slice(-2).every(({ story }) => story === 'stampede')).toBe(true)
})

test('shows a failed step in the caption', async () => {
  const { controller } = startController({ fail: true })
  controller.choose('connection-collapse')
  await controller.step()
  expect(controller.progress().caption).toContain('(Step failed: connection refused)')
})

test('finds the next occurrence of a weekday and time in any zone', () => {
  // The 21st is a Saturday.
  const next = (opensOn: Weekday, opensAt: string, timezone: string) =>
    new Date(nextOccurrence({ opensOn, opensAt, timezone }, noon)).toISOString()
  expect(next('Saturday', '13:00', 'UTC')).toBe('2026-11-21T13:00:00.000Z')
  expect(next('Saturday', '12:00', 'UTC')).toBe('2026-11-28T12:00:00.000Z')
  expect(next('Monday', '00:00', 'UTC')).toBe('2026-11-23T00:00:00.000Z')
  expect(next('Saturday', '06:00', 'America/Los_Angeles')).toBe('2026-11-21T14:00:00.000Z')
  expect(clockTime(noon, 'America/Los_Angeles')).toBe('04:00 PST')
})
