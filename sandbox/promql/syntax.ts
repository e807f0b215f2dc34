import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { badData } from './errors.ts'
import { type Matcher, matcher } from './labels.ts'
import { durationMs, numberOf, textOf } from './literals.ts'

export type Selector = { kind: 'selector'; matchers: Matcher[]; offsetMs: number }
export type Range = { kind: 'range'; selector: Selector; rangeMs: number }
export type Call = { kind: 'call'; name: string; args: Expr[] }
export type Aggregate = { kind: 'aggregate'; op: string; grouping?: { by: boolean; labels: string[] }; args: Expr[] }
export type Matching = { on: boolean; labels: string[]; group?: 'left' | 'right'; include: string[] }
export type Binary = { kind: 'binary'; op: string; bool: boolean; left: Expr; right: Expr; matching?: Matching }

/** The supported subset of PromQL as an expression tree. */
export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'negate'; expr: Expr }
  | Selector
  | Range
  | Call
  | Aggregate
  | Binary

/** Parses a query with the grammar of Prometheus's own editor. @throws PromqlError `bad_data` with the position. */
export const parse = (query: string): Expr => {
  if (!query.trim()) throw badData('1:1: parse error: no expression found in input')
  const tree = parser.parse(query)
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) throw badData(`${placeOf(query, node.from)}: parse error: ${complaint(query, node)}`)
    },
  })
  const root = tree.topNode.firstChild
  if (!root) throw badData('1:1: parse error: no expression found in input')
  return expression(root, query)
}

const placeOf = (query: string, offset: number) => {
  const lines = query.slice(0, offset).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

const complaint = (query: string, { from, to }: { from: number; to: number }) =>
  from >= query.trimEnd().length
    ? 'unexpected end of input'
    : `unexpected ${JSON.stringify(query.slice(from, Math.max(to, from + 1)))}`

const expression = (node: SyntaxNode, query: string): Expr => {
  const text = query.slice(node.from, node.to)
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { kind: 'number', value: numberOf(text) }
    case 'StringLiteral':
      return { kind: 'string', value: textOf(text) }
    case 'ParenExpr':
      return expression(only(node, query), query)
    case 'UnaryExpr': {
      const expr = expression(only(node, query), query)
      return text.startsWith('-') ? { kind: 'negate', expr } : expr
    }
    case 'VectorSelector':
      return selector(node, query)
    case 'MatrixSelector':
      return matrix(node, query)
    case 'OffsetExpr':
      return offset(node, query)
    case 'FunctionCall':
      return { kind: 'call', name: functionName(node, query), args: args(node, query) }
    case 'AggregateExpr':
      return aggregate(node, query)
    case 'BinaryExpr':
      return binary(node, query)
    default:
      throw badData(`${placeOf(query, node.from)}: parse error: the stand-in does not know ${node.name}: ${text}`)
  }
}

/** The single operand of a node. */
const only = (node: SyntaxNode, query: string) => {
  const operands = children(node).filter(({ name }) => name !== 'UnaryOp')
  if (operands.length !== 1) throw badData(`${placeOf(query, node.from)}: parse error: one operand expected`)
  return operands[0] as SyntaxNode
}

const children = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

const selector = (node: SyntaxNode, query: string): Selector => {
  const matchers = (node.getChild('LabelMatchers') ? children(node.getChild('LabelMatchers') as SyntaxNode) : []).map(
    (each) => labelMatcher(each, query),
  )
  const name = node.getChild('Identifier')
  if (name) matchers.unshift(matcher('__name__', '=', query.slice(name.from, name.to)))
  if (matchers.every(({ test }) => test('')))
    throw badData(
      `${placeOf(query, node.from)}: parse error: vector selector must contain at least one non-empty matcher`,
    )
  return { kind: 'selector', matchers, offsetMs: 0 }
}

