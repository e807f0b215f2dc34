import { PromqlError } from '../promql/errors.ts'
import { bind } from '../promql/evaluate.ts'
import type { Labels, Matcher } from '../promql/labels.ts'
import { keyOf } from '../promql/labels.ts'
import { durationMs, valueText } from '../promql/literals.ts'
import { parse } from '../promql/syntax.ts'
import type { Sample, Storage, Value } from '../promql/values.ts'

/** Request parameters, from the query string or a form. */
export type Parameters = Record<string, string | undefined>

const bad = (name: string, problem: string) => new PromqlError('bad_data', `invalid parameter "${name}": ${problem}`)

/** A point in time as an API parameter: unix seconds with decimals, or RFC 3339. Returns epoch ms. */
export const instantOf = (name: string, text: string): number => {
  const at = /^-?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (Number.isNaN(at)) throw bad(name, `cannot parse "${text}" to a valid timestamp`)
  return at
}

const stepOf = (text: string): number => {
  let stepMs: number
  try {
    stepMs = durationMs(text)
  } catch {
    throw bad('step', `cannot parse "${text}" to a valid duration`)
  }
  if (stepMs <= 0)
    throw bad('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer')
  return stepMs
}

const parsed = (query: string) => {
  try {
    return parse(query)
  } catch (error) {
    if (error instanceof PromqlError) throw bad('query', error.message)
    throw error
  }
}

const point = ([at, value]: Sample) => [at / 1000, valueText(value)]

/** Sorts labels, so that responses are deterministic. */
const metric = (labels: Labels) => Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/** `GET /api/v1/query`. */
export const instantQuery = ({ query = '', time }: Parameters, storage: Storage, now: number) => {
  const at = time ? instantOf('time', time) : now
  const value = bind(parsed(query), storage)(at)
  return { resultType: value.type, result: instantResult(value, at) }
}

const instantResult = (value: Value, at: number) => {
  switch (value.type) {
    case 'vector':
      return value.elements.map((each) => ({ metric: metric(each.labels), value: point([at, each.value]) }))
    case 'scalar':
      return point([at, value.value])
    case 'string':
      return [at / 1000, value.value]
    default:
      return value satisfies never
  }
}

/** `GET /api/v1/query_range`. */
export const rangeQuery = ({ query = '', start = '', end = '', step = '' }: Parameters, storage: Storage) => {
  const from = instantOf('start', start)
  const to = instantOf('end', end)
  const stepMs = stepOf(step)
  if (to < from) throw bad('end', 'end timestamp must not be before start time')
  if ((to - from) / stepMs > 11_000)
    throw new PromqlError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  const valueAt = bind(parsed(query), storage)
  const rows = new Map<string, { metric: Labels; values: unknown[] }>()
  for (let at = from; at <= to; at += stepMs) {
    for (const { labels, value } of elementsOf(valueAt(at))) {
      const key = keyOf(labels)
      const row = rows.get(key) ?? { metric: metric(labels), values: [] }
      rows.set(key, row)
      row.values.push(point([at, value]))
    }
  }
  return { resultType: 'matrix', result: [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row) }
}

const elementsOf = (value: Value) => {
  if (value.type === 'string')
    throw bad('query', 'invalid expression type "string" for range query, must be Scalar or instant Vector')
  return value.type === 'scalar' ? [{ labels: {}, value: value.value }] : value.elements
}

/** The label sets of the stored series that match any of the selectors; all of them without a selector. */
export const matchingSeries = (selectors: readonly string[], storage: Storage): Labels[] => {
  const found = selectors.length ? selectors.flatMap((text) => storage.select(matchersOf(text))) : storage.select([])
  return [...new Map(found.map(({ labels }) => [keyOf(labels), metric(labels)])).values()]
}

const matchersOf = (text: string): Matcher[] => {
  const expr = parsed(text)
  if (expr.kind !== 'selector') throw bad('match[]', 'expected type vector selector')
  return expr.matchers
}
