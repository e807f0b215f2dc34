import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/**
 * The canonical form of an expression, in which two are equal when their graphs look the same to a person: white space,
 * label order, the range of a rate, and grouping by a label with a single value make no difference.
 */
export const likenessOf = (expression: string): string => {
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to)
  const top = parser.parse(expression).topNode
  const pinned = pinnedIn(top, text)
  const written = (node: SyntaxNode): string => {
    const children = childrenOf(node)
    switch (node.name) {
      case 'DurationExpr':
        return node.parent?.name === 'MatrixSelector' ? '' : text(node)
      case 'AggregateModifier': {
        const by = children.some(({ name }) => name === 'By')
        const labels = labelsIn(node, text).filter((label) => !by || !pinned.has(label))
        return by ? labels.join() : `without ${labels.join()}`
      }
      // `sum(a) by (b)` is `sum by (b) (a)`.
      case 'AggregateExpr':
        return ['AggregateOp', 'AggregateModifier', 'FunctionCallBody']
          .map((name) => children.filter((child) => child.name === name).map(written))
          .join(' ')
      default:
        break
    }
    let at = node.from
    const parts = children.map((child) => {
      const before = expression.slice(at, child.from)
      at = child.to
      return before + written(child)
    })
    return [...parts, expression.slice(at, node.to)].join('')
  }
  return written(top).replace(/\s+/g, '')
}

/** Labels that every selector holds to the same one value. */
const pinnedIn = (top: SyntaxNode, text: (node: SyntaxNode) => string): Set<string> => {
  const held = nodesIn(top, 'VectorSelector').map((selector) =>
    nodesIn(selector, 'UnquotedLabelMatcher')
      .map(text)
      .filter((matcher) => /^[^=!]+=\s*["'`]/.test(matcher)),
  )
  const [first = [], ...others] = held.map((matchers) => matchers.map((matcher) => matcher.replace(/\s+/g, '')))
  const everywhere = first.filter((matcher) => others.every((matchers) => matchers.includes(matcher)))
  return new Set(everywhere.map((matcher) => matcher.slice(0, matcher.indexOf('='))))
}

const labelsIn = (node: SyntaxNode, text: (node: SyntaxNode) => string): string[] =>
  nodesIn(node, 'LabelName').map(text).sort()

const nodesIn = (node: SyntaxNode, name: string): SyntaxNode[] =>
  node.name === name ? [node] : childrenOf(node).flatMap((child) => nodesIn(child, name))

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}
