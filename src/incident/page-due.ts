import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { isOpenPage, type Page } from './page-state.ts'
import { isActive } from './status.ts'

/** When a page is escalated, and to whom. */
export type EscalationRules = {
  /** A page without a response for this long counts as unanswered, ms. */
  unansweredMs: number
  /** Time to stop an escalation, between its announcement and itself, ms. */
  noticeMs: number
  /** Whom to page next, in this order: service ids or Slack user ids. */
  escalateTo: readonly string[]
  /** The display name of a service. */
  serviceName(id: string): string
}

/** A due action: its events, and the key that deduplicates it across replicas. */
export type DuePage = { events: IncidentEvent[]; once: string /** Whether it pages somebody. */; pages: boolean }

/** What happens without a response: the escalation is announced, then carried out unless somebody stops it. */
export const pagesDue = (incident: Incident, now: number, rules: EscalationRules): DuePage[] => {
  if (!isActive(incident.status) || incident.drill) return []
  const about = { by: 'muster', at: now }
  return (incident.paging ?? []).flatMap((page): DuePage[] => {
    const { id, state, sentAt, level, next } = page
    const once = `page:${incident.id}:${id}:${level}`
    if (state === 'sent' && sentAt !== undefined && now >= sentAt + rules.unansweredMs) {
      const step = nextStep(incident, page, rules)
      const announced = step && { next: step.to, escalateAt: now + rules.noticeMs }
      return [
        {
          events: [{ ...about, type: 'page_unanswered', page: id, ...announced }],
          once: `${once}:unanswered`,
          pages: false,
        },
      ]
    }
    if (state !== 'unanswered' || !next || now < next.at) return []
    const step = nextStep(incident, page, rules)
    if (!step) return []
    const escalated: IncidentEvent = { ...about, type: 'page_escalated', page: id, to: step.to }
    const events: IncidentEvent[] =
      'level' in step
        ? [{ ...escalated, level: step.level }]
        : [escalated, { ...about, type: 'page_requested', ...step.target, escalates: id, name: step.to }]
    return [{ events, once: `${once}:escalated`, pages: true }]
  })
}

type Step = { to: string } & ({ level: number } | { target: { responder: string } | { service: string } })

/** The next level of the policy; after the last, the first person of the operator's list who has not been paged. */
const nextStep = (
  { paging = [] }: Incident,
  page: Page,
  { escalateTo, serviceName }: EscalationRules,
): Step | undefined => {
  if (page.stopped) return undefined
  if (page.made && !page.responder && page.level < (page.levels ?? 1))
    return {
      to: `level ${page.level + 1} of ${page.service ? `the on-call for ${serviceName(page.service)}` : page.name}`,
      level: page.level + 1,
    }
  // Somebody else was paged and may still respond.
  if (paging.some((other) => other.id > page.id && isOpenPage(other))) return undefined
  const paged = new Set(paging.flatMap(({ responder, service }) => [responder, service]))
  const target = escalateTo.find((candidate) => !paged.has(candidate))
  if (target === undefined) return undefined
  return /^[UW][A-Z0-9]+$/.test(target)
    ? { to: `<@${target}>`, target: { responder: target } }
    : { to: `who is on call for ${serviceName(target)}`, target: { service: target } }
}
