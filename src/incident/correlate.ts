import type { Alert } from './alert.ts'
import type { Incident } from './incident.ts'
import type { Catalogue } from './service.ts'

/** The answer to: which open incident does this alert belong to? */
export type Correlation = { incident: Incident; reason: string }

/** An open incident, with what is known of its alerts. */
export type Candidate = {
  incident: Incident
  /** The sources' groups that its alerts are of. */
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
}

/** A service two steps away is still one cause's reach; three are half of the shop. */
const MOST_HOPS = 2
/** One rule firing for so many services at once is a fault of what they share. */
const PLATFORM_SERVICES = 3

/**
 * Which open incident an alert belongs to, the strongest reason first: the source's own group, the same service, a
 * service connected in the dependency graph, and one rule across many services. The same occurrence never gets here: its
 * key is known already. Undefined means none, so it may open one of its own.
 */
export const correlate = (
  alert: Alert,
  candidates: readonly Candidate[],
  { windowMs, now, service, catalogue }: CorrelationOptions,
): Correlation | undefined => {
  const recent = candidates
    // A real alert must not disappear in a drill.
    .filter(({ incident }) => !incident.drill && now - incident.activeAt <= windowMs)
    .sort((a, b) => b.incident.activeAt - a.incident.activeAt)
  const servicesOf = ({ incident }: Candidate) =>
    new Set([...incident.alerts.services, ...(incident.service ? [incident.service] : [])])
  const since = (candidate: Candidate) => ago(now - candidate.incident.activeAt)

  const grouped =
    alert.group === undefined ? undefined : recent.find(({ groups }) => groups.includes(alert.group as string))
  if (grouped) return { incident: grouped.incident, reason: `same ${alert.source} group` }

  if (service !== undefined) {
    const same = recent.find((candidate) => servicesOf(candidate).has(service))
    if (same) return { incident: same.incident, reason: `same service ${service}, ${since(same)}` }

    const near = recent
      .flatMap((candidate) =>
        [...servicesOf(candidate)].flatMap((other) => {
          const path = pathBetween(service, other, catalogue)
          return path ? [{ candidate, path }] : []
        }),
      )
      .sort((a, b) => a.path.length - b.path.length)[0]
    if (near)
      return { incident: near.candidate.incident, reason: `${near.path.join(' \u2192 ')}, ${since(near.candidate)}` }
  }

  const { rule } = alert
  if (rule === undefined) return undefined
  const fired = `${rule} @ ${service ?? ''}`
  const platform = recent.find(({ incident }) => {
    const services = new Set(incident.alerts.rules.filter((one) => one.startsWith(`${rule} @ `)))
    return services.add(fired).size >= PLATFORM_SERVICES
  })
  return platform && { incident: platform.incident, reason: `${rule} fires for many services, ${since(platform)}` }
}

/** The shortest way along dependencies from one service to another, in the direction of the calls; at most two steps. */
export const pathBetween = (from: string, to: string, catalogue: Catalogue): string[] | undefined =>
  pathDown(from, to, catalogue) ?? pathDown(to, from, catalogue)

const pathDown = (from: string, to: string, catalogue: Catalogue): string[] | undefined => {
  let paths = [[from]]
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    paths = paths.flatMap((path) =>
      (catalogue.get(path.at(-1) as string)?.dependsOn ?? []).map((next) => [...path, next]),
    )
    const found = paths.find((path) => path.at(-1) === to)
    if (found) return found
  }
  return undefined
}

const ago = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  return minutes < 1 ? 'just now' : `${minutes} min ago`
}
