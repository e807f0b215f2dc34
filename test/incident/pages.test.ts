import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { pageOf } from '../../src/incident/page.ts'
import { act, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const at = (minutes: number, by = 'muster') => act(T + minutes * MINUTE, by)
/** An event about page 2: the one that the second event requested. */
const on = (type: string, minutes: number, more: object = {}): IncidentEvent =>
  ({ ...at(minutes), type, page: 2, ...more }) as IncidentEvent
const requested = (more: object = { service: 'db' }, by = DANA): IncidentEvent =>
  ({ ...at(1, by), type: 'page_requested', text: 'help', ...more }) as IncidentEvent
const sent = on('paged', 2, { name: 'Eve', reference: 'pagerduty:P1', user: 'U1' })
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const page = (...events: IncidentEvent[]) => pageOf(given(...events), 2)
const step = (...events: IncidentEvent[]) => given(...events).steps.page

describe('a page', () => {
  test('is pending until it was sent, and the checklist shows to whom', () => {
    expect(page(requested())).toMatchObject({
      id: 2,
      state: 'requested',
      name: 'who is on call for db',
      service: 'db',
      level: 1,
      requestedAt: T + MINUTE,
      at: T + MINUTE,
    })
    expect(page(requested({ responder: EVE }))?.name).toBe('a responder')
    expect(step(requested())).toEqual({ state: 'pending', text: 'who is on call for db' })
    expect(page(requested(), sent)).toMatchObject({ state: 'sent', name: 'Eve', sentAt: T + 2 * MINUTE, service: 'db' })
    expect(step(requested(), sent)).toEqual({ state: 'done', text: 'Eve' })
  })
  test('does not change the pages beside it', () => {
    const two = given(requested(), requested({ service: 'web' }), { ...sent, page: 3 } as IncidentEvent)
    expect(two.paging?.map(({ id, state }) => [id, state])).toEqual([
      [2, 'requested'],
      [3, 'sent'],
    ])
    expect(two.steps.page).toEqual({ state: 'pending', text: 'who is on call for db' })
    const all = given(requested(), requested({ service: 'web' }), sent, { ...sent, page: 3, name: 'Robin' } as never)
    expect(all.steps.page).toEqual({ state: 'done', text: 'Eve, Robin' })
  })
  test('of a person, requested by a person, adds them to the incident', () => {
    expect(given(requested({ responder: EVE })).people).toEqual([DANA, EVE])
    expect(given(requested({ responder: EVE }, 'muster')).people).toEqual([DANA])
    expect(given(requested()).people).toEqual([DANA])
  })
  test('is answered, unanswered with the next step announced, escalated, stopped or ended', () => {
    const next = { next: 'level 2', escalateAt: T + 9 * MINUTE }
    const waiting = [requested(), sent, on('page_unanswered', 5, next)]
    expect(page(...waiting)).toMatchObject({ state: 'unanswered', next: { text: 'level 2', at: T + 9 * MINUTE } })
    expect(page(requested(), sent, on('page_unanswered', 5))?.next).toBeUndefined()
    const escalated = page(...waiting, on('page_escalated', 9, { level: 2 }))
    expect(escalated).toMatchObject({ state: 'sent', level: 2, sentAt: T + 9 * MINUTE, at: T + 9 * MINUTE })
    expect(escalated?.next).toBeUndefined()
    const atItsSource = page(...waiting, on('page_escalated', 9))
    expect(atItsSource).toMatchObject({ state: 'unanswered', level: 1 })
    expect(atItsSource?.next).toBeUndefined()
    const stopped = page(...waiting, on('page_escalation_stopped', 6))
    expect(stopped).toMatchObject({ state: 'unanswered', stopped: true })
    expect(stopped?.next).toBeUndefined()
    const answered = page(...waiting, on('page_answered', 6, { answer: 'declined', name: 'Eve' }))
    expect(answered).toMatchObject({ state: 'declined', detail: 'Eve', at: T + 6 * MINUTE })
    expect(answered?.next).toBeUndefined()
    expect(page(...waiting, on('page_ended', 7, { reason: 'deleted' }))).toMatchObject({
      state: 'ended',
      detail: 'deleted',
      at: T + 7 * MINUTE,
    })
  })
  test('that failed says why, and is pending again when it is retried', () => {
    const effect = { type: 'page_responder', seq: 2 }
    const failed = { ...at(3), type: 'effect_failed', effect, reason: 'no PagerDuty user' } as IncidentEvent
    expect(page(requested(), failed)).toMatchObject({ state: 'failed', detail: 'no PagerDuty user' })
    expect(step(requested(), failed)).toEqual({
      state: 'failed',
      text: 'who is on call for db: no PagerDuty user',
    })
    const retried = { ...at(4), type: 'retried', effects: [effect] } as IncidentEvent
    const again = page(requested(), failed, retried)
    expect(again).toMatchObject({ state: 'requested', at: T + 4 * MINUTE })
    expect(again?.detail).toBeUndefined()
    expect(page(requested(), sent, retried)?.state).toBe('sent')
    const late = { ...failed, type: 'effect_delayed', reason: 'no answer' } as IncidentEvent
    expect(page(requested(), late)).toMatchObject({ state: 'requested', detail: 'no answer' })
  })
  test('that was sent stays sent when only its escalation failed', () => {
    const effect = { type: 'escalate_page', page: 2 }
    const failed = { ...at(9), type: 'effect_failed', effect, reason: 'refused' } as IncidentEvent
    expect(page(requested(), sent, failed)).toMatchObject({ state: 'sent', detail: 'refused' })
  })
  test('at the opening that is held up is shown before its recipient is known, and only once after', () => {
    const effect = { type: 'page' }
    const late = { ...at(1), type: 'effect_delayed', effect, reason: 'PagerDuty answered 500.' } as IncidentEvent
    expect(given(late).paging).toMatchObject([{ id: 1, name: 'who is on call', state: 'requested' }])
    const made = given(late, on('paged', 2, { page: 3, name: 'Eve' }))
    expect(made.paging).toMatchObject([{ id: 3, name: 'Eve', state: 'sent', level: 1, requestedAt: T + 2 * MINUTE }])
  })
  test('is answered when its recipient, or for a service anybody, takes command', () => {
    const takes = (by: string, responder = by, role = 'commander'): IncidentEvent => ({
      ...at(5, by),
      type: 'role_assigned',
      role,
      responder,
    })
    expect(page(requested(), sent, takes('U0ROBIN'))?.state).toBe('acknowledged')
    expect(page(requested(), sent, takes('U0ROBIN', 'U0SAM'))?.state).toBe('sent')
    expect(page(requested(), sent, takes('U0ROBIN', 'U0ROBIN', 'scribe'))?.state).toBe('sent')
    expect(page(requested(), takes('U0ROBIN'))?.state).toBe('requested')
    expect(page(requested({ responder: EVE }), sent, takes('U0ROBIN'))?.state).toBe('sent')
    expect(page(requested({ responder: EVE }), sent, takes(EVE))?.state).toBe('acknowledged')
    const declined = on('page_answered', 4, { answer: 'declined', name: 'Eve' })
    expect(page(requested(), sent, declined, takes('U0ROBIN'))?.state).toBe('declined')
  })
  test('ends with the incident, unless it was answered', () => {
    expect(page(requested(), sent, status('resolved'))).toMatchObject({ state: 'ended', detail: 'resolved' })
    expect(page(requested(), sent, status('mitigated'))?.state).toBe('sent')
    const answered = on('page_answered', 4, { answer: 'acknowledged', name: 'Eve' })
    expect(page(requested(), sent, answered, status('resolved'))?.state).toBe('acknowledged')
  })
})

test('pages that come with a merge keep what is known of them, each with a number of its own', () => {
  const pages = [
    { name: 'Eve', reference: 'pagerduty:P1', sentAt: T - MINUTE },
    { name: 'Robin', reference: 'pagerduty:P2' },
  ]
  const received = { ...at(3), type: 'pages_received', pages } as IncidentEvent
  expect(given(received).paging).toMatchObject([
    { id: 2, name: 'Eve', state: 'sent', made: true, requestedAt: T - MINUTE, sentAt: T + 3 * MINUTE },
    { id: 2.01, name: 'Robin', state: 'sent', made: true, requestedAt: T + 3 * MINUTE },
  ])
})

test('the latest 20 pages are kept', () => {
  const many = Array.from({ length: 25 }, () => requested())
  expect(given(...many).paging?.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => i + 7))
  expect(pageOf(given(), 2)).toBeUndefined()
})
