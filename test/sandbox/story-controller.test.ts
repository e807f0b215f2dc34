import { expect, test } from 'vitest'
import type { StoryProgress } from '../../sandbox/control-api.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { createPlayer } from '../../sandbox/stories/player.ts'
import { stories } from '../../sandbox/stories/stories.ts'
import type { Weekday } from '../../sandbox/stories/story.ts'
import { createStoryController } from '../../sandbox/story-controller.ts'
import { nextOccurrence, zoneName } from '../../sandbox/zoned-time.ts'

const noon = Date.UTC(2026, 10, 21, 12)

const startShelf = ({ fail = false } = {}) => {
  const clock = createStoryClock({ realNow: () => noon, startAt: noon })
  const shelf = createStoryController({
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
  const heard: StoryProgress[] = []
  shelf.watch((progress) => heard.push(progress))
  return { clock, shelf, heard }
}

test('waits for a story to be chosen', () => {
  const { shelf } = startShelf()
  expect(shelf.progress()).toMatchObject({ state: 'idle', step: 0, caption: '' })
  expect(() => shelf.play()).toThrow('Choose a story first.')
  expect(() => shelf.choose('unheard-of')).toThrow('There is no story "unheard-of".')
})

test('begins a night story at night, and tells its time with its zone', async () => {
  const { clock, shelf, heard } = startShelf()
  shelf.choose('connection-collapse')
  expect(shelf.progress()).toMatchObject({ state: 'paused', step: 0, caption: stories[0]?.description })
  expect(clock.now()).toBe(noon)
  await shelf.step()
  expect(new Date(clock.now()).toISOString()).toBe('2026-11-28T03:00:05.000Z')
  expect(shelf.progress().caption).toMatch(/^03:00 UTC \S/)
  expect(heard.at(-1)).toMatchObject({ step: 1, state: 'paused', now: clock.now(), pace: 0 })
})

test('puts a story back when another is chosen, and no longer hears of it', async () => {
  const { shelf, heard } = startShelf()
  shelf.choose('connection-collapse')
  await shelf.step()
  shelf.choose('stampede')
  expect(shelf.progress()).toMatchObject({ story: 'stampede', step: 0 })
  await shelf.step()
  expect(heard.slice(-2).every(({ story }) => story === 'stampede')).toBe(true)
})

test('says when a step could not be done, until the next one is', async () => {
  const { shelf } = startShelf({ fail: true })
  shelf.choose('connection-collapse')
  await shelf.step()
  expect(shelf.progress().caption).toContain('(Step failed: connection refused)')
})

test('finds the next time it is a day and an hour, in any zone', () => {
  // The 21st is a Saturday.
  const next = (opensOn: Weekday, opensAt: string, timezone: string) =>
    new Date(nextOccurrence({ opensOn, opensAt, timezone }, noon)).toISOString()
  expect(next('Saturday', '13:00', 'UTC')).toBe('2026-11-21T13:00:00.000Z')
  expect(next('Saturday', '12:00', 'UTC')).toBe('2026-11-28T12:00:00.000Z')
  expect(next('Monday', '00:00', 'UTC')).toBe('2026-11-23T00:00:00.000Z')
  expect(next('Saturday', '06:00', 'America/Los_Angeles')).toBe('2026-11-21T14:00:00.000Z')
  expect(zoneName('America/Los_Angeles', noon)).toBe('PST')
})
