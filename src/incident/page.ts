import type { IncidentEvent } from './event.ts'
import type { Incident, StepState } from './incident.ts'
import { isActive } from './status.ts'

/** How far a page got. `unanswered` may still be answered; `ended` was called off or handed on. */
export type PageState = 'requested' | 'sent' | 'acknowledged' | 'declined' | 'unanswered' | 'failed' | 'ended'

/** One page, as the summary shows it. */
export type Page = {
  /** The number of the event that caused it. */
  id: number
  /** Who is paged, in words; a person in Slack is in `responder` as well. */
  name: string
  responder?: string | undefined
  service?: string | undefined
  state: PageState
  /** Since when, epoch ms. */
  at: number
  requestedAt: number
  sentAt?: number | undefined
  /** Who answered, or why it failed. */
  detail?: string | undefined
  link?: string | undefined
  /** The paging system's key of it, `pagerduty:<incident id>`. */
  reference?: string | undefined
  made?: boolean | undefined
  user?: string | undefined
  /** The level of the escalation policy that is paged, of how many. */
  level: number
  levels?: number | undefined
  /** Announced: what follows when nobody answers, and when (epoch ms). */
  next?: { text: string; at: number } | undefined
  stopped?: boolean | undefined
}

/** More pages than this are read from the log. */
const LATEST_PAGES = 20

/** Still waiting for an answer. */
export const isOpenPage = ({ state }: Page): boolean =>
  state === 'requested' || state === 'sent' || state === 'unanswered'

/** The page with that number. */
export const pageOf = ({ paging = [] }: Incident, id: number): Page | undefined => paging.find((one) => one.id === id)

/** Folds an event into the pages of the incident as it stands after it, and into the checklist's step. */
export const withPages = (incident: Incident, event: IncidentEvent): Incident => {
  const pages = fold(incident, event)
  if (pages === (incident.paging ?? NONE)) return incident
  const { page: _previous, ...steps } = incident.steps
  const step = stepOf(pages)
  return { ...incident, paging: pages.slice(-LATEST_PAGES), steps: { ...steps, ...(step ? { page: step } : {}) } }
}

const NONE: Page[] = []

const fold = (incident: Incident, event: IncidentEvent): Page[] => {
  const { paging = NONE, version } = incident
  const change = (id: number | undefined, to: Partial<Page>): Page[] =>
    paging.map((one) => (one.id === id ? { ...one, ...to } : one))
  switch (event.type) {
    case 'page_requested': {
      const { responder, service, name = `who is on call for ${service}` } = event
      const about = { name, responder, service, requestedAt: event.at, level: 1 }
      return [...paging, { ...about, id: version, state: 'requested', at: event.at }]
    }
    case 'paged': {
      const { page: id, name, link, reference, made, user, levels } = event
      if (id === undefined) return paging
      const sent = { name, link, reference, made, user, levels, state: 'sent' as const, at: event.at, sentAt: event.at }
      const known = paging.some((one) => one.id === id)
      return known ? change(id, sent) : [...paging, { ...sent, id, requestedAt: event.at, level: 1 }]
    }
    case 'page_answered':
      return change(event.page, { state: event.answer, at: event.at, detail: event.name, next: undefined })
    case 'page_unanswered': {
      const { next, escalateAt } = event
      const announced = next !== undefined && escalateAt !== undefined ? { text: next, at: escalateAt } : undefined
      return change(event.page, { state: 'unanswered', at: event.at, next: announced })
    }
    case 'page_escalated':
      return event.level === undefined
        ? change(event.page, { next: undefined })
        : change(event.page, { state: 'sent', at: event.at, sentAt: event.at, level: event.level, next: undefined })
    case 'page_escalation_stopped':
      return change(event.page, { stopped: true, next: undefined })
    case 'page_ended':
      return change(event.page, { state: 'ended', at: event.at, detail: event.reason, next: undefined })
    case 'pages_received':
      return [
        ...paging,
        ...event.pages.map((page, i): Page => {
          const about = { ...page, made: true, level: 1, requestedAt: page.sentAt ?? event.at, at: event.at }
          // Numbers of events are whole: between two of them there is room for those that came with one.
          return { ...about, id: version + i / 100, state: 'sent', sentAt: event.at }
        }),
      ]
    case 'effect_failed': {
      const { effect } = event
      const id =
        effect.type === 'page_responder' ? effect.seq : effect.type === 'escalate_page' ? effect.page : undefined
      return change(id, { state: 'failed', at: event.at, detail: event.reason, next: undefined })
    }
    case 'retried': {
      const again = event.effects.flatMap((effect) => (effect.type === 'page_responder' ? [effect.seq] : []))
      return paging.map((one) => (again.includes(one.id) ? { ...one, state: 'requested', at: event.at } : one))
    }
    case 'role_assigned':
      // Whoever takes command answers for everybody who was called for a service; nobody answers for a person.
      if (event.role !== 'commander') return paging
      return paging.map((one) =>
        isOpenPage(one) &&
        (one.responder === event.by || (!one.responder && one.sentAt !== undefined && event.by === event.responder))
          ? { ...one, state: 'acknowledged', at: event.at, detail: undefined, next: undefined }
          : one,
      )
    case 'status_changed':
      return isActive(event.status)
        ? paging
        : paging.map((one) =>
            isOpenPage(one) ? { ...one, state: 'ended', at: event.at, detail: event.status, next: undefined } : one,
          )
    default:
      return paging
  }
}

/** The checklist's step over all pages. */
const stepOf = (pages: readonly Page[]): StepState | undefined => {
  const failed = pages.find(({ state }) => state === 'failed')
  if (failed) return { state: 'failed', text: `${failed.name}: ${failed.detail ?? 'not sent'}` }
  const waiting = pages.find(({ state }) => state === 'requested')
  if (waiting) return { state: 'pending', text: waiting.name }
  const sent = pages.filter(({ sentAt }) => sentAt !== undefined)
  return sent.length > 0 ? { state: 'done', text: sent.map(({ name }) => name).join(', ') } : undefined
}
