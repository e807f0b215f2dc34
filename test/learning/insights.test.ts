import { expect, test } from 'vitest'
import type { IncidentFacts } from '../../src/incident/index-entry.ts'
import { csvOf } from '../../src/learning/csv.ts'
import { insightsOf } from '../../src/learning/insights.ts'
import { T } from '../store/databases.ts'
import { DAY } from './past.ts'

const MINUTE = 60_000
const one = (more: Partial<IncidentFacts> = {}): IncidentFacts => ({
  ...{
    id: 'INC-1',
    title: 'Slow',
    status: 'closed',
    severity: 'sev2',
    drill: false,
    declaredAt: T,
    rules: [],
    alerts: 0,
  },
  ...{ spans: {}, assumedStart: false, openActions: [], doneActions: 0, ...more },
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
    actions: { open: 1, done: 1, oldest: { incident: 'INC-3', text: 'Alert on it' } },
    suspects: { judged: 3, right: 1, wrong: 1, silent: 1 },
  })
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
