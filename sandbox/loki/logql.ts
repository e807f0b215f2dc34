import { type Matcher, matcher, matchesAll } from '../promql/labels.ts'
import { textOf } from '../promql/literals.ts'
import type { WrittenLine } from './lines.ts'

/** An unsupported log query. Loki: 400 with the message as plain text. */
export class BadLogQuery extends Error {
  override name = 'BadLogQuery'
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"|`[^`]*`'
const selectorPattern = /^\s*\{([^}]*)\}/
const matcherPattern = new RegExp(`^\\s*([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*(${quoted})\\s*(?:,|$)`)
const filterPattern = new RegExp(`^\\s*(\\|=|!=|\\|~|!~)\\s*(${quoted})`)

/** A stream selector with line filters, `{service="web"} |= "timed out" !~ "GET"`, as a predicate for lines. */
export const logQuery = (query: string): ((line: WrittenLine) => boolean) => {
  const selector = selectorPattern.exec(query)
  if (!selector) throw new BadLogQuery(`parse error at line 1, col 1: syntax error: unexpected ${query.slice(0, 20)}`)
  const matchers = matchersIn(selector[1] ?? '')
  const filters = filtersIn(query.slice(selector[0].length))
  return ({ labels, text }) => matchesAll(labels, matchers) && filters.every((filter) => filter(text))
}

const matchersIn = (text: string): Matcher[] => {
  const found: Matcher[] = []
  for (let rest = text.trim(); rest; ) {
    const [whole, label, op, value] = matcherPattern.exec(rest) ?? []
    if (!whole || !label || !value) throw new BadLogQuery(`parse error: unexpected ${rest} in a stream selector`)
    found.push(matcher(label, op as Matcher['op'], textOf(value)))
    rest = rest.slice(whole.length)
  }
  if (found.every(({ test }) => test('')))
    throw new BadLogQuery(
      'queries require at least one regexp or equality matcher that does not have an empty-compatible value',
    )
  return found
}

const filtersIn = (text: string): ((line: string) => boolean)[] => {
  const found: ((line: string) => boolean)[] = []
  for (let rest = text.trim(); rest; ) {
    const [whole, op, value] = filterPattern.exec(rest) ?? []
    if (!whole || !value) throw new BadLogQuery(`parse error: the stand-in does not know ${rest}`)
    found.push(filter(op ?? '', textOf(value)))
    rest = rest.slice(whole.length).trim()
  }
  return found
}

const filter = (op: string, value: string): ((line: string) => boolean) => {
  if (op === '|=') return (line) => line.includes(value)
  if (op === '!=') return (line) => !line.includes(value)
  // Go has the case-insensitive flag inside the pattern.
  const pattern = new RegExp(value.replace(/^\(\?i\)/, ''), value.startsWith('(?i)') ? 'i' : '')
  return op === '|~' ? (line) => pattern.test(line) : (line) => !pattern.test(line)
}
