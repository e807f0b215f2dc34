import { expect, test } from 'vitest'
import { MusterFile } from '../../src/config/muster-file.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { IncidentFacts } from '../../src/incident/index-entry.ts'
import { csvOf } from '../../src/learning/csv.ts'
import { insightsOf } from '../../src/learning/insights.ts'
import { punctualityOf } from '../../src/learning/punctuality.ts'
import { DANA, declared } from '../incident/facts.ts'
import { T } from '../store/databases.ts'
import { DAY } from './past.ts'

const MINUTE = 60_000
const one = (more: Partial<IncidentFacts> = {}): IncidentFacts => ({
  id: 'INC-1',
  title: 'Slow',
  status: 'closed',
  severity: 'sev2',
  drill: false,
  declaredAt: T,
  rules: [],
  alerts: 0,
  spans: {},
  assumedStart: false,
  openActions: [],
  doneActions: 0,
  ...more,
})
const NINETY = { from: T - 90 * DAY, to: T }

test('unknown values are counted as unknown, never as zero', () => {
  const { spans, incidents } = insightsOf([one({ spans: { 'Time to mitigate': 10 * MINUTE } }), one(), one()], NINETY)
  expect(incidents).toBe(3)
  expect(spans).toEqual([{ name: 'Time to mitigate', known: 1, median: 10 * MINUTE }])
})

test('medians and 90th percentiles are values that occurred', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((m) => one({ spans: { 'Time to resolve': m * MINUTE } }))
  expect(insightsOf(minutes, NINETY).spans).toEqual([
    { name: 'Time to resolve', known: 10, median: 5 * MINUTE, p90: 9 * MINUTE },
  ])
})

test('drills, cancelled and merged incidents are counted separately', () => {
  const all = [
    one(),
    one({ drill: true }),
    one({ status: 'cancelled' }),
    one({ status: 'merged' }),
    one({ status: 'triage' }),
  ]
  expect(insightsOf(all, NINETY)).toMatchObject({
    incidents: 1,
    apart: { drills: 1, cancelled: 1, merged: 1, triage: 1 },
  })
})

test('reports repeat offenders, open action items and how often the suspects were right', () => {
  const rules = ['PoolFull @ shipping']
  const suspect = { service: 'mysql', label: 'likely' }
  const all = [
    one({ rules, suspect, cause: 'mysql', doneActions: 1 }),
    one({ id: 'INC-2', rules: [...rules, 'Once @ web'], suspect, cause: 'redis' }),
    one({ id: 'INC-3', cause: 'redis', declaredAt: T - DAY, openActions: [{ id: 1, text: 'Alert on it' }] }),
    one({ suspect }),
  ]
  expect(insightsOf(all, NINETY)).toMatchObject({
    repeats: [{ rule: 'PoolFull @ shipping', count: 2 }],
    actions: { open: 1, done: 1, items: [{ incident: 'INC-3', text: 'Alert on it' }] },
    suspects: { judged: 3, right: 1, wrong: 1, silent: 1 },
  })
})

test('updates count as on time by what was promised or by the cadence; late, missing and put-off ones are told apart', () => {
  const severities = MusterFile.parse({}).severities.map((one) => ({ ...one, updateEveryMinutes: 30 }))
  const at = (minutes: number) => ({ at: T + minutes * MINUTE, by: DANA })
  const said = (minutes: number, nextBy?: number): IncidentEvent => ({
    ...at(minutes),
    type: 'update_posted',
    text: 'still looking',
    ...(nextBy === undefined ? {} : { nextBy: T + nextBy * MINUTE }),
  })
  const ends = (minutes: number): IncidentEvent => ({ ...at(minutes), type: 'status_changed', status: 'resolved' })
  const of = (...events: IncidentEvent[]) =>
    punctualityOf(
      'INC-1',
      [declared(at(0)), ...events].map((event, i) => ({ ...event, seq: i + 1, recordedAt: event.at })),
      severities,
    )
  expect(of(said(20), said(60), ends(70))).toEqual({ due: 2, onTime: 1 })
  // Promised later than the cadence says.
  expect(of(said(20, 90), said(89), ends(95))).toEqual({ due: 2, onTime: 2 })
  // Never came.
  expect(of(ends(45))).toEqual({ due: 1, onTime: 0 })
  // Over before one was due.
  expect(of(ends(10))).toEqual({ due: 0, onTime: 0 })
  expect(of({ ...at(5), type: 'update_snoozed' }, ends(200))).toEqual({ due: 0, onTime: 0 })
  expect(of({ ...at(5), type: 'update_snoozed', until: T + 60 * MINUTE }, said(50), ends(55))).toEqual({
    due: 1,
    onTime: 1,
  })
  const facts = [one({ updates: { due: 2, onTime: 1 } }), one({ updates: { due: 1, onTime: 1 } }), one()]
  expect(insightsOf(facts, NINETY).updates).toEqual({ due: 3, onTime: 2 })
})

test('the trend has the median time to resolve of each period, and none where nothing is known', () => {
  const resolved = (days: number, minutes: number) =>
    one({ declaredAt: T - days * DAY, spans: { 'Time to resolve': minutes * MINUTE } })
  const { trend } = insightsOf([resolved(90, 10), resolved(89, 30), one()], NINETY)
  expect(trend[0]).toMatchObject({ count: 2, resolve: 10 * MINUTE })
  expect(trend.at(-1)).toEqual({ from: expect.any(Number), count: 1 })
})

test('the trend counts every incident once, the newest in the last period', () => {
  const { trend } = insightsOf([one(), one({ declaredAt: T - 90 * DAY }), one({ declaredAt: T - DAY })], NINETY)
  expect(trend.map(({ count }) => count)).toEqual([1, ...new Array(11).fill(0), 2])
})

test('CSV cells are never formulas, and quotes and line breaks are escaped', () => {
  const csv = csvOf([
    one({ title: '=HYPERLINK("http://evil","x")', service: '@SUM(A1)', fix: { text: '-1+1\n"ok"', known: 'note' } }),
    one({ title: '\t=1', spans: { 'Time to resolve': 90_000 } }),
  ])
  expect(csv).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`)
  expect(csv).toContain(`"'@SUM(A1)"`)
  expect(csv).toContain(`"'-1+1\n""ok"""`)
  expect(csv).toContain(`"'\t=1"`)
  expect(csv).toContain('"90"')
  expect(csv).not.toMatch(/"[=+\-@\t]/)
})
