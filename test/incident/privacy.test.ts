import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { grantAccess, makePrivate, requestAccess } from '../../src/incident/privacy.ts'
import { act, channelOpened, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const ROBIN = 'U0ROBIN'
const at = (minutes: number, by = EVE) => act(T + minutes * MINUTE, by)
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const hidden = (...events: IncidentEvent[]) => replay('INC-1', [declared({ private: true }), ...events])
const invited = (...people: string[]): IncidentEvent => ({
  ...at(0, 'muster'),
  type: 'people_invited',
  people,
  absent: [],
})

describe('making an incident private', () => {
  const [madePrivate] = makePrivate(given(), {}, at(5)) as [IncidentEvent]

  test('is recorded with its reason, and once', () => {
    expect(madePrivate).toEqual({ ...at(5), type: 'made_private' })
    expect(makePrivate(given(), { text: 'a customer is named' }, at(5))).toEqual([
      { ...at(5), type: 'made_private', text: 'a customer is named' },
    ])
    expect(makePrivate(given(madePrivate), {}, at(6))).toEqual([])
  })
  test('is refused once it is cancelled or merged', () => {
    for (const over of ['cancelled', 'merged'] as const)
      expect(() => makePrivate(given(status(over)), {}, at(5))).toThrow(
        `INC-1 is ${over}, so there is nothing to make private.`,
      )
  })
  test('keeps those with a role, who declared it, or who made it private, and gets a new channel', () => {
    const scribe: IncidentEvent = { ...at(1), type: 'role_assigned', role: 'scribe', responder: ROBIN }
    const before = [channelOpened, invited(DANA, ROBIN, 'U0SAM'), scribe]
    const incident = given(...before, madePrivate)
    expect(incident).toMatchObject({ private: true, privateSince: T + 5 * MINUTE, invited: [], messages: {} })
    expect(incident.people.toSorted()).toEqual([DANA, EVE, ROBIN].toSorted())
    expect(incident.channel).toBeUndefined()
    expect(incident.formerChannel).toEqual({ id: 'C0INC1', name: 'inc-1-checkout-is-slow' })
    expect(incident.steps).toEqual({ channel: { state: 'pending' } })
  })
  test('keeps no source among its people', () => {
    const byAlert = replay('INC-1', [declared({ by: 'pagerduty' }), madePrivate])
    expect(byAlert.people).toEqual([EVE])
  })
})

describe('access to a private incident', () => {
  const requested = { ...at(5), type: 'access_requested' }
  const ask = (incident: ReturnType<typeof given>, minutes = 5, by = EVE) =>
    requestAccess(incident, {}, at(minutes, by))

  test('is requested by those who are not in it', () => {
    expect(ask(hidden())).toEqual([requested])
    expect(ask(hidden(), 5, DANA)).toEqual([])
    expect(ask(given())).toEqual([])
    expect(ask(hidden(status('merged')))).toEqual([])
  })
  test('is requested again after a quarter of an hour only, by each person', () => {
    const once = hidden(...(ask(hidden()) as IncidentEvent[]))
    expect(ask(once, 19.9)).toEqual([])
    expect(ask(once, 20)).toHaveLength(1)
    expect(ask(once, 6, ROBIN)).toHaveLength(1)
  })
  test('is granted once, and again to those who left', () => {
    const grant = (incident: ReturnType<typeof given>) => grantAccess(incident, { responder: EVE }, at(6, DANA))
    const granted = { ...at(6, DANA), type: 'access_granted', responder: EVE }
    expect(grant(hidden())).toEqual([granted])
    const pending = hidden(...(grant(hidden()) as IncidentEvent[]))
    expect(pending.people).toEqual([DANA, EVE])
    expect(grant(pending)).toEqual([granted])
    const inside = hidden(...(grant(hidden()) as IncidentEvent[]), invited(EVE))
    expect(grant(inside)).toEqual([])
    expect(() => grant(hidden(status('cancelled')))).toThrow('INC-1 is cancelled, so there is nothing to be let into.')
  })
  test('granted anew invites them anew', () => {
    const inside = hidden(invited(EVE), ...(grantAccess(hidden(), { responder: EVE }, at(6, DANA)) as IncidentEvent[]))
    expect(inside.invited).toEqual([])
  })
})
