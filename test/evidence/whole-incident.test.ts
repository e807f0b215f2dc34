import { expect, test } from 'vitest'
import { marksOf, wholeIncident } from '../../src/evidence/whole-incident.ts'
import { Alert } from '../../src/incident/alert.ts'
import type { RecordedEvent } from '../../src/incident/event.ts'
import type { ChartSnapshot, Mark } from '../../src/incident/evidence.ts'
import { replay } from '../../src/incident/evolve.ts'

const MINUTE = 60_000
const at = Date.UTC(2026, 10, 21, 3)

/** A look between two minutes, a point a minute. */
const look = (
  from: number,
  to: number,
  value: (minute: number) => number,
  more: Partial<ChartSnapshot> = {},
): ChartSnapshot => ({
  kind: 'chart',
  source: 'prometheus',
  title: 'P90',
  query: 'p90',
  unit: 's',
  notes: [],
  at,
  from: at + from * MINUTE,
  to: at + to * MINUTE,
  before: 1,
  now: value(to),
  series: [
    {
      name: 'p90',
      labels: {},
      points: Array.from({ length: to - from + 1 }, (_, i) => [at + (from + i) * MINUTE, value(from + i)]),
    },
  ],
  ...more,
})
const marks: Mark[] = [{ at, text: 'alert', kind: 'alert' }]
const values = (chart: ChartSnapshot | undefined) =>
  chart?.series[0]?.points.map(([time, value]) => [(time - at) / MINUTE, value]) ?? []

test('before, during and after are one series, though each snapshot covered only a part', () => {
  const opening = look(-60, 1, (m) => (m < 0 ? 1 : 9))
  const closing = look(-10, 30, (m) => (m < 18 ? 264 : 1), { peak: { at: at + 7 * MINUTE, value: 264 } })
  const whole = wholeIncident([opening, closing], marks)
  expect(values(whole)[0]).toEqual([-30, 1])
  expect(values(whole).at(-1)).toEqual([30, 1])
  // Where both have values, those of the later look.
  expect(values(whole).find(([minute]) => minute === 0)).toEqual([0, 264])
  expect(whole).toMatchObject({ before: 1, now: 1, peak: { value: 264 }, marks })
})

test('draws the stored snapshots when the source is no longer available at the end', () => {
  const whole = wholeIncident([look(-60, 1, () => 1), look(-60, 12, (m) => (m < 2 ? 1 : 40))], marks)
  expect(values(whole).at(-1)).toEqual([12, 40])
  expect(wholeIncident([], marks)).toBeUndefined()
})

test('keeps the beginning from a snapshot when the source has already dropped it', () => {
  const whole = wholeIncident([look(-60, 5, () => 7), look(3, 30, () => 1)], marks)
  expect(values(whole).find(([minute]) => minute === -5)).toEqual([-5, 7])
  expect(values(whole).find(([minute]) => minute === 4)).toEqual([4, 1])
})

test('keeps what was measured once where a later look has a hole', () => {
  const holed = look(-60, 30, () => 1)
  for (const series of holed.series)
    series.points = series.points.map(([time, value]) => [
      time,
      time > at - 4 * MINUTE && time < at + 8 * MINUTE ? null : value,
    ])
  const whole = wholeIncident([look(-60, 2, (m) => (m < 0 ? 2 : 9)), holed], marks)
  const kept = values(whole).filter(([minute]) => Math.abs(Number(minute) - 1) < 7)
  expect(kept).toEqual([
    ...[-5, -4].map((minute) => [minute, 1]),
    ...[-3, -2, -1].map((minute) => [minute, 2]),
    ...[0, 1, 2].map((minute) => [minute, 9]),
  ])
})

test('each event is marked once, in order of time', () => {
  const alert = (key: string, minute: number) =>
    Alert.parse({ key, source: 'alertmanager', state: 'firing', title: key, startsAt: at + minute * MINUTE })
  const change = { key: 'c', source: 'github', kind: 'deploy', title: 'D', at: at - 5 * MINUTE }
  const given = [
    {
      type: 'declared',
      title: 'T',
      severity: 'sev2',
      status: 'investigating',
      private: false,
      drill: false,
      alert: alert('a', 0),
      by: 'alertmanager',
      at,
    },
    { type: 'alert_joined', alert: alert('b', 7), reason: 'same service', by: 'alertmanager', at: at + 7 * MINUTE },
    { type: 'change_seen', change, relation: 'alerting', by: 'github', at: change.at },
    { type: 'change_seen', change: { ...change, key: 'far' }, by: 'github', at: change.at },
    { type: 'status_changed', status: 'mitigated', by: 'U0ADA', at: at + 18 * MINUTE },
    { type: 'status_changed', status: 'resolved', by: 'U0ADA', at: at + 30 * MINUTE },
  ] as const
  const events = given.map((event, i) => ({ ...event, seq: i + 1, recordedAt: event.at })) as RecordedEvent[]
  const known = ['alert', 'alert joined', 'mitigated', 'resolved']
  expect(marksOf(replay('INC-1', events), events).map(({ text }) => text)).toEqual(['deploy', ...known])

  // When the impact began is marked where it is known, and an estimate says so.
  const begun = (estimate: boolean) => {
    const { milestones } = replay('INC-1', events)
    const impact_started = { at: at - MINUTE, source: 'said so', corrected: !estimate, estimate }
    return marksOf({ ...replay('INC-1', events), milestones: { ...milestones, impact_started } }, events)[1]?.text
  }
  expect(begun(false)).toBe('impact began')
  expect(begun(true)).toBe('impact began (estimate)')
})
