import type { Effect } from './effect.ts'
import type { IncidentEvent } from './event.ts'

/** The evidence found by a ranking, in one message. */
export const drawn = ({ chart, graph }: Extract<IncidentEvent, { type: 'suspects_ranked' }>): Effect[] => {
  const snapshots = [chart, graph].filter((hash) => hash !== undefined)
  return snapshots.length > 0 ? [{ type: 'show_evidence', snapshots }] : []
}

/** Charts that are new since the last collection; on request, and at the end, all of them. */
export const pictures = ({
  phase,
  snapshots: refs,
}: Extract<IncidentEvent, { type: 'evidence_collected' }>): Effect[] => {
  const all = phase === 'asked' || phase === 'closing'
  const snapshots = refs
    .filter(({ kind, standing, again }) => kind !== 'missing' && standing === undefined && (all || !again))
    .map(({ hash }) => hash)
  return snapshots.length > 0 ? [{ type: 'show_evidence', snapshots }] : []
}
