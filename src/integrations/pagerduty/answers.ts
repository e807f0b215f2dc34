import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import { NotReady, Permanent } from '../../incident/errors.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import { pageOf } from '../../incident/page.ts'
import { isOpenPage, type Page } from '../../incident/page-state.ts'
import { isActive } from '../../incident/status.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'

export type AnswersOptions = { pagerduty: PagerDuty | undefined; now: () => number }

/**
 * Interval between two polls of a page. Webhooks are faster where they arrive; each page costs two requests a minute.
 */
const POLL_EVERY_MS = 30_000
/** After this long nobody answers a page any more. */
const LONGEST_WATCH_MS = 4 * 3_600_000

/** Polls PagerDuty for answers to pages, and escalates them. */
export const answersEffects = ({ pagerduty, now }: AnswersOptions) => {
  const waiting = ({ incident }: EffectContext, id: number): (Page & { reference: string }) | undefined => {
    const page = pageOf(incident, id)
    if (!page?.reference || !isOpenPage(page) || !isActive(incident.status)) return undefined
    return { ...page, reference: page.reference }
  }

  /** The page's state at PagerDuty: an answer, its end, or nothing yet. */
  const look = async (client: PagerDuty, page: Page & { reference: string }, signal: AbortSignal) => {
    const id = pagerdutyIncidentOf(page.reference)
    if (!id) return []
    const about = { by: 'pagerduty', page: page.id }
    const answered = (answer: 'acknowledged' | 'declined', name?: string, at = now()): IncidentEvent[] => [
      { ...about, at: Math.min(at, now()), type: 'page_answered', answer, ...(name ? { name } : {}) },
    ]
    if (page.user) {
      const own = (await client.responders(id, signal)).filter(({ user }) => user === page.user).at(-1)
      if (own?.state === 'declined') return answered('declined', own.name)
      if (own && ACCEPTED.has(own.state)) return answered('acknowledged', own.name)
    }
    const { status, acknowledgements } = await client.incident(id, signal)
    const acknowledged = page.user
      ? acknowledgements.find((one) => one.id === page.user)
      : status === 'acknowledged' && (acknowledgements.at(-1) ?? { id: '', name: undefined, at: undefined })
    if (acknowledged) return answered('acknowledged', acknowledged.name, acknowledged.at)
    if (status === 'resolved')
      return [{ ...about, at: now(), type: 'page_ended' as const, reason: 'resolved at PagerDuty' }]
    return []
  }

  // Repeating it is harmless: an answered page is no longer polled.
  const checkPage: EffectHandler<'check_page'> = async ({ page: id }, context) => {
    const page = waiting(context, id)
    return pagerduty && page ? look(pagerduty, page, context.signal) : []
  }

  const watchPage: EffectHandler<'watch_page'> = async ({ page: id }, context) => {
    const page = waiting(context, id)
    if (!pagerduty || !page || now() - (page.sentAt ?? page.requestedAt) > LONGEST_WATCH_MS) return []
    const events = await look(pagerduty, page, context.signal)
    if (events.length === 0) throw new NotReady('Nobody has answered the page yet.', POLL_EVERY_MS)
    return events
  }

  // Repeating it is harmless: a level is set, not added to.
  const escalatePage: EffectHandler<'escalate_page'> = async ({ page: id }, context) => {
    const page = waiting(context, id)
    if (!page) return []
    const incident = pagerdutyIncidentOf(page.reference)
    if (!pagerduty || !incident) throw new Permanent('PagerDuty is not configured (PAGERDUTY_API_TOKEN).')
    await pagerduty.escalate(incident, page.level, context.signal)
    return []
  }

  return { check_page: checkPage, watch_page: watchPage, escalate_page: escalatePage }
}

/** PagerDuty writes `joined` in the REST API and `accepted` in webhooks. */
const ACCEPTED = new Set(['accepted', 'joined', 'acknowledged'])
