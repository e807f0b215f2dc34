import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  clean,
  instant,
  keyOf,
  Labels,
  Link,
  List,
  Part,
  present,
  promqlIn,
  severityOf,
  Text,
} from '../../src/incident/outside.ts'

test('text is kept intact except for characters that no database can store', () => {
  expect(clean('a\0b\ud800c')).toBe('a\uFFFDb\uFFFDc')
  expect(Text.parse('x'.repeat(10_000))).toHaveLength(10_000)
  expect([Text.parse(42), Text.parse(false), Text.parse(' '), Text.parse(null), Text.parse({})]).toEqual([
    '42',
    'false',
    undefined,
    undefined,
    undefined,
  ])
})

test('only web links are accepted as links', () => {
  expect(Link.parse('https://grafana.example/d/1?a=b')).toBe('https://grafana.example/d/1?a=b')
  for (const link of ['javascript:alert(1)', 'data:text/html,x', '/d/1', 'https://', 'ftp://x.example', 7, undefined]) {
    expect(Link.parse(link)).toBeUndefined()
  }
})

test('labels are text by name, whatever the sender provides', () => {
  expect(Labels.parse({ a: 'b', n: 1, 'nul\0': 'c', list: ['x'], gone: null, empty: '' })).toEqual({
    a: 'b',
    n: '1',
    'nul\uFFFD': 'c',
  })
  expect(Labels.parse(JSON.parse('{"__proto__":"x"}'))).toEqual({})
  expect([Labels.parse('text'), Labels.parse(['a']), Labels.parse(undefined)]).toEqual([{}, {}, {}])
})

test('a missing member or list is not an error', () => {
  const Body = z.object({ part: Part({ name: Text }), list: List(z.object({ id: z.number() })) })
  expect(Body.parse({})).toEqual({ part: undefined, list: [] })
  expect(Body.parse({ part: 'text', list: [{ id: 1 }, { id: 'two' }, null] })).toEqual({
    part: undefined,
    list: [{ id: 1 }],
  })
})

describe('an instant', () => {
  const receivedAt = Date.parse('2026-11-21T06:00:00Z')
  test.each<[unknown, string]>([
    ['2026-11-21T04:40:00.123Z', '2026-11-21T04:40:00.123Z'],
    ['2026-11-21T04:40:00.000+0000', '2026-11-21T04:40:00.000Z'],
    ['2026-11-21T05:40:00+01:00', '2026-11-21T04:40:00.000Z'],
    ['2026-11-21 04:40:35.527', '2026-11-21T04:40:35.527Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    [1795236000, '2026-11-21T04:40:00.000Z'],
    [1795236000000, '2026-11-21T04:40:00.000Z'],
    ['1795236000.5', '2026-11-21T04:40:00.500Z'],
  ])('%j is %s', (input, iso) => {
    expect(instant(input, receivedAt)).toBe(Date.parse(iso))
  })

  test.each([
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    0,
    -1,
    '2026-11-22T06:00:01Z',
    '9999-99-99',
    'yesterday',
    '1',
    '',
    null,
    undefined,
    Number.NaN,
    1e300,
    {},
  ])('%j is none', (input) => {
    expect(instant(input, receivedAt)).toBeUndefined()
  })

  test('may be any later time when the current time is not given', () => {
    expect(instant('2030-01-01T00:00:00Z')).toBe(Date.parse('2030-01-01T00:00:00Z'))
  })
})

test('a key is short enough to index, and differs when any part differs', () => {
  expect(keyOf('pagerduty', 'Q1')).toBe('pagerduty:Q1')
  expect(keyOf('a', 'x\0')).toBe('a:x\uFFFD')
  fc.assert(
    fc.property(fc.string({ minLength: 400, maxLength: 5_000 }), (text) => {
      expect(Buffer.byteLength(keyOf('a', text))).toBeLessThan(600)
      expect(keyOf('a', text)).toBe(keyOf('a', text))
      expect(keyOf('a', `${text}1`)).not.toBe(keyOf('a', `${text}2`))
    }),
  )
})

test('recognises severities under many names', () => {
  expect(['page', 'P1', 'HIGH', 'warn', 'sev4', 'constructor', undefined].map(severityOf)).toEqual([
    'critical',
    'critical',
    'error',
    'warning',
    'info',
    undefined,
    undefined,
  ])
})

test('extracts the expression from a link to Prometheus, in the old and new format', () => {
  expect(promqlIn('http://prom:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1')).toBe('up == 0')
  expect(promqlIn('http://prom:9090/query?g0.expr=a%00b')).toBe('a\uFFFDb')
  expect([promqlIn('http://prom:9090/graph'), promqlIn('not a link'), promqlIn(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('omits absent members', () => {
  expect(Object.keys(present({ a: 1, b: undefined, c: '' }))).toEqual(['a', 'c'])
})
