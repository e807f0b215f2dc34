import type { Effect } from './effect.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident, StepState } from './incident.ts'
import { isOpenPage, type Page } from './page-state.ts'
import { isPerson } from './phrase.ts'
import { isActive } from './status.ts'

/** More pages than this are read from the log. */
const LATEST_PAGES = 20

/** The page with that number. */
export const pageOf = ({ paging = [] }: Incident, id: number): Page | undefined => paging.find((one) => one.id === id)

/** Folds an event into the pages of the incident after it, and into the checklist's step. */
export const withPages = (incident: Incident, event: IncidentEvent): Incident => {
  const pages = fold(incident, event)
  if (pages === (incident.paging ?? NONE)) return incident
  const { page: _previous, ...steps } = incident.steps
  const step = stepOf(pages)
  return {
    ...incident,
    people: [...new Set([...incident.people, ...calledIn(event)])],
    paging: pages.slice(-LATEST_PAGES),
    steps: { ...steps, ...(step ? { page: step } : {}) },
  }
}

/** People paged by a responder belong in the channel. */
const calledIn = (event: IncidentEvent): string[] =>
  event.type === 'page_requested' && event.responder && isPerson(event.by) ? [event.responder] : []

const NONE: Page[] = []
/** A page that was due when the incident opened, before its recipient is known. */
const UNNAMED = 'who is on call'

const fold = (incident: Incident, event: IncidentEvent): Page[] => {
  const { paging = NONE, version } = incident
  const change = (id: number | undefined, to: Partial<Page>): Page[] =>
    paging.map((one) => (one.id === id ? { ...one, ...to } : one))
  switch (event.type) {
    case 'page_requested': {
      const { responder, service, name = responder ? 'a responder' : `who is on call for ${service}` } = event
      const about = { name, responder, service, requestedAt: event.at, level: 1 }
      return [...paging, { ...about, id: version, state: 'requested', at: event.at }]
    }
    case 'paged': {
      const { page: id, name, link, reference, made, user, levels } = event
      if (id === undefined) return paging
      const sent = {
        detail: undefined,
        name,
        link,
        reference,
        made,
        user,
        levels,
        state: 'sent' as const,
        at: event.at,
        sentAt: event.at,
      }
      const known = paging.some((one) => one.id === id)
      // It was held up before it had a number of its own.
      const others = paging.filter((one) => one.name !== UNNAMED)
      return known ? change(id, sent) : [...others, { ...sent, id, requestedAt: event.at, level: 1 }]
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
          // Event numbers are integers: fractions identify several pages caused by one event.
          return { ...about, id: version + i / 100, state: 'sent', sentAt: event.at }
        }),
      ]
    case 'effect_delayed':
    case 'effect_failed': {
      const id = pageBehind(incident, event.effect)
      if (id === undefined) return paging
      const state = event.type === 'effect_failed' ? ('failed' as const) : ('requested' as const)
      const known = paging.some((one) => one.id === id)
      const held: Page = {
        id,
        name: UNNAMED,
        state,
        at: event.at,
        requestedAt: event.at,
        level: 1,
        detail: event.reason,
      }
      if (!known) return [...paging, held]
      // A page that was sent stays sent, even when its escalation failed.
      return event.effect.type === 'escalate_page'
        ? change(id, { detail: event.reason, next: undefined })
        : change(id, { state, at: event.at, detail: event.reason, next: undefined })
    }
    case 'retried': {
      const again = event.effects.map((effect) => pageBehind(incident, effect))
      return paging.map((one) =>
        again.includes(one.id) && one.state === 'failed'
          ? { ...one, state: 'requested', at: event.at, detail: undefined }
          : one,
      )
    }
    case 'role_assigned':
      // Taking command answers every page for a service; nobody answers for a person.
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

/** The page an effect works on. A page sent at the opening has the number of the opening event. */
const pageBehind = ({ openedBy }: Incident, effect: Effect): number | undefined => {
  if (effect.type === 'page') return openedBy
  return effect.type === 'page_responder' ? effect.seq : effect.type === 'escalate_page' ? effect.page : undefined
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
