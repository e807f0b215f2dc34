import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { receivePages, requestPage, stopEscalation } from '../../src/incident/page-decisions.ts'
import { type EscalationRules, pagesDue } from '../../src/incident/page-due.ts'

const MINUTE = 60_000
const rules: EscalationRules = {
  unansweredMs: 5 * MINUTE,
  noticeMs: MINUTE,
  escalateTo: [],
  serviceName: (id) => id.toUpperCase(),
}
const act = { by: 'U0PRIYA', at: 0 }
const declared: IncidentEvent = {
  ...act,
  type: 'declared',
  title: 'Payments fail',
  severity: 'sev2',
  status: 'investigating',
  private: false,
  drill: false,
}
const requested: IncidentEvent = { ...act, type: 'page_requested', service: 'payment' }
const paged: IncidentEvent = {
  by: 'pagerduty',
  at: 0,
  type: 'paged',
  name: 'Dana',
  page: 2,
  made: true,
  reference: 'pagerduty:Q1',
}
const incident = (...events: IncidentEvent[]) => replay('INC-1', [declared, ...events])
const due = (state: ReturnType<typeof incident>, minutes: number, more: Partial<EscalationRules> = {}) =>
  pagesDue(state, minutes * MINUTE, { ...rules, ...more })

describe('a page without a response', () => {
  test('is left alone until its time limit', () => {
    expect(due(incident(requested, paged), 4.9)).toEqual([])
  })

  test('is reported with what happens next, then escalated to the next level, once across replicas', () => {
    const state = incident(requested, { ...paged, levels: 2 })
    const [first] = due(state, 5)
    expect(first?.events).toEqual([
      {
        by: 'muster',
        at: 5 * MINUTE,
        type: 'page_unanswered',
        page: 2,
        next: 'level 2 of the on-call for PAYMENT',
        escalateAt: 6 * MINUTE,
      },
    ])
    const unanswered = incident(requested, { ...paged, levels: 2 }, ...(first?.events ?? []))
    expect(due(unanswered, 5.9)).toEqual([])
    expect(due(unanswered, 6)).toMatchObject([
      { events: [{ type: 'page_escalated', level: 2 }], once: 'page:INC-1:2:1:escalated', pages: true },
    ])
  })

  test('goes to the first person of the list who has not been paged', () => {
    const list = { escalateTo: ['payment', 'web'] }
    const [first] = due(incident(requested, paged), 5, list)
    const [second] = due(incident(requested, paged, ...(first?.events ?? [])), 6, list)
    expect(second?.events).toMatchObject([
      { type: 'page_escalated', to: 'who is on call for WEB' },
      { type: 'page_requested', service: 'web', escalates: 2 },
    ])
  })

  test('has nobody left when the list and the levels are used up', () => {
    expect(due(incident(requested, paged), 5)[0]?.events[0]).not.toHaveProperty('next')
  })

  test('is ignored once it is answered or stopped, or the incident is over', () => {
    const answered: IncidentEvent = { by: 'pagerduty', at: 1, type: 'page_answered', page: 2, answer: 'acknowledged' }
    expect(due(incident(requested, paged, answered), 9)).toEqual([])
    const over: IncidentEvent = { ...act, type: 'status_changed', status: 'resolved' }
    expect(due(incident(requested, paged, over), 9)).toEqual([])
    const state = incident(requested, { ...paged, levels: 2 })
    const announced = incident(requested, { ...paged, levels: 2 }, ...(due(state, 5)[0]?.events ?? []))
    const stopped = stopEscalation(announced, { page: 2 }, act)
    expect(
      due(incident(requested, { ...paged, levels: 2 }, ...(due(state, 5)[0]?.events ?? []), ...stopped), 9),
    ).toEqual([])
  })
})

test('the same target is not paged again while a page is under way', () => {
  expect(requestPage(incident(requested), { service: 'payment' }, act)).toEqual([])
  expect(requestPage(incident(requested), { service: 'web' }, act)).toHaveLength(1)
  const failed: IncidentEvent = {
    by: 'muster',
    at: 1,
    type: 'effect_failed',
    reason: 'no such user',
    effect: { type: 'page_responder', seq: 2 },
  }
  expect(requestPage(incident(requested, failed), { service: 'payment' }, act)).toHaveLength(1)
})

test('a delayed page says why, and a page taken over by a merge is recorded once', () => {
  const held = incident({ by: 'muster', at: 1, type: 'effect_delayed', effect: { type: 'page' }, reason: 'no answer' })
  expect(held.paging).toMatchObject([{ state: 'requested', detail: 'no answer' }])
  expect(held.steps.page).toMatchObject({ state: 'pending' })
  const sent = incident(
    { by: 'muster', at: 1, type: 'effect_delayed', effect: { type: 'page' }, reason: 'x' },
    { ...paged, page: 1 },
  )
  expect(sent.paging).toMatchObject([{ id: 1, state: 'sent' }])
  const pages = [{ name: 'Dana', reference: 'pagerduty:Q1' }]
  expect(receivePages(incident(requested, paged), { from: 'INC-9', pages }, act)).toMatchObject([{ pages: [] }])
})
