import { badData, PromqlError } from './errors.ts'
import { keyOf, type Labels, omit, pick, withoutName } from './labels.ts'
import type { Binary, Matching } from './syntax.ts'
import type { Element, Value } from './values.ts'

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
}

const comparison: Record<string, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
}

/** Evaluates a binary operator. A comparison without `bool` filters the left side. */
export const operate = (expr: Binary, left: Value, right: Value): Value => {
  const { op, bool } = expr
  if (left.type === 'string' || right.type === 'string')
    throw badData('parse error: binary expression must contain only scalar and instant vector types')
  if (op === 'and' || op === 'or' || op === 'unless') {
    if (left.type !== 'vector' || right.type !== 'vector')
      throw badData(`parse error: set operator ${JSON.stringify(op)} not allowed in binary scalar expression`)
    return { type: 'vector', elements: setOperation(op, left.elements, right.elements, expr.matching) }
  }
  if (left.type === 'scalar' && right.type === 'scalar') {
    if (comparison[op] && !bool) throw badData('parse error: comparisons between scalars must use BOOL modifier')
    return { type: 'scalar', value: compute(expr, left.value, right.value) ?? 0 }
  }
  if (left.type === 'vector' && right.type === 'vector')
    return { type: 'vector', elements: matched(expr, left.elements, right.elements) }
  const scalarLeft = left.type === 'scalar'
  const scalar = scalarLeft ? left.value : right.type === 'scalar' ? right.value : Number.NaN
  const elements = left.type === 'vector' ? left.elements : right.type === 'vector' ? right.elements : []
  return {
    type: 'vector',
    elements: elements.flatMap(({ labels, value }) => {
      const result = scalarLeft ? compute(expr, scalar, value) : compute(expr, value, scalar)
      if (result === undefined) return []
      // A filter keeps the vector's value, whichever side it is on.
      const kept = comparison[op] && !bool ? value : result
      return [{ labels: comparison[op] && !bool ? labels : withoutName(labels), value: kept }]
    }),
  }
}

/** Undefined when a filtering comparison is false. */
const compute = ({ op, bool }: Binary, a: number, b: number): number | undefined => {
  const test = comparison[op]
  if (test) return bool ? Number(test(a, b)) : test(a, b) ? a : undefined
  const calculate = arithmetic[op]
  if (!calculate) throw badData(`parse error: the stand-in does not know the operator ${JSON.stringify(op)}`)
  return calculate(a, b)
}

const signature = (labels: Labels, matching: Matching | undefined): Labels =>
  matching?.on ? pick(labels, matching.labels) : omit(labels, [...(matching?.labels ?? []), '__name__'])

const setOperation = (op: 'and' | 'or' | 'unless', left: Element[], right: Element[], matching?: Matching) => {
  const key = ({ labels }: Element) => keyOf(signature(labels, matching))
  const onTheLeft = new Set(left.map(key))
  const onTheRight = new Set(right.map(key))
  if (op === 'and') return left.filter((element) => onTheRight.has(key(element)))
  if (op === 'unless') return left.filter((element) => !onTheRight.has(key(element)))
  return [...left, ...right.filter((element) => !onTheLeft.has(key(element)))]
}

const matched = (expr: Binary, left: Element[], right: Element[]): Element[] => {
  const { matching, op, bool } = expr
  const manyOnTheRight = matching?.group === 'right'
  const [many, one] = manyOnTheRight ? [right, left] : [left, right]
  const ones = new Map<string, Element>()
  for (const element of one) {
    const key = keyOf(signature(element.labels, matching))
    if (ones.has(key)) throw duplicate(element, matching, manyOnTheRight ? 'left' : 'right')
    ones.set(key, element)
  }
  const seen = new Set<string>()
  return many.flatMap((element) => {
    const key = keyOf(signature(element.labels, matching))
    const other = ones.get(key)
    if (!other) return []
    if (!matching?.group && seen.has(key)) throw duplicate(element, matching, 'left')
    seen.add(key)
    const [a, b] = manyOnTheRight ? [other.value, element.value] : [element.value, other.value]
    const value = compute(expr, a, b)
    if (value === undefined) return []
    const filtered = comparison[op] && !bool
    return [{ labels: resultLabels(element.labels, other.labels, matching, Boolean(filtered)), value }]
  })
}

const resultLabels = (many: Labels, one: Labels, matching: Matching | undefined, filtered: boolean): Labels => {
  if (matching?.group) return { ...(filtered ? many : withoutName(many)), ...pick(one, matching.include) }
  if (filtered && !matching?.on) return many
  return signature(many, matching)
}

const duplicate = ({ labels }: Element, matching: Matching | undefined, side: 'left' | 'right') =>
  new PromqlError(
    'execution',
    `found duplicate series for the match group {${keyOf(signature(labels, matching))}} on the ${side} hand-side of the operation`,
  )