const labelMatcher = (node: SyntaxNode, query: string): Matcher => {
  if (node.name === 'QuotedLabelName') return matcher('__name__', '=', textOf(query.slice(node.from, node.to)))
  const parts = children(node).map((part) => query.slice(part.from, part.to))
  const [name = '', op = '=', value = '""'] = parts
  const label = node.name === 'QuotedLabelMatcher' ? textOf(name) : name
  try {
    return matcher(label, op as Matcher['op'], textOf(value))
  } catch (error) {
    throw badData(`${placeOf(query, node.from)}: parse error: ${error instanceof Error ? error.message : error}`)
  }
}

const matrix = (node: SyntaxNode, query: string): Range => {
  const [vector, duration] = children(node)
  const inner = vector && expression(vector, query)
  if (inner?.kind !== 'selector' || !duration)
    throw badData(`${placeOf(query, node.from)}: parse error: ranges only allowed for vector selectors`)
  return { kind: 'range', selector: inner, rangeMs: durationMs(query.slice(duration.from, duration.to)) }
}

const offset = (node: SyntaxNode, query: string): Expr => {
  const [operand, , by] = children(node)
  if (!operand || !by)
    throw badData(`${placeOf(query, node.from)}: parse error: offset needs a selector and a duration`)
  return shifted(operand, query, durationMs(query.slice(by.from, by.to)))
}

/**
 * The grammar attaches an offset to the whole expression before it; in PromQL it applies to the preceding selector only:
 * the last one of `a / b offset 5m`.
 */
const shifted = (node: SyntaxNode, query: string, offsetMs: number): Expr => {
  const inner = expression(node, query)
  if (node.name === 'VectorSelector' && inner.kind === 'selector') return { ...inner, offsetMs }
  if (node.name === 'MatrixSelector' && inner.kind === 'range')
    return { ...inner, selector: { ...inner.selector, offsetMs } }
  if (node.name === 'BinaryExpr' && inner.kind === 'binary' && node.lastChild)
    return { ...inner, right: shifted(node.lastChild, query, offsetMs) }
  throw badData(
    `${placeOf(query, node.from)}: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  )
}

const functionName = (node: SyntaxNode, query: string) => {
  const name = node.getChild('FunctionIdentifier')
  return name ? query.slice(name.from, name.to) : ''
}

const args = (node: SyntaxNode, query: string) => {
  const body = node.getChild('FunctionCallBody')
  return body ? children(body).map((each) => expression(each, query)) : []
}

const aggregate = (node: SyntaxNode, query: string): Aggregate => {
  const op = node.getChild('AggregateOp')
  const modifier = node.getChild('AggregateModifier')
  const grouping = modifier
    ? { by: Boolean(modifier.getChild('By')), labels: groupingLabels(modifier, query) }
    : undefined
  return {
    kind: 'aggregate',
    op: op ? query.slice(op.from, op.to).toLowerCase() : '',
    args: args(node, query),
    ...(grouping && { grouping }),
  }
}

const groupingLabels = (node: SyntaxNode, query: string, which = 0) => {
  const list = node.getChildren('GroupingLabels')[which]
  return list ? children(list).map(({ from, to }) => query.slice(from, to)) : []
}

const binary = (node: SyntaxNode, query: string): Expr => {
  const [left, op, ...rest] = children(node)
  const right = rest.at(-1)
  if (!left || !op || !right) throw badData(`${placeOf(query, node.from)}: parse error: two operands expected`)
  const clause = node.getChild('MatchingModifierClause')
  const first = expression(left, query)
  // The grammar parses the sign as part of the number, but the power binds tighter: -2 ^ 2 is -4.
  const signed = op.name === 'Pow' && first.kind === 'number' && query[left.from] === '-'
  const expr: Binary = {
    kind: 'binary',
    op: query.slice(op.from, op.to).toLowerCase(),
    bool: Boolean(node.getChild('BoolModifier')),
    left: signed ? { kind: 'number', value: -first.value } : first,
    right: expression(right, query),
    ...(clause && { matching: matching(clause, query) }),
  }
  return signed ? { kind: 'negate', expr } : expr
}

const matching = (clause: SyntaxNode, query: string): Matching => {
  const group = clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined
  return {
    on: Boolean(clause.getChild('On')),
    labels: groupingLabels(clause, query),
    include: groupingLabels(clause, query, 1),
    ...(group && { group }),
  }
}
