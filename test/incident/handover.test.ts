import { describe, expect, test } from 'vitest'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { answerHandover, handoversDue, offerHandover, withdrawHandover } from '../../src/incident/handover.ts'
import { act, channelOpened, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const takes = (role: string, responder = DANA): IncidentEvent => ({ ...act(), type: 'role_assigned', role, responder })
const base = [declared(), channelOpened, takes('commander'), takes('scribe')]
const given = (...events: IncidentEvent[]) => replay('INC-1', [...base, ...events])
const offered: IncidentEvent = { ...act(), type: 'handover_offered', from: DANA, to: EVE, roles: ['commander'] }
const OFFER = base.length + 1
const later = act(T + 2 * MINUTE)
const eve = act(T + 3 * MINUTE, EVE)

describe('an offer', () => {
  test('can be for command, for a named role, or for all roles', () => {
    const roles = (more: object) =>
      offerHandover(given(), { to: EVE, ...more }, later).flatMap((event) => ('roles' in event ? [event.roles] : []))
    expect(roles({})).toEqual([['commander']])
    expect(roles({ role: 'scribe' })).toEqual([['scribe']])
    expect(roles({ all: true })).toEqual([['commander', 'scribe']])
  })

  test('made twice to the same person is recorded once', () => {
    expect(offerHandover(given(offered), { to: EVE }, later)).toEqual([])
  })

  test.each([
    ['to oneself', { to: DANA }, /That is you/],
    ['of a role somebody else holds', { to: EVE, role: 'operations' }, /Nobody is operations of INC-1/],
  ])('%s is refused', (_what, input, message) => {
    expect(() => offerHandover(given(), input, later)).toThrow(message)
  })

  test('is refused from somebody without a role, and after the end', () => {
    expect(() => offerHandover(given(), { to: DANA }, eve)).toThrow(/You hold no role in INC-1/)
    expect(() => offerHandover(given(status('resolved')), { to: EVE }, later)).toThrow(/INC-1 is resolved/)
  })

  test('leaves the role unchanged, invites the other person, and asks them', () => {
    const incident = given(offered)
    expect(incident.roles).toMatchObject({ commander: DANA })
    expect(incident.people).toContain(EVE)
    expect(effectsOf(offered, incident)).toContainEqual({ type: 'ask_handover', seq: OFFER })
  })
})

describe('a reply to an offer', () => {
  test('that accepts transfers the role', () => {
    const events = answerHandover(given(offered), { handover: OFFER, accept: true }, eve)
    const after = given(offered, ...events)
    expect(after.roles).toMatchObject({ commander: EVE, scribe: DANA })
    expect(after.handovers).toBeUndefined()
    expect(answerHandover(after, { handover: OFFER, accept: true }, eve)).toEqual([])
  })

  test('that declines leaves the role unchanged and says so', () => {
    const [declined] = answerHandover(given(offered), { handover: OFFER, accept: false, text: 'on a plane' }, eve)
    expect(declined).toMatchObject({ type: 'handover_answered', answer: 'declined', text: 'on a plane' })
    expect(given(offered, declined as IncidentEvent).roles.commander).toBe(DANA)
  })

  test('is accepted only from the person who was asked, and only while the offer is open', () => {
    const answer = (by: string, ...more: IncidentEvent[]) =>
      answerHandover(given(offered, ...more), { handover: OFFER, accept: true }, act(T + 4 * MINUTE, by))
    expect(() => answer('U0ROBIN')).toThrow(/Only the person who was asked/)
    expect(() => answer(EVE, takes('commander', 'U0ROBIN'))).toThrow(/not open any more/)
    expect(() => answer(EVE, ...withdrawHandover(given(offered), {}, later))).toThrow(/not open any more/)
    expect(() => answer(EVE, status('resolved'))).toThrow(/INC-1 is resolved/)
  })
})

test('an offer without an answer is reported once, and can still be accepted', () => {
  const incident = given(offered)
  expect(handoversDue(incident, T + 4 * MINUTE, 5 * MINUTE)).toEqual([])
  const [due] = handoversDue(incident, T + 5 * MINUTE, 5 * MINUTE)
  const after = given(offered, due?.event as IncidentEvent)
  expect(handoversDue(after, T + 60 * MINUTE, 5 * MINUTE)).toEqual([])
  expect(effectsOf(due?.event as IncidentEvent, after)).toContainEqual({ type: 'ask_handover', seq: OFFER })
  expect(answerHandover(after, { handover: OFFER, accept: true }, eve)).toHaveLength(2)
})
