import { describe, expect, test } from 'vitest'
import { PromqlError } from '../../../sandbox/promql/errors.ts'
import { bind } from '../../../sandbox/promql/evaluate.ts'
import { type Labels, matchesAll } from '../../../sandbox/promql/labels.ts'
import { parse } from '../../../sandbox/promql/syntax.ts'
import type { Sample, Storage } from '../../../sandbox/promql/values.ts'

const minute = 60_000

/** A series with a sample every minute from minute 0; null is a failed scrape. */
const series = (labels: Labels, values: (number | null)[]) => {
  const samples = values.flatMap((value, i): Sample[] => (value === null ? [] : [[i * minute, value]]))
  return { labels, samples: (from: number, to: number) => samples.filter(([at]) => at > from && at <= to) }
}

const stored = [
  series({ __name__: 'requests_total', service: 'web', code: '200' }, [0, 60, 120, 180, 240, 300]),
  series({ __name__: 'requests_total', service: 'web', code: '500' }, [0, 6, 12, 18, 24, 30]),
  series({ __name__: 'requests_total', service: 'cart', code: '200' }, [0, 30, 60, 90, 120, 150]),
  series({ __name__: 'restarting_total', service: 'web' }, [100, 160, 220, 20, 80, 140]),
  series({ __name__: 'temperature', room: 'a' }, [20, 21, 22, 23, 24, 25]),
  series({ __name__: 'temperature', room: 'b' }, [10, 10, 30, 10, null, null]),
  series({ __name__: 'limit', room: 'a', floor: '2' }, [24, 24, 24, 24, 24, 24]),
  series({ __name__: 'limit', room: 'b', floor: '1' }, [24, 24, 24, 24, 24, 24]),
  ...[
    ['0.1', 1],
    ['0.5', 5],
    ['1', 9],
    ['+Inf', 10],
  ].map(([le, count]) =>
    series({ __name__: 'seconds_bucket', le: String(le) }, [0, Number(count) * 60, Number(count) * 120]),
  ),
]

const storage: Storage = {
  select: (matchers) => stored.filter(({ labels }) => matchesAll(labels, matchers)),
}

/** Evaluates a query at a minute; vectors as `label=value,...` -> value. */
const ask = (query: string, at = 5) => {
  const value = bind(parse(query), storage)(at * minute)
  if (value.type !== 'vector') return value.value
  return Object.fromEntries(
    value.elements.map(({ labels, value: each }) => [
      Object.entries(labels)
        .map(([name, text]) => `${name}=${text}`)
        .sort()
        .join(','),
      each,
    ]),
  )
}

const refusalOf = (query: string) => {
  try {
    ask(query)
  } catch (error) {
    if (error instanceof PromqlError) return { type: error.type, message: error.message }
    throw error
  }
  throw new Error(`${query} was taken`)
}

describe('selectors', () => {
  test('return the latest sample of every matching series', () => {
    expect(ask('temperature{room="a"}')).toEqual({ '__name__=temperature,room=a': 25 })
    expect(ask('temperature{room!="a"}', 3)).toEqual({ '__name__=temperature,room=b': 10 })
  })

  test('anchor regular expressions', () => {
    expect(ask('count(requests_total{code=~"5.."})')).toEqual({ '': 1 })
    expect(ask('count(requests_total{code=~"5"})')).toEqual({})
    expect(ask('count(requests_total{code!~"5.."})')).toEqual({ '': 2 })
  })

  test('ignore series whose last sample is five minutes old', () => {
    expect(ask('temperature{room="b"}', 7)).toEqual({ '__name__=temperature,room=b': 10 })
    expect(ask('temperature{room="b"}', 8)).toEqual({})
  })

  test('support offset', () => {
    expect(ask('temperature{room="a"} offset 2m')).toEqual({ '__name__=temperature,room=a': 23 })
    expect(ask('delta(temperature{room="a"}[2m] offset 1m)')).toEqual({ 'room=a': 2 })
    expect(ask('temperature{room="a"} - temperature{room="a"} offset 2m')).toEqual({ 'room=a': 2 })
  })
})

describe('functions over a range', () => {
  test('rate is the increase per second, extrapolated to the window', () => {
    expect(ask('rate(requests_total{service="web",code="200"}[4m])')).toEqual({ 'code=200,service=web': 1 })
  })

  test('increase handles counter resets', () => {
    // Samples 220, 20, 80, 140 at minutes 2 to 5 rise by 20 + 60 + 60; the window is a minute longer than they cover,
    // but a counter of 220 may have begun no earlier than its own rise says.
    expect(ask('increase(restarting_total[4m])')).toEqual({ 'service=web': (140 * 4) / 3 })
  })

  test('irate uses the last two samples only', () => {
    expect(ask('irate(restarting_total[5m])', 3)).toEqual({ 'service=web': 20 / 60 })
  })

  test('a counter that starts inside the window is not extrapolated below zero', () => {
    expect(ask('increase(requests_total{service="cart"}[5m])', 1)).toEqual({ 'code=200,service=cart': 30 })
  })

  test('rate of a single sample is empty', () => {
    expect(ask('rate(requests_total[1m])')).toEqual({})
  })

  test('_over_time functions aggregate the samples of a window', () => {
    expect(ask('max_over_time(temperature{room="b"}[5m])')).toEqual({ 'room=b': 30 })
    expect(ask('avg_over_time(temperature{room="a"}[3m])')).toEqual({ 'room=a': 24 })
    expect(ask('changes(temperature{room="b"}[5m])')).toEqual({ 'room=b': 2 })
    expect(ask('deriv(temperature{room="a"}[5m])')).toEqual({ 'room=a': expect.closeTo(1 / 60) })
  })
})

