import { parser } from '@prometheus-io/lezer-promql'
import type { Alert } from '../../incident/alert.ts'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** The expression behind an alert: as its source sent it, or from the link to Prometheus's graph page. */
export const expressionOf = ({ query, url }: Pick<Alert, 'query' | 'url'>): string | undefined => {
  if (query?.trim()) return query
  if (!url || !URL.canParse(url)) return undefined
  return new URL(url).searchParams.get('g0.expr')?.trim() || undefined
}

/** What an alerting expression measures, and the number it is compared with. */
export type Measured = { query: string; threshold?: number; notes: string[] }

const COMPARISONS = new Set(['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq', 'EqlSingle'])

/**
 * Strips the comparison from an alerting expression: for `latency > 0.5` the chart is `latency`, with a threshold of
 * 0.5. The full expression has values only while it fires, which hides the development before. For `a > 1 and b > 2`
 * the result carries the values of `a`, so `a` is drawn. Anything that is not understood is kept whole.
 */
export const measuredBy = (expression: string): Measured => {
  const whole: Measured = { query: expression.trim(), notes: [] }
  const tree = parser.parse(expression)
  if (hasError(tree.topNode)) return whole
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to)
  const notes: string[] = []
  let threshold: number | undefined
  let node = tree.topNode.firstChild
  while (node) {
    const step = operandsOf(node)
    if (node.name === 'ParenExpr') node = node.firstChild
    else if (!step) break
    else if (step.operator === 'And' || step.operator === 'Unless') {
      notes.push(`The alert also depends on: ${step.operator === 'Unless' ? 'not ' : ''}${text(step.right)}`)
      node = step.left
    } else if (COMPARISONS.has(step.operator)) {
      const [left, right] = [constantOf(step.left, text), constantOf(step.right, text)]
      if (left !== undefined && right !== undefined) break
      threshold ??= right ?? left
      if (right === undefined && left === undefined) notes.push(`The alert compares with: ${text(step.right)}`)
      node = left === undefined ? step.left : step.right
    } else break
  }
  if (!node) return whole
  return { query: text(node).trim(), ...(threshold !== undefined && { threshold }), notes }
}

const operandsOf = (node: SyntaxNode) => {
  if (node.name !== 'BinaryExpr') return undefined
  const left = node.firstChild
  const operator = left?.nextSibling
  const right = node.lastChild
  return left && operator && right ? { left, operator: operator.name, right } : undefined
}

/** The value of an operand made of numbers alone, as `1024 * 1024 * 500` is. */
const constantOf = (node: SyntaxNode, text: (node: SyntaxNode) => string): number | undefined => {
  if (node.name === 'NumberDurationLiteral') return literal(text(node))
  if (node.name === 'ParenExpr') return node.firstChild ? constantOf(node.firstChild, text) : undefined
  if (node.name === 'UnaryExpr') {
    const value = node.lastChild ? constantOf(node.lastChild, text) : undefined
    return value !== undefined && text(node).startsWith('-') ? -value : value
  }
  const parts = operandsOf(node)
  const left = parts && constantOf(parts.left, text)
  const right = parts && constantOf(parts.right, text)
  const value = parts && left !== undefined && right !== undefined ? arithmetic(left, parts.operator, right) : undefined
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

const arithmetic = (left: number, operator: string, right: number): number | undefined => {
  switch (operator) {
    case 'Add':
      return left + right
    case 'Sub':
      return left - right
    case 'Mul':
      return left * right
    case 'Div':
      return left / right
    case 'Mod':
      return left % right
    case 'Pow':
      return left ** right
    default:
      return undefined
  }
}

const DURATION = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 }

/** A number as PromQL writes it, or a duration in seconds (`5m` is 300). */
const literal = (text: string): number | undefined => {
  const plain = Number(text.replaceAll('_', ''))
  if (Number.isFinite(plain)) return plain
  if (!/^((\d+)(ms|[ywdhms]))+$/.test(text)) return undefined
  const parts = text.matchAll(/(\d+)(ms|[ywdhms])/g)
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * DURATION[unit as keyof typeof DURATION], 0)
}

const hasError = (node: SyntaxNode): boolean => {
  if (node.type.isError) return true
  for (let child = node.firstChild; child; child = child.nextSibling) if (hasError(child)) return true
  return false
}
