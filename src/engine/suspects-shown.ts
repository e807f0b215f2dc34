import type { SnapshotRef } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { isOfSignal } from '../incident/shown-evidence.ts'
import type { Ranking, SuspectSignal } from '../suspects/result.ts'

/**
 * The ranking with the usual values that the incident's evidence already shows for the same signals. The two are read
 * from windows of different length; 217 on one line and 220 on the next would be one number too many.
 */
export const asShown = (ranking: Ranking, { evidence }: Pick<Incident, 'evidence'>): Ranking => ({
  ...ranking,
  suspects: ranking.suspects.map((suspect) => ({
    ...suspect,
    signals: suspect.signals.map((signal) => {
      const shown = chartOf(suspect.service, signal, evidence)
      return typeof shown?.before === 'number' && !shown.restless && isNear(shown.before, signal.baseline)
        ? { ...signal, baseline: shown.before }
        : signal
    }),
  })),
})

/** Whether the first suspect's strongest signal stands in the thread as a chart already. */
export const isShown = ({ suspects }: Ranking, { evidence }: Pick<Incident, 'evidence'>): boolean => {
  const [lead] = suspects
  const signal = lead?.signals.find(({ edge }) => !edge)
  return lead !== undefined && signal !== undefined && chartOf(lead.service, signal, evidence) !== undefined
}

/** Share of the value up to which two baselines are the same in other windows; beyond it they mean different things. */
const SAME = 0.1

const isNear = (one: number, other: number | null): boolean =>
  other !== null && Math.abs(one - other) <= SAME * Math.max(Math.abs(one), Math.abs(other))

const chartOf = (
  service: string,
  { metric, edge }: SuspectSignal,
  evidence: readonly SnapshotRef[],
): SnapshotRef | undefined =>
  edge ? undefined : evidence.find((ref) => ref.standing === undefined && isOfSignal(ref, { service, text: metric }))
