import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { isActive } from './status.ts'

const MINUTE = 60_000
/** Minutes after the opening at which evidence is collected again: the first minutes bring the most news. */
const LOOKS_AT = [2, 5, 10, 20, 40]

/** The scheduled collection that is due, and the key that deduplicates it across replicas; undefined when none is. */
export const lookDue = (incident: Incident, now: number): { event: IncidentEvent; once: string } | undefined => {
  const { id, status, declaredAt, evidenceAt, channel } = incident
  if (!isActive(status) || status === 'triage' || !channel || evidenceAt === undefined) return undefined
  // After downtime a single collection makes up for all missed ones.
  const minutes = LOOKS_AT.findLast((minutes) => now >= declaredAt + minutes * MINUTE)
  if (minutes === undefined || evidenceAt >= declaredAt + minutes * MINUTE) return undefined
  return {
    event: { type: 'evidence_requested', phase: 'scheduled', by: 'muster', at: now },
    once: `look:${id}:${declaredAt}:${minutes}`,
  }
}
