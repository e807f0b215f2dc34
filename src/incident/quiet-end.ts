import { resolve } from './decide.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { formatDuration } from './measure.ts'
import { WORKING_STATUSES } from './status.ts'

/** An automatic resolution: its event, and the key that deduplicates it across replicas. */
export type QuietEnd = { events: IncidentEvent[]; once: string }

/**
 * Resolves an incident whose alerts are all quiet, when nothing has happened in it for `quietMs` and the operator
 * enabled that. An alert that fires again, a command, a button or a note restarts the wait. An incident declared by a
 * person, a drill and one in triage are never resolved automatically.
 */
export const quietEnd = (incident: Incident, now: number, quietMs: number): QuietEnd | undefined => {
  const { id, status, origin, drill, alerts, activeAt } = incident
  const isOpen = (WORKING_STATUSES as readonly string[]).includes(status)
  if (!isOpen || origin !== 'alert' || drill || alerts.total === 0 || alerts.firing > 0) return undefined
  if (now - activeAt < quietMs) return undefined
  const which = alerts.total === 1 ? 'its alert has' : `all ${alerts.total} alerts have`
  const text = `${which} been quiet for ${formatDuration(now - activeAt)}, and nobody did anything`
  return {
    events: resolve(incident, { text }, { by: 'muster', at: now }),
    // The same on every replica; reopening starts another quiet period.
    once: `quiet-end:${id}:${activeAt}`,
  }
}
