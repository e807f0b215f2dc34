import type { Label } from './result.ts'
import type { Tuning } from './tuning.ts'

/**
 * Labels derived from the scores, best first: only the first can be likely, with a score of 2 and 1.5 times the
 * second's; possible from 1.5 on; below that nobody is clearly suspect.
 */
export const labelOf = (index: number, scores: readonly number[], tuning: Tuning): Label => {
  const score = scores[index] ?? 0
  const clear = index === 0 && score >= tuning.likelyScore && score >= tuning.likelyRatio * (scores[1] ?? 0)
  return clear ? 'likely' : score >= tuning.possibleScore ? 'possible' : 'no clear suspect'
}
