import type { IncidentEvent, RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { requestPage } from './page-decisions.ts'
import { findTarget } from './page-target.ts'
import { link, type Phrase, say, strong, typed } from './phrase.ts'
import type { Rule, RuleActions } from './rule-event.ts'
import type { Catalogue } from './service.ts'
import { isActive } from './status.ts'

/** What happened, as far as a rule cares. */
export type RuleTrigger = {
  declared: boolean
  severity?: string | undefined
  status?: string | undefined
  /** Labels of an alert that opened it or joined it. */
  alert?: Readonly<Record<string, string>> | undefined
}

type About = Pick<Incident, 'private' | 'drill' | 'service' | 'appliedRules'>

/** Why a rule does not act; undefined when it does. */
export const whyNot = (
  { name, when, private: seesPrivate }: Rule,
  trigger: RuleTrigger,
  about: About,
): string | undefined => {
  if (about.drill) return 'rules do nothing in drills'
  if (about.private && !seesPrivate) return 'the incident is private, and the rule does not say `private: true`'
  if (about.appliedRules?.includes(name)) return 'it has acted for this incident already'
  if (when.service !== undefined && when.service !== about.service) return `it is for the service ${when.service}`
  if (when.declared && !trigger.declared) return 'it acts when an incident is declared'
  if (when.severity !== undefined && when.severity !== trigger.severity)
    return `it acts when the severity becomes ${when.severity}`
  if (when.status !== undefined && when.status !== trigger.status)
    return `it acts when the status becomes ${when.status}`
  if (when.alert && !Object.entries(when.alert).every(([label, value]) => trigger.alert?.[label] === value))
    return `it acts for alerts with ${Object.entries(when.alert)
      .map(([label, value]) => `${label}=${value}`)
      .join(', ')}`
  return undefined
}

const triggerOf = (event: RecordedEvent, { openedBy, severity, alert }: Incident): RuleTrigger | undefined => {
  // Declared, or accepted out of triage.
  if (event.seq === openedBy) return { declared: true, severity, alert: alert?.labels }
  if (event.type === 'severity_changed') return { declared: false, severity: event.severity }
  if (event.type === 'status_changed') return { declared: false, status: event.status }
  if (event.type === 'alert_joined') return { declared: false, alert: event.alert.labels }
  return undefined
}

/** What the operator's rules do because of an event. A rule acts once for each incident, so rules cannot run in circles. */
export const applyRules = (
  rules: readonly Rule[],
  cause: RecordedEvent,
  incident: Incident,
  { catalogue, at }: { catalogue: Catalogue; at: number },
): IncidentEvent[] => {
  const trigger = incident.openedBy === undefined ? undefined : triggerOf(cause, incident)
  if (!trigger) return []
  const act = { by: 'muster', at }
  return rules
    .filter((rule) => whyNot(rule, trigger, incident) === undefined)
    .flatMap(({ name, do: actions }) => [
      { ...act, type: 'rule_applied' as const, rule: name, about: cause.seq, actions, status: incident.status },
      ...(actions.page !== undefined && isActive(incident.status)
        ? requestPage(incident, { ...pageTargetOf(actions.page, catalogue), text: `rule ${name}` }, act)
        : []),
    ])
}

/** Who a rule's `page` means. Groups are paged by their most important service that PagerDuty knows. */
const pageTargetOf = (page: string, catalogue: Catalogue) => {
  if (catalogue.has(page)) return { service: page }
  const found = findTarget(catalogue, `<!subteam^${page}>`)
  return found ? { service: found.service.id, name: `who is on call for ${found.called}` } : { responder: page }
}

/** What a rule did, in the channel and on the timeline. */
export const ruleSentence = (name: string, { post, invite, announce }: RuleActions): Phrase[] => [
  ...say`Rule ${strong(name)}`,
  ...(post ? say`: ${typed(post.text)}` : []),
  ...(post?.link ? say` (${link(post.link, 'open')})` : []),
  ...(invite
    ? say` \u00b7 invites ${invite.length === 1 ? 'one person or group' : `${invite.length} people or groups`}`
    : []),
  ...(announce ? say` \u00b7 announced in ${announce.channel}` : []),
]
