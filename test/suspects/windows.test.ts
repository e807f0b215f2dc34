import { expect, test } from 'vitest'
import { believedStart } from '../../src/suspects/onset.ts'
import { defaultTuning } from '../../src/suspects/tuning.ts'
import { slice, windowsAt } from '../../src/suspects/windows.ts'

const MINUTE = 60_000
const at = (onsetMinutes: number, nowMinutes: number, stepMs = 30_000) =>
  windowsAt(onsetMinutes * MINUTE, { from: 0, now: nowMinutes * MINUTE, stepMs }, defaultTuning)

test('keeps five minutes before the onset out of both windows', () => {
  expect(at(40, 48)).toEqual({ baseline: { from: 0, to: 35 * MINUTE }, test: { from: 40 * MINUTE, to: 48 * MINUTE } })
})

test('excludes a tenth of a long history, and never more than half of a short one', () => {
  expect(at(180, 185).baseline.to).toBe(162 * MINUTE)
  expect(at(6, 8).baseline.to).toBe(3 * MINUTE)
})

test('examines ten minutes of trouble, or five points where the step is coarse', () => {
  expect(at(60, 90).test.to).toBe(70 * MINUTE)
  expect(at(60, 90, 5 * MINUTE).test.to).toBe(80 * MINUTE)
})

test('cuts a series by time: the end of the history is excluded, the end of the test window is kept', () => {
  const series = { start: 10_000, stepSeconds: 10, values: [1, null, 3, 4, Number.NaN, 6] }
  expect([...slice(series, 0, 40_000, false).values]).toEqual([1, 3])
  expect([...slice(series, 40_000, 60_000, true).values]).toEqual([4, 6])
  expect([...slice(series, 900_000, 990_000, true).values]).toEqual([])
})

test('dates an alert from when its rule first held, not from when it fired', () => {
  expect(believedStart(60 * MINUTE, { forSeconds: 300, stepSeconds: 30 })).toBe(54.5 * MINUTE)
  expect(believedStart(60 * MINUTE, { stepSeconds: 60 })).toBe(59 * MINUTE)
})
