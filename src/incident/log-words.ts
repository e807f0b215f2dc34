import type { LogsSnapshot } from './evidence.ts'
import { shorten } from './measure.ts'

const MOST_PATTERNS = 6
const LONGEST_LINE = 300

/**
 * One line per pattern, worst first: when it was first logged, an example, how often since.
 * `03:03:00 level=error Too many connections (112 times until 03:08:33)`
 * @param clock formats an instant (epoch ms)
 * @returns undefined for logs that were frozen before lines were grouped; empty where every pattern is usual
 */
export const patternLines = ({ patterns }: LogsSnapshot, clock: (at: number) => string): string[] | undefined =>
  patterns && [
    ...patterns.slice(0, MOST_PATTERNS).map(({ first, last, count, example, isNew }) => {
      const often = count > 1 ? [`${count} times until ${clock(last)}`] : []
      const facts = [...often, ...(isNew ? [] : ['also logged before'])].join(', ')
      return `${clock(first)} ${shorten(example, LONGEST_LINE)}${facts && ` (${facts})`}`
    }),
    ...(patterns.length > MOST_PATTERNS ? [`(and ${patterns.length - MOST_PATTERNS} more patterns)`] : []),
  ]
