import { isPerson } from './phrase.ts'
import type { Catalogue, Service } from './service.ts'

/** A page target parsed from the start of what somebody typed. */
export type FoundTarget = {
  /** The service whose on-call is paged. */
  service: Service
  /** The name it was requested by: the service's, or the team's. */
  called: string
  /** The text after it. */
  rest: string
}

/**
 * Parses a service, team or Slack user group at the start of a text, preferring the longest name. A page to a team or
 * group goes to its most important service that PagerDuty knows.
 */
export const findTarget = (catalogue: Catalogue, text: string): FoundTarget | undefined => {
  const [, group, afterGroup = ''] = /^<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>\s*([\s\S]*)$/.exec(text.trim()) ?? []
  const byImportance = [...catalogue.values()].sort(
    (one, other) =>
      Number(other.pagerdutyService !== undefined) - Number(one.pagerdutyService !== undefined) ||
      (one.tier ?? 9) - (other.tier ?? 9),
  )
  if (group) {
    const service = byImportance.find(({ slackGroup }) => slackGroup === group)
    return service && { service, called: teamOf(service) ?? service.name, rest: afterGroup }
  }
  const names = byImportance.flatMap((service) => [
    ...[service.id, service.name, ...service.aliases].map((name) => ({ name, service, called: service.name })),
    ...(teamOf(service) ? [{ name: teamOf(service) as string, service, called: teamOf(service) as string }] : []),
  ])
  const wanted = text.trim().toLowerCase()
  const fits = ({ name }: { name: string }) =>
    wanted === name.toLowerCase() || wanted.startsWith(`${name.toLowerCase()} `)
  const [found] = names.filter(fits).sort((one, other) => other.name.length - one.name.length)
  return found && { service: found.service, called: found.called, rest: text.trim().slice(found.name.length).trim() }
}

/** The owning team's name; undefined where the owner is a person. */
const teamOf = ({ owner }: Service): string | undefined => (owner && !isPerson(owner) ? owner : undefined)
