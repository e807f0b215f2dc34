import type { Alert } from './alert.ts'
import type { Incident } from './incident.ts'

/** The answer to: which open incident does this alert belong to? */
export type Correlation = { incident: Incident; reason: string }

/** An open incident, with what is known of its alerts for correlation. */
export type Candidate = { incident: Incident; groups: readonly string[] }

export type CorrelationOptions = {
  /** How long after the last activity an alert of the same service still joins, ms. */
  windowMs: number
  /** epoch ms */
  now: number
  /** Our service id for an alert, or its own name. */
  serviceOf(alert: Alert): string | undefined
}

/**
 * Which open incident an alert belongs to, strongest reason first: the source's own group, then the same service. The
 * same occurrence never gets here: its key is known already. Undefined means none, so it may open one of its own.
 */
export const correlate = (
  alert: Alert,
  candidates: readonly Candidate[],
  { windowMs, now, serviceOf }: CorrelationOptions,
): Correlation | undefined => {
  const recent = candidates
    // A real alert must not disappear in a drill.
    .filter(({ incident }) => !incident.drill && now - incident.activeAt <= windowMs)
    .sort((a, b) => b.incident.activeAt - a.incident.activeAt)
  const group = alert.group
  const grouped = group === undefined ? undefined : recent.find(({ groups }) => groups.includes(group))
  if (grouped) return { incident: grouped.incident, reason: `same ${alert.source} group` }
  const service = serviceOf(alert)
  const same = service === undefined ? undefined : recent.find(({ incident }) => incident.service === service)
  if (same) return { incident: same.incident, reason: `same service ${service}, ${ago(now - same.incident.activeAt)}` }
  return undefined
}

const ago = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  return minutes < 1 ? 'just now' : `${minutes} min ago`
}
