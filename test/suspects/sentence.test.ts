import { expect, test } from 'vitest'
import { rankSuspects } from '../../src/suspects/rank.ts'
import { sentencesOf } from '../../src/suspects/sentence.ts'
import { developmentText, unitBeside } from '../../src/suspects/value-text.ts'
import { calls, incident, line, ONSET, service } from './shop.ts'

const collapse = incident({
  edges: calls('web -> shipping -> catalogue-db', 'web -> ratings -> catalogue-db'),
  series: [
    ...service('web'),
    ...service('shipping', { p90: 9000 }, { p90: 1000 }),
    ...service('ratings', { p90: 2600 }, { p90: 120 }),
    { ...line('catalogue-db', 'connections', 41, 96), limit: 100 },
  ],
})

test('states who, which signal, since when, and who is affected', () => {
  expect(sentencesOf(rankSuspects(collapse))).toBe(
    '`catalogue-db` is the likely cause: connections 41 → 100 (limit 100) since 01:00. ' +
      '`ratings` and `shipping` are slow because they call it.',
  )
})

test('mentions a recent change instead of what could not be read', () => {
  const change = { service: 'catalogue-db', at: ONSET - 120_000, title: 'pool size 41 -> 100' }
  expect(sentencesOf(rankSuspects({ ...collapse, changes: [change] }))).toMatch(
    / Changed shortly before: pool size 41 -> 100 \(00:58\)\.$/,
  )
})

test('says that two are possible when neither leads', () => {
  const input = incident({ series: [...service('web'), line('cart', 'cpu', 0.2, 0.8), line('user', 'cpu', 0.2, 0.8)] })
  expect(sentencesOf(rankSuspects(input))).toMatch(/^`\w+` is a possible cause: cpu 20 % → .* %.*; so is `\w+`\.$/)
})

test('says plainly that nothing stands out, and what could not be read', () => {
  const blind = { ...line('cart', 'cpu', 0.2), values: [] }
  expect(sentencesOf(rankSuspects(incident({ series: [...service('web'), blind] })))).toBe(
    'No clear suspect: no signal left its usual range. 1 of 4 signals could not be read.',
  )
})

test('says when a suspect is seen only by its callers', () => {
  const input = incident({
    edges: calls('web -> PassthroughCluster'),
    virtual: ['PassthroughCluster'],
    series: [...service('web'), line('PassthroughCluster', 'p90', 20, 800)],
  })
  expect(sentencesOf(rankSuspects(input))).toContain(
    '`PassthroughCluster` is the likely cause, as its callers see it: p90',
  )
})

test('formats instants with the given clock', () => {
  expect(sentencesOf(rankSuspects(collapse), () => 'noon')).toContain('since noon')
})

test.each([
  [1250.4, 9280, 'ms', '1.25 s \u2192 9.28 s'],
  [0.98765, 0.41, 'ratio', '99 % \u2192 41 %'],
  [97.1234, 90, 'percent_ok', '97 % ok \u2192 90 % ok'],
  [3.09, 102.3, 'requests_per_second', '3.1 \u2192 102 requests/s'],
  [5 * 1024 ** 2, 2 ** 30, 'bytes', '5 MiB \u2192 1 GiB'],
  [0.00646, 0.02, 'seconds_or_ms', '0.00646 \u2192 0.02'],
  [-1.4e-14, 3, 'raw', '0 \u2192 3'],
  [41, 100, 'connections', '41 \u2192 100 connections'],
  [null, 20, 'ms', 'nothing \u2192 20 ms'],
  [20, null, 'ms', '20 ms \u2192 nothing'],
] as const)('formats %s and %s in %s as "%s"', (baseline, now, unit, text) => {
  expect(developmentText(baseline, now, unit)).toBe(text)
})

test("omits a unit that the metric's name already contains, and only then", () => {
  expect(unitBeside('connections', 'connections')).toBe('')
  expect(unitBeside('hit ratio', 'ratio')).toBe('ratio')
  expect(unitBeside('queue depth', 'messages')).toBe('messages')
})