describe('aggregation', () => {
  test('by and without keep or drop labels', () => {
    expect(ask('sum by (service) (requests_total)')).toEqual({ 'service=web': 330, 'service=cart': 150 })
    expect(ask('sum(requests_total) without (code)')).toEqual({ 'service=web': 330, 'service=cart': 150 })
    expect(ask('max(requests_total)')).toEqual({ '': 300 })
    expect(ask('quantile(0.5, requests_total)')).toEqual({ '': 150 })
  })

  test('topk keeps labels', () => {
    expect(ask('topk(1, requests_total)')).toEqual({ '__name__=requests_total,code=200,service=web': 300 })
  })
})

describe('operators', () => {
  test('divide series with the same labels', () => {
    const ratio = 'sum by (service) (requests_total{code=~"5.."}) / sum by (service) (requests_total)'
    expect(ask(ratio)).toEqual({ 'service=web': 30 / 330 })
  })

  test("have Prometheus's precedence: power, sign, product, sum", () => {
    expect(ask('2 + 3 * 2 ^ 2')).toBe(14)
    expect(ask('-2 ^ 2')).toBe(-4)
    expect(ask('(2 + 3) * 2')).toBe(10)
  })

  test('a comparison filters, or returns 0 or 1 with bool', () => {
    expect(ask('temperature > 22', 3)).toEqual({ '__name__=temperature,room=a': 23 })
    expect(ask('22 < temperature', 3)).toEqual({ '__name__=temperature,room=a': 23 })
    expect(ask('temperature > bool 22', 3)).toEqual({ 'room=a': 1, 'room=b': 0 })
  })

  test('match on some labels and copy others with group_left', () => {
    expect(ask('temperature / on (room) limit', 3)).toEqual({ 'room=a': 23 / 24, 'room=b': 10 / 24 })
    expect(ask('temperature - on (room) group_left (floor) limit', 3)).toEqual({
      'floor=2,room=a': -1,
      'floor=1,room=b': -14,
    })
    expect(ask('temperature > ignoring (floor) limit', 5)).toEqual({ '__name__=temperature,room=a': 25 })
  })

  test('or adds missing series', () => {
    expect(ask('sum(nothing) or vector(0)')).toEqual({ '': 0 })
    expect(ask('temperature and on (room) limit{floor="2"}', 3)).toEqual({ '__name__=temperature,room=a': 23 })
    expect(ask('temperature unless on (room) limit{floor="2"}', 3)).toEqual({ '__name__=temperature,room=b': 10 })
  })
})

test('histogram_quantile interpolates inside the bucket', () => {
  const query = (q: number) => `histogram_quantile(${q}, sum by (le) (rate(seconds_bucket[2m])))`
  expect(ask(query(0.9), 2)).toEqual({ '': 1 })
  expect(ask(query(0.5), 2)).toEqual({ '': 0.5 })
  expect(ask(query(0.7), 2)).toEqual({ '': 0.75 })
  expect(ask(query(0.99), 2)).toEqual({ '': 1 })
})

test('label_replace derives a label from another', () => {
  expect(ask('label_replace(limit{room="a"}, "storey", "no $1", "floor", "(.)")')).toEqual({
    '__name__=limit,floor=2,room=a,storey=no 2': 24,
  })
})

describe('errors', () => {
  test('include the position', () => {
    expect(refusalOf('sum(')).toEqual({ type: 'bad_data', message: '1:5: parse error: unexpected end of input' })
    expect(refusalOf('up\n{a="b"')).toMatchObject({ message: expect.stringContaining('2:7: parse error') })
    expect(refusalOf('')).toMatchObject({ message: expect.stringContaining('no expression found') })
  })

  test('name unsupported syntax instead of guessing', () => {
    expect(refusalOf('max_over_time(rate(requests_total[1m])[5m:30s])').type).toBe('bad_data')
    expect(refusalOf('holt_winters(temperature[5m], 0.5, 0.5)').type).toBe('bad_data')
    expect(refusalOf('(temperature) offset 1m').message).toContain('offset modifier must be preceded by')
    expect(refusalOf('temperature @ 60').type).toBe('bad_data')
    expect(refusalOf('{room=~".*"}').message).toContain('at least one non-empty matcher')
    expect(refusalOf('rate(temperature)').message).toContain('range vector')
    expect(refusalOf('temperature{room=~"("}').type).toBe('bad_data')
  })

  test('many-to-many matching is an execution error', () => {
    expect(refusalOf('requests_total / on (service) requests_total').type).toBe('execution')
  })
})
