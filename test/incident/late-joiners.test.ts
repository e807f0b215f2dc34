import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { joinedLate, memberJoined, memberLeft } from '../../src/incident/members.ts'
import { act, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const at = (minutes: number, by = 'muster') => act(T + minutes * MINUTE, by)
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const invited = (...people: string[]): IncidentEvent => ({ ...at(0), type: 'people_invited', people, absent: [] })
const joins = (incident: ReturnType<typeof given>, minutes: number, member = EVE) =>
  joinedLate(incident, { member }, at(minutes))
const briefing = (minutes: number) => [{ ...at(minutes), type: 'joined_late', member: EVE }]

describe('whoever joins the channel late is briefed', () => {
  test('also when the opening did not invite them', () => {
    expect(joins(given(invited(DANA)), 1)).toEqual(briefing(1))
    expect(joins(given(invited(DANA, EVE)), 60)).toEqual(briefing(60))
  })
  test.each(['triage', 'closed', 'cancelled', 'merged'] as const)('but not when it is %s', (state) => {
    expect(joins(given(invited(DANA), status(state)), 60)).toEqual([])
  })
  test.each(['identified', 'mitigated', 'resolved'] as const)('also when it is %s', (state) => {
    expect(joins(given(invited(DANA), status(state)), 60)).toEqual(briefing(60))
  })
  test('but no program', () => {
    expect(joins(given(invited(DANA)), 60, 'muster')).toEqual([])
  })
  test('but not the people the opening invites, for three minutes or until they are invited', () => {
    const opened = given(invited(DANA, EVE), { ...at(0), type: 'step_done', step: 'people' })
    expect(joins(opened, 2.9)).toEqual([])
    expect(joins(opened, 3)).toEqual(briefing(3))
    expect(joins(given(), 60, DANA)).toEqual([])
  })
  test('but not those a role or the offer of one briefs', () => {
    const role: IncidentEvent = { ...at(5), type: 'role_assigned', role: 'scribe', responder: EVE }
    expect(joins(given(invited(DANA), role), 60)).toEqual([])
  })
  test('and again only half an hour later', () => {
    const once = given(invited(DANA), ...(briefing(10) as IncidentEvent[]))
    expect(joins(once, 39.9)).toEqual([])
    expect(joins(once, 40)).toEqual(briefing(40))
    const twice = given(invited(DANA), ...([...briefing(10), ...briefing(40)] as IncidentEvent[]))
    expect(twice.briefed).toEqual([{ member: EVE, at: T + 40 * MINUTE }])
  })
})

describe('members of the channel', () => {
  const hidden = replay('INC-1', [declared({ private: true })])
  const [joined] = memberJoined(hidden, { member: EVE }, at(1))
  const withEve = replay('INC-1', [declared({ private: true }), joined as IncidentEvent])

  test('of a private incident may see it while they are in the channel', () => {
    expect(joined).toEqual({ ...at(1), type: 'member_joined', member: EVE })
    expect(withEve).toMatchObject({ people: [DANA, EVE], invited: [EVE] })
    const [left] = memberLeft(withEve, { member: EVE }, at(2))
    expect(left).toEqual({ ...at(2), type: 'member_left', member: EVE })
    const after = replay('INC-1', [declared({ private: true }), joined as IncidentEvent, left as IncidentEvent])
    expect(after).toMatchObject({ people: [DANA], invited: [] })
  })
  test('are recorded once', () => {
    expect(memberJoined(withEve, { member: EVE }, at(2))).toEqual([])
    expect(memberLeft(hidden, { member: EVE }, at(2))).toEqual([])
  })
  test('of a public incident are not recorded: everybody sees it', () => {
    expect(memberJoined(given(), { member: EVE }, at(1))).toEqual([])
    expect(memberLeft(given(), { member: DANA }, at(1))).toEqual([])
  })
})
