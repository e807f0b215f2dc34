/** One log line, `at` in epoch ms. */
export type Line = { at: number; text: string }

/** Log lines that differ only in their variable parts. */
export type LogPattern = {
  /** What they have in common, `<*>` for what differs. */
  text: string
  /** The latest of them, as it was written. */
  example: string
  count: number
  /** Epoch ms. */
  first: number
  last: number
  level: LogLevel
}
/** A pattern, and whether it was not written in the hour before. */
export type KnownPattern = LogPattern & { isNew: boolean }
export type LogLevel = 'fatal' | 'error' | 'warning' | 'info'

/** Share of words at the same places from which two lines are of one pattern. */
const ALIKE = 0.6
/** More patterns than this and the lines have nothing in common; the rest are counted by their first words. */
const MOST_PATTERNS = 500
const MOST_WORDS = 60
const ANY = '<*>'

/** What changes from line to line: addresses, ids, times, numbers with their units. */
const VARIABLES: readonly RegExp[] = [
  /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b0x[0-9a-f]+\b/gi,
  /\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi,
  /-?\d+(?:[.,]\d+)*/g,
]

/**
 * Groups lines into patterns with a tree of fixed depth (He, Zhu, Zheng and Lyu, "Drain: An Online Log Parsing Approach",
 * ICWS 2017): lines of the same number of words and the same first word are compared word by word; where enough agree,
 * the words that differ become placeholders. The order of the lines does not matter for what is counted.
 */
export const minePatterns = (lines: readonly Line[]): LogPattern[] => {
  type Group = { words: string[]; pattern: LogPattern }
  const leaves = new Map<string, Group[]>()
  let count = 0
  for (const line of lines.toSorted((a, b) => a.at - b.at)) {
    const words = wordsOf(line.text)
    // A placeholder carries no information about the pattern.
    const key = `${words.length} ${words.find((word) => !word.includes(ANY)) ?? ANY}`
    const leaf = leaves.get(key) ?? []
    leaves.set(key, leaf)
    const [best] = leaf
      .map((group) => ({ group, alike: likeness(group.words, words) }))
      .toSorted((a, b) => b.alike - a.alike)
    if (best && (best.alike >= ALIKE || count >= MOST_PATTERNS)) {
      const { group } = best
      group.words = group.words.map((word, i) => (word === words[i] ? word : ANY))
      Object.assign(group.pattern, {
        text: group.words.join(' '),
        example: line.text,
        count: group.pattern.count + 1,
        last: line.at,
      })
      continue
    }
    count++
    const level = levelOf(line.text)
    const pattern = { text: words.join(' '), example: line.text, count: 1, first: line.at, last: line.at, level }
    leaf.push({ words, pattern })
  }
  return [...leaves.values()].flatMap((leaf) => leaf.map(({ pattern }) => pattern))
}

const wordsOf = (text: string): string[] =>
  VARIABLES.reduce((masked, variable) => masked.replace(variable, ANY), text)
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, MOST_WORDS)

const likeness = (one: readonly string[], other: readonly string[]): number =>
  one.length === 0 ? 1 : one.filter((word, i) => word === other[i] || word === ANY).length / one.length

/** How bad a line is, by the level it is written with or else by its words. */
export const levelOf = (text: string): LogLevel => {
  const [, level] =
    /(?:\blevel"?\s*[=:]\s*"?|^\W*|\[)(fatal|panic|crit(?:ical)?|emerg|alert|error|err|warn(?:ing)?|info|debug|notice|trace)\b/i.exec(
      text,
    ) ?? []
  const written = level?.toLowerCase()
  if (written && /^(fatal|panic|crit|critical|emerg|alert)$/.test(written)) return 'fatal'
  if (/\b(panic|fatal|out of memory|oomkilled|segfault|core dumped|no space left)\b/i.test(text)) return 'fatal'
  if (written?.startsWith('err')) return 'error'
  if (/\b(error|exception|failed|failure|refused|denied|timed out|timeout|unavailable|deadlock|too many)\b/i.test(text))
    return written?.startsWith('warn') ? 'warning' : 'error'
  if (written?.startsWith('warn') || /\b(warn(ing)?|slow|retry(ing)?|dropped|queued for|sequential scan)\b/i.test(text))
    return 'warning'
  return 'info'
}

/** Worst first: the level, then what was not there before, then how often. */
export const worstFirst = (patterns: readonly LogPattern[], known: ReadonlySet<string>): KnownPattern[] =>
  patterns.map((pattern) => ({ ...pattern, isNew: !known.has(pattern.text) })).toSorted(byRank)

/** Patterns of one stretch of time with those of an earlier one before it, worst first: counted since they first came. */
export const withEarlier = (
  patterns: readonly KnownPattern[],
  earlier: readonly KnownPattern[] = [],
): KnownPattern[] => {
  const before = new Map(earlier.map((pattern) => [pattern.text, pattern]))
  const together = patterns.map((pattern): KnownPattern => {
    const known = before.get(pattern.text)
    before.delete(pattern.text)
    return known ? { ...pattern, count: known.count + pattern.count, first: known.first, isNew: known.isNew } : pattern
  })
  return [...together, ...before.values()].toSorted(byRank)
}

const byRank = (a: KnownPattern, b: KnownPattern): number =>
  rankOf(b) - rankOf(a) || b.count - a.count || a.first - b.first

const LEVELS: Record<LogLevel, number> = { fatal: 6, error: 4, warning: 2, info: 0 }

/** Something new is worth one level more: most services have written the same errors for weeks. */
const rankOf = ({ level, isNew }: KnownPattern): number => LEVELS[level] + (isNew ? 3 : 0)
