import type { AlertActivity } from './alert.ts'
import type { Effect } from './effect.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { ACKNOWLEDGE, SUMMARY } from './named-effects.ts'
import { isOpenPage } from './page-state.ts'
import { isPerson } from './phrase.ts'
import { isActive } from './status.ts'

/** Effects that page people: when one fails, somebody must be called by hand. */
export const PAGING = new Set<Effect['type']>(['page', 'page_responder', 'escalate_page'])
export const warnUnpaged = ({ version }: Incident): Effect => ({ type: 'warn_unpaged', seq: version })
export const watchPage = (page: number | undefined): Effect[] =>
  page === undefined ? [] : [{ type: 'watch_page', page }]

/** Its source reported something about an unanswered page. */
export const checkPages = (key: string, { paging = [] }: Incident): Effect[] =>
  paging
    .filter((page) => page.reference === key && isOpenPage(page))
    .map(({ id }) => ({ type: 'check_page', page: id }))

/** Pages that came with a merge end when the incident is over, and stop escalating once somebody has responded. */
export const receivedPages = ({ status, milestones, paging = [] }: Incident): Effect[] =>
  !isActive(status)
    ? [SUMMARY, { type: 'resolve_page' }]
    : milestones.acknowledged
      ? [SUMMARY, ACKNOWLEDGE, ...paging.filter(isOpenPage).flatMap(({ id }) => watchPage(id))]
      : [SUMMARY, ...paging.filter(isOpenPage).flatMap(({ id }) => watchPage(id))]

/** Events on a page at its source that change something here. */
export const FOLLOWED = new Set<AlertActivity>(['acknowledged', 'escalated', 'reassigned', 'priority_changed'])

/** Actions by people are mirrored to PagerDuty; those that came from there are not sent back. */
export const mirror = (event: IncidentEvent, incident: Incident): Effect[] =>
  isPerson(event.by) ? [{ type: 'show_at_pagerduty', seq: incident.version }] : []
