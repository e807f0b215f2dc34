import { badData } from './errors.ts'
import { keyOf, type Labels, omit, once, pick } from './labels.ts'
import { quantile } from './ranges.ts'
import type { Aggregate } from './syntax.ts'
import type { Element, Value } from './values.ts'

const folds: Record<string, (values: number[]) => number> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: (values) => variance(values),
}

const variance = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

/** `sum by (service) (...)`, `topk(3, ...)`: the arguments are already evaluated. */
export const aggregate = ({ op, grouping }: Aggregate, args: readonly Value[]): Element[] => {
  const parameter = args.length > 1 ? args[0] : undefined
  const vector = args.at(-1)
  if (vector?.type !== 'vector')
    throw badData(`parse error: expected type instant vector in aggregation expression, got ${vector?.type}`)
  const groups = Map.groupBy(vector.elements, ({ labels }) => keyOf(groupLabels(labels, grouping)))
  return [...groups.values()].flatMap((members) => {
    const labels = groupLabels(members[0]?.labels ?? {}, grouping)
    const values = members.map(({ value }) => value)
    if (op === 'topk' || op === 'bottomk') return extremes(op, members, number(op, parameter))
    if (op === 'quantile') return [{ labels, value: quantile(number(op, parameter), values) }]
    const fold = folds[op]
    if (!fold) throw badData(`parse error: the stand-in does not know the aggregation ${JSON.stringify(op)}`)
    return [{ labels, value: fold(values) }]
  })
}

type Grouping = NonNullable<Aggregate['grouping']>

const cuts = new WeakMap<Grouping, (labels: Labels) => Labels>()

const groupLabels = (labels: Labels, grouping: Aggregate['grouping']): Labels => {
  if (!grouping) return NONE
  const known = cuts.get(grouping)
  if (known) return known(labels)
  const cut = once((all) => (grouping.by ? pick(all, grouping.labels) : omit(all, [...grouping.labels, '__name__'])))
  cuts.set(grouping, cut)
  return cut(labels)
}

const NONE: Labels = {}

const extremes = (op: 'topk' | 'bottomk', members: Element[], k: number) =>
  [...members].sort((a, b) => (op === 'topk' ? b.value - a.value : a.value - b.value)).slice(0, Math.max(0, k))

const number = (op: string, value: Value | undefined) => {
  if (value?.type !== 'scalar') throw badData(`parse error: expected type scalar in aggregation parameter of ${op}`)
  return value.value
}
