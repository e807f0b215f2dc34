import { aggregate } from './aggregate.ts'
import { operate } from './binary.ts'
import { badData, PromqlError } from './errors.ts'
import { instantFunctions } from './functions.ts'
import { keyOf, type Labels, withoutName } from './labels.ts'
import { rangeFunctions } from './ranges.ts'
import type { Call, Expr, Range, Selector } from './syntax.ts'
import { lookbackMs, type Sample, type Storage, type StoredSeries, type Value } from './values.ts'

/** Binds a query to a storage; the result evaluates it at an instant (epoch ms). Series are selected once. */
export const bind = (expr: Expr, storage: Storage): ((at: number) => Value) => {
  const selected = new Map<Selector, StoredSeries[]>()
  const seriesOf = (selector: Selector) => {
    const found = selected.get(selector) ?? storage.select(selector.matchers)
    selected.set(selector, found)
    return found
  }
  return (at) => evaluate(expr, { at, seriesOf })
}

type Context = { at: number; seriesOf(selector: Selector): StoredSeries[] }

const evaluate = (expr: Expr, context: Context): Value => {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', value: expr.value }
    case 'string':
      return { type: 'string', value: expr.value }
    case 'negate':
      return negate(evaluate(expr.expr, context))
    case 'selector':
      return { type: 'vector', elements: latest(expr, context) }
    case 'range':
      throw badData('parse error: expected type instant vector, got range vector')
    case 'call':
      return call(expr, context)
    case 'aggregate': {
      const elements = aggregate(
        expr,
        expr.args.map((arg) => evaluate(arg, context)),
      )
      return { type: 'vector', elements }
    }
    case 'binary':
      return operate(expr, evaluate(expr.left, context), evaluate(expr.right, context))
    default:
      return expr satisfies never
  }
}

const latest = (selector: Selector, { at, seriesOf }: Context) => {
  const to = at - selector.offsetMs
  return seriesOf(selector).flatMap(({ labels, samples }) => {
    const sample = samples(to - lookbackMs, to).at(-1)
    return sample ? [{ labels, value: sample[1] }] : []
  })
}

const call = ({ name, args }: Call, context: Context): Value => {
  const overRange = rangeFunctions[name]
  if (overRange) {
    const range = args[0]
    if (range?.kind !== 'range' || args.length !== 1)
      throw badData(`parse error: expected type range vector in call to function ${JSON.stringify(name)}`)
    const elements = windows(range, context).flatMap(({ labels, samples, from, to }) => {
      const value = overRange(samples, { from, to })
      return value === undefined ? [] : [{ labels: name === 'last_over_time' ? labels : withoutName(labels), value }]
    })
    return { type: 'vector', elements: distinct(elements) }
  }
  const instant = instantFunctions[name]
  if (!instant) throw badData(`parse error: unknown function with name ${JSON.stringify(name)} in the stand-in`)
  return instant(
    args.map((arg) => evaluate(arg, context)),
    context,
  )
}

type Window = { labels: Labels; samples: Sample[]; from: number; to: number }

const windows = ({ selector, rangeMs }: Range, { at, seriesOf }: Context): Window[] => {
  const to = at - selector.offsetMs
  const from = to - rangeMs
  return seriesOf(selector).map(({ labels, samples }) => ({ labels, samples: samples(from, to), from, to }))
}

const distinct = <E extends { labels: Labels }>(elements: E[]) => {
  if (new Set(elements.map(({ labels }) => keyOf(labels))).size !== elements.length)
    throw new PromqlError('execution', 'vector cannot contain metrics with the same labelset')
  return elements
}

const negate = (value: Value): Value => {
  if (value.type === 'string') throw badData('parse error: unary expression only allowed on scalars and vectors')
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value }
  return {
    type: 'vector',
    elements: value.elements.map((each) => ({ labels: withoutName(each.labels), value: -each.value })),
  }
}
