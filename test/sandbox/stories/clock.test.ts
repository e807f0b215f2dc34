import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createStoryClock, readStoryClock } from '../../../sandbox/stories/clock.ts'

test('another process reads the same clock, including speed, jumps and pauses', () => {
  let real = 1_000_000
  const file = join(mkdtempSync(join(tmpdir(), 'muster-clock-')), 'clock.json')
  const clock = createStoryClock({ realNow: () => real, startAt: 5_000_000, file })
  const read = readStoryClock(file, () => real)
  const both = () => [clock.now(), read()]
  expect(both()).toEqual([5_000_000, 5_000_000])
  clock.setSpeed(60)
  real += 1_000
  expect(both()).toEqual([5_060_000, 5_060_000])
  clock.jumpTo(6_000_000)
  expect(both()).toEqual([6_000_000, 6_000_000])
  clock.setSpeed(0)
  real += 1_000
  expect(both()).toEqual([6_000_000, 6_000_000])
})
