import type { ChartSnapshot, Series } from '../../src/incident/evidence.ts'

/** 03:00 on a Saturday. */
export const at = Date.UTC(2026, 10, 21, 3, 0)
export const MINUTE = 60_000

/** A line with one point every minute from 02:10 to 03:12; `value` is told the minute, counted from the alert. */
export const line = (name: string, value: (minute: number) => number | null): Series => ({
  name,
  labels: {},
  points: Array.from({ length: 63 }, (_, i) => [at + (i - 50) * MINUTE, value(i - 50)]),
})

/** A latency that jumps from 1 s to 9 s when the alert begins, with a gap before. */
export const latency = (changes: Partial<ChartSnapshot> = {}): ChartSnapshot => ({
  kind: 'chart',
  source: 'prometheus',
  title: 'Shipping P90 latency',
  query: 'latency',
  unit: 's',
  from: at - 50 * MINUTE,
  to: at + 12 * MINUTE,
  at,
  threshold: 1.5,
  series: [line('shipping', (minute) => (minute > -20 && minute < -15 ? null : minute < 0 ? 1 : 9))],
  before: 1,
  now: 9,
  notes: [],
  ...changes,
})
