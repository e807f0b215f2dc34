import type { Alert } from './alert.ts'
import { nearOf, type SeenCalls } from './graph.ts'
import type { Incident } from './incident.ts'
import { sourceName } from './phrase.ts'
import type { Catalogue } from './service.ts'

/** The open incident that an alert belongs to, and why. */
export type Correlation = { incident: Incident; reason: string }

/** An open incident, with the alert groups it holds. */
export type Candidate = {
  incident: Incident
  /** The requested groups that its alerts belong to. */
  groups: readonly string[]
}

export type CorrelationOptions = {
  /** How long after the last activity an alert of the same service or a connected one still joins, ms. */
  windowMs: number
  /** epoch ms */
  now: number
  /** The alert's service: our id, or its own name for it. */
  service: string | undefined
  /** Whose `dependsOn` is the dependency graph. */
  catalogue: Catalogue
  /** Calls beyond it, as metrics show them. */
  seen?: SeenCalls | undefined
}

/** A rule that fires for this many services suggests a shared cause. */
const PLATFORM_SERVICES = 3

/**
 * Which open incident an alert belongs to, by the strongest reason first: the source's own group, the same service, a
 * service connected in the dependency graph, and one rule across many services. A repeated occurrence is handled
 * earlier, by its key. Undefined means none, so the alert may open one of its own.
 */
export const correlate = (
  alert: Alert,
  candidates: readonly Candidate[],
  { windowMs, now, service, catalogue, seen }: CorrelationOptions,
): Correlation | undefined => {
  const recent = candidates
    .filter(({ incident }) => takesAlerts(incident) && now - incident.activeAt <= windowMs)
    .sort((a, b) => b.incident.activeAt - a.incident.activeAt)
  const answer = (incident: Incident, why: string): Correlation => ({
    incident,
    reason: why,
  })

  const grouped = recent.find(({ groups }) => alert.group !== undefined && groups.includes(alert.group))
  if (grouped) return { incident: grouped.incident, reason: `same ${sourceName(alert.source)} group` }

  if (service !== undefined) {
    const same = recent.find(({ incident }) => servicesOf(incident).includes(service))
    if (same) return answer(same.incident, `same service ${service}`)

    const near = nearOf(service, catalogue, seen)
    const ways = recent.flatMap(({ incident }) =>
      servicesOf(incident).flatMap((other) => {
        const way = near.get(other)
        return way ? [{ incident, way }] : []
      }),
    )
    const [shortest] = ways.sort((a, b) => a.way.length - b.way.length)
    if (shortest) return answer(shortest.incident, wayInWords(shortest.way, catalogue))
  }
  return platformFault(alert.rule, service, recent, answer)
}

/** `web → cart → redis`; says so where somebody's calls are known from metrics only. */
const wayInWords = (way: readonly string[], catalogue: Catalogue): string => {
  const isDeclared = way.slice(1).every((server, i) => catalogue.get(way[i] as string)?.dependsOn.includes(server))
  return `${way.join(' \u2192 ')}${isDeclared ? '' : ' (calls seen in metrics)'}`
}

/**
 * A real alert must not disappear in a drill, in a private incident that on-call cannot see, or in a storm in triage.
 */
const takesAlerts = ({ drill, private: hidden, storm, status }: Incident): boolean =>
  !drill && !hidden && !(storm && status === 'triage')

const servicesOf = ({ service, alerts }: Incident): readonly string[] =>
  service === undefined || alerts.services.includes(service) ? alerts.services : [service, ...alerts.services]

/** One rule across many services: the incident with most of its alerts takes the rest. */
const platformFault = (
  rule: string | undefined,
  service: string | undefined,
  recent: readonly Candidate[],
  answer: (incident: Incident, why: string) => Correlation,
): Correlation | undefined => {
  if (rule === undefined) return undefined
  const having = recent
    .map(({ incident }) => ({ incident, fired: incident.alerts.rules.filter((one) => one.startsWith(`${rule} @ `)) }))
    .filter(({ fired }) => fired.length > 0)
    .sort((a, b) => b.fired.length - a.fired.length || a.incident.declaredAt - b.incident.declaredAt)
  const services = new Set([...having.flatMap(({ fired }) => fired), `${rule} @ ${service ?? ''}`]).size
  const [most] = having
  return most && services >= PLATFORM_SERVICES
    ? answer(most.incident, `${rule} fires for ${services} services`)
    : undefined
}
