import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** What an expression measures as far as its text leaves no doubt: a unit that charts know, and a title for people. */
export type MeasuredWords = {
  unit: string
  title?: string
  /** The label its lines differ in, where it measures everything at once: `service`. */
  by?: string
}

const SUFFIXES: Record<string, string> = { seconds: 's', milliseconds: 'ms', bytes: 'bytes' }
const FAILED = /5\.\.|5xx|err|fail/i

/**
 * Reads unit and title off an expression: a quantile of a histogram is in the unit the histogram's name ends in, a part
 * divided by its whole is a share. The unit is empty where the text leaves a doubt.
 */
export const measuredWords = (expression: string): MeasuredWords => {
  const top = parser.parse(expression).topNode.firstChild
  if (!top) return { unit: '' }
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to)
  return quantile(top, text) ?? share(top, text) ?? { unit: '' }
}

type Text = (node: SyntaxNode) => string

const quantile = (top: SyntaxNode, text: Text): MeasuredWords | undefined => {
  const called = top.firstChild
  if (top.name !== 'FunctionCall' || !called || text(called) !== 'histogram_quantile') return undefined
  const units = new Set([...text(top).matchAll(/_(milliseconds|seconds|bytes)_bucket\b/g)].map(([, unit]) => unit))
  const [unit] = units
  return units.size === 1 && unit ? { unit: SUFFIXES[unit] ?? '' } : undefined
}

/** `failed / all`, `100 * failed / all`, `failed / all * 100`: the part is made of metrics that the whole is made of. */
const share = (top: SyntaxNode, text: Text): MeasuredWords | undefined => {
  const { inner, factor } = withoutFactor(top, text)
  if (inner.name !== 'BinaryExpr' || inner.firstChild?.nextSibling?.name !== 'Div' || !inner.lastChild) return undefined
  const part = withoutFactor(inner.firstChild, text)
  const times = factor * part.factor
  const [own, all] = [metricsIn(part.inner, text), metricsIn(inner.lastChild, text)]
  const failed = FAILED.test(text(part.inner))
  const counted = [...own, ...all].every((name) => /_(total|count)$/.test(name))
  const isPart = own.length > 0 && own.every((name) => all.includes(name))
  if (!(isPart || (failed && counted && own.length > 0)) || (times !== 1 && times !== 100)) return undefined
  const unit = times === 100 ? '%' : 'ratio'
  if (!failed || !/request|http|grpc/i.test(all.join(' '))) return { unit }
  const by = labelOf(part.inner, text)
  return by === undefined ? { unit, title: 'Failed requests' } : { unit, title: `Failed requests by ${by}`, by }
}

/** The operand without brackets and without the number it is multiplied by. */
const withoutFactor = (node: SyntaxNode, text: Text): { inner: SyntaxNode; factor: number } => {
  let inner = node
  let factor = 1
  for (;;) {
    const [left, right] = [inner.firstChild, inner.lastChild]
    if (inner.name === 'ParenExpr' && left) inner = left
    else if (inner.name === 'BinaryExpr' && left?.nextSibling?.name === 'Mul' && right) {
      const number = [left, right].find(({ name }) => name === 'NumberDurationLiteral')
      if (!number) return { inner, factor }
      factor *= Number(text(number))
      inner = number.from === left.from ? right : left
    } else return { inner, factor }
  }
}

/** The one label of `sum by (service)`, unless the expression is about one value of it: `service="shipping"`. */
const labelOf = (node: SyntaxNode, text: Text): string | undefined => {
  const labels = node.getChild('AggregateModifier')?.getChild('GroupingLabels')?.getChildren('LabelName') ?? []
  const [label] = labels.map(text)
  return labels.length === 1 && label && !new RegExp(`\\b${label}\\s*=\\s*["'\`]`).test(text(node)) ? label : undefined
}

/** The names of the metrics in it. */
const metricsIn = (node: SyntaxNode, text: Text): string[] => {
  const names: string[] = []
  node.cursor().iterate((child) => {
    if (child.name === 'Identifier' && child.node.parent?.name === 'VectorSelector') names.push(text(child.node))
    return child.to <= node.to
  })
  return [...new Set(names)]
}
