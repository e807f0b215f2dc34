import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { stepDone, withStep } from './setup.ts'

const LATEST_EVIDENCE = 12
const LATEST_CHANGES = 10

type FindingEvent = Extract<
  IncidentEvent,
  { type: 'changes_searched' | 'change_seen' | 'evidence_requested' | 'evidence_collected' }
>

/** Findings about an incident: the latest evidence, and the changes shortly before it. */
export const withFindings = (incident: Incident, event: FindingEvent): Incident => {
  switch (event.type) {
    case 'changes_searched':
      return { ...incident, changesSearched: { windowMs: event.windowMs } }
    case 'change_seen':
      return {
        ...incident,
        changes: [{ ...event.change, ...(event.relation ? { relation: event.relation } : {}) }, ...incident.changes]
          // When there are too many, those of related services are kept.
          .sort((a, b) => Number(!a.relation) - Number(!b.relation) || b.at - a.at)
          .slice(0, LATEST_CHANGES)
          .sort((a, b) => b.at - a.at),
      }
    case 'evidence_requested':
      // Scheduled: nobody is waiting for it.
      if (event.phase === 'scheduled') return incident
      return { ...incident, steps: withStep(incident, 'evidence', { state: 'pending' }) }
    case 'evidence_collected': {
      const seen = event.snapshots.filter(({ standing }) => standing !== 'usual')
      const found = seen.filter(({ kind }) => kind !== 'missing').length
      const text = found === seen.length ? `${found} collected` : `${found} of ${seen.length} answered`
      const isNews = found > 0 || event.usual !== undefined || incident.evidence.length === 0
      return {
        ...incident,
        // A collection that got no answer does not replace the previous one.
        ...(isNews ? { evidence: seen.slice(0, LATEST_EVIDENCE), evidenceAt: event.at } : {}),
        ...(isNews && (event.usual || incident.usual) ? { usual: event.usual ?? [] } : {}),
        ...stepDone(incident, 'evidence', text),
      }
    }
  }
}
