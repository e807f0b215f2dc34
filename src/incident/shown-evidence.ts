import type { Effect } from './effect.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import type { SnapshotRef } from './snapshot-ref.ts'

type Collected = Extract<IncidentEvent, { type: 'evidence_collected' }>
type Ranked = Extract<IncidentEvent, { type: 'suspects_ranked' }>

/**
 * What a ranking has drawn, in one message. Evidence that was collected while it was made may show the first suspect's
 * signal already: that chart is not posted a second time.
 */
export const drawn = (
  { chart, graph, suspects: [lead] }: Ranked,
  { evidence }: Pick<Incident, 'evidence'>,
): Effect[] => {
  const [strongest] = lead?.signals ?? []
  const isPosted =
    lead !== undefined &&
    strongest !== undefined &&
    evidence.some(
      (ref) => ref.standing === undefined && isOfSignal(ref, { service: lead.service, text: strongest.text }),
    )
  return shown([...(isPosted ? [] : [chart]), graph].filter((hash) => hash !== undefined))
}

/**
 * Charts that are new since the last collection; on request, and at the end, all of them. A signal that stands in the
 * thread as the first suspect's is not posted a second time.
 */
export const pictures = ({ phase, snapshots }: Collected, { ranking }: Pick<Incident, 'ranking'>): Effect[] => {
  const all = phase === 'asked' || phase === 'closing'
  const [lead] = ranking?.chart === undefined ? [] : ranking.suspects
  const strongest = lead?.signals[0]?.text
  const isDrawn = (ref: SnapshotRef) =>
    lead !== undefined && strongest !== undefined && isOfSignal(ref, { service: lead.service, text: strongest })
  return shown(
    snapshots
      .filter((ref) => ref.kind !== 'missing' && ref.standing === undefined && (all || !(ref.again || isDrawn(ref))))
      .map(({ hash }) => hash),
  )
}

const shown = (snapshots: string[]): Effect[] => (snapshots.length > 0 ? [{ type: 'show_evidence', snapshots }] : [])

/**
 * Whether a chart shows the signal that a text about a service begins with: `mysql: open connections` and
 * `Open connections 217 -> 648`.
 */
export const isOfSignal = (
  { kind, service, title }: Pick<SnapshotRef, 'kind' | 'service' | 'title'>,
  signal: { service: string; text: string },
): boolean => {
  const own = title
    .slice(title.indexOf(': ') + 1)
    .trim()
    .toLowerCase()
  const text = signal.text.toLowerCase()
  return kind === 'chart' && service === signal.service && (text === own || text.startsWith(`${own} `))
}
