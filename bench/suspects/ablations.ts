import type { RankingInput } from '../../src/suspects/input.ts'
import { defaultTuning, type Tuning } from '../../src/suspects/tuning.ts'

/** One part of the ranking left out, to see what it pays. */
export type Ablation = { name: string; input?: (input: RankingInput) => RankingInput; tuning?: Partial<Tuning> }

export const ablations: Ablation[] = [
  { name: 'whole' },
  { name: 'no graph', input: (input) => ({ ...input, edges: [] }) },
  { name: 'no edge gap', input: (input) => ({ ...input, edgeGaps: [] }) },
  { name: 'no guard gap', tuning: { guardMinutes: 0, guardShare: 0 } },
  { name: 'no walk back', tuning: { walkBackMinutes: 0 } },
  { name: 'no explain away', tuning: { explainMax: 0 } },
  { name: 'no own reference', tuning: { calibrationPoints: Number.POSITIVE_INFINITY } },
  { name: 'reference: the highest', tuning: { referenceRank: 1 } },
  { name: 'reference: the third', tuning: { referenceRank: 3 } },
  { name: 'fixed error floor', tuning: { errorFloorLeast: 0.5 } },
  { name: 'no impact', tuning: { impactMin: 1 } },
  { name: 'no volume', tuning: { fullVolumeRequests: 0 } },
  { name: 'no alert kind', input: (input) => ({ ...input, alert: { ...input.alert, signal: null } }) },
  { name: 'no virtual discount', tuning: { virtualWeight: 1 } },
]

/** The tuning with an ablation's changes. */
export const tuningOf = ({ tuning }: Ablation): Tuning => ({ ...defaultTuning, ...tuning })
