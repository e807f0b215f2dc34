import { partsOf, type Surroundings } from './parts.ts'
import type { Reading } from './readings.ts'
import type { Explanation, SuspectSignal } from './result.ts'
import type { Tuning } from './tuning.ts'

export type Judged = { score: number; signals: SuspectSignal[]; explainedBy?: Explanation | undefined }

/** Share of a service's trouble from which it is reported as explained by another. */
const EXPLAINED_SHARE = 0.5

/**
 * score = p1 + 0.3 p2 over the groups of a service's evidence, strongest first: a second group confirms, but groups of one service
 * are correlated, so they do not add up.
 */
export const judge = (u: Reading, around: Surroundings, tuning: Tuning): Judged => {
  const parts = partsOf(u, around, tuning).sort((a, b) => b.weighted - a.weighted)
  const first = parts[0]
  const second = parts.find((part) => part.group !== first?.group)
  const explained = parts
    .filter(({ signal, explainedBy }) => signal.score >= 1 && explainedBy && explainedBy.share >= EXPLAINED_SHARE)
    .sort((a, b) => b.signal.score - a.signal.score)[0]
  return {
    score: (first?.weighted ?? 0) + tuning.secondPart * (second?.weighted ?? 0),
    signals: parts.map((part) => part.signal),
    explainedBy: explained?.explainedBy,
  }
}
