import type { RankingInput } from '../../src/suspects/input.ts'
import { rankSuspects } from '../../src/suspects/rank.ts'
import type { Label } from '../../src/suspects/result.ts'

/** How far a label can be trusted: how often it was said, and how often the first suspect then was the cause. */
export type Trust = { cases: number } & Record<Label, { said: number; right: number }>

/** Counts labels over inputs whose cause is known. */
export const trustOf = (known: readonly { input: RankingInput; truth: string }[]): Trust => {
  const trust: Trust = {
    cases: known.length,
    likely: { said: 0, right: 0 },
    possible: { said: 0, right: 0 },
    'no clear suspect': { said: 0, right: 0 },
  }
  for (const { input, truth } of known) {
    const { label, suspects } = rankSuspects(input)
    trust[label].said++
    if (suspects[0]?.service === truth) trust[label].right++
  }
  return trust
}

/** Share of quiet windows in which somebody was called likely. */
export const falseAlarms = (quiet: readonly RankingInput[]): { windows: number; likely: number } => ({
  windows: quiet.length,
  likely: quiet.filter((input) => rankSuspects(input).label === 'likely').length,
})
