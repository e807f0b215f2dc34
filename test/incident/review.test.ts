import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { editPostmortem, markOfLine } from '../../src/incident/prose.ts'
import { type ReminderRules, remindersDue } from '../../src/incident/reminder.ts'
import { approvePostmortem, publishPostmortem, requestReview } from '../../src/incident/review.ts'
import { overduePostmortem } from '../../src/incident/review-due.ts'
import { act as acting, DANA, declared, EVE, status, T } from './facts.ts'

const act = acting()
const DAY = 24 * 3_600_000
const severities = [
  { id: 'sev1', name: 'SEV1' },
  { id: 'sev2', name: 'SEV2' },
  { id: 'sev3', name: 'SEV3' },
].map((one) => ({ ...one, description: '', emoji: '' }))
const rules: ReminderRules = {
  noCommanderMs: DAY,
  quietMs: 99 * DAY,
  severities,
  postmortemMs: { draft: 5 * DAY, review: 2 * DAY },
}
const over = (...events: IncidentEvent[]) => [declared(), status('resolved'), ...events]
const requested: IncidentEvent = {
  type: 'postmortem_reviewed',
  step: 'requested',
  by: DANA,
  at: T + DAY,
  reviewers: [EVE, 'U0MEI'],
}
const kindsAt = (events: IncidentEvent[], at: number, given = rules) =>
  remindersDue(replay('INC-1', events), at, given).map(({ event }) => event.kind)

describe('a reminder about the postmortem', () => {
  test('is sent when it is still a draft after some days', () => {
    expect(kindsAt(over(), T + 4 * DAY)).toEqual([])
    expect(kindsAt(over(), T + 6 * DAY)).toEqual(['postmortem'])
    expect(kindsAt([declared({ severity: 'sev3' }), status('resolved')], T + 6 * DAY)).toEqual([])
    expect(kindsAt([declared({ drill: true }), status('resolved')], T + 6 * DAY)).toEqual([])
  })

  test('is sent to reviewers who have not answered, until they do', () => {
    const approvedBy = (by: string): IncidentEvent => ({
      type: 'postmortem_reviewed',
      step: 'approved',
      by,
      at: T + DAY,
    })
    expect(kindsAt(over(requested), T + 2 * DAY)).toEqual([])
    const [due] = remindersDue(replay('INC-1', over(requested, approvedBy(EVE))), T + 4 * DAY, rules)
    expect(due?.event).toMatchObject({
      kind: 'review',
      text: 'The postmortem of INC-1 has been in review for 3 days; <@U0MEI> has not approved it yet.',
    })
    expect(kindsAt(over(requested, approvedBy(EVE), approvedBy('U0MEI')), T + 9 * DAY)).toEqual([])
  })

  test('waits for the morning during quiet hours', () => {
    const at = T + 6 * DAY
    const hour = new Date(at).toISOString().slice(11, 13)
    const quietHours = { from: `${hour}:00`, to: `${hour}:59`, zone: 'UTC' }
    expect(kindsAt(over(), at, { ...rules, quietHours })).toEqual([])
  })

  test('coincides with being overdue in the digest', () => {
    const incident = replay('INC-1', over())
    const digest = { draftMs: 5 * DAY, reviewMs: 2 * DAY, severities }
    expect(overduePostmortem(incident, T + 4 * DAY, digest)).toBeUndefined()
    expect(overduePostmortem(incident, T + 6 * DAY, digest)?.text).toContain('still a draft')
  })
})

describe('reviews', () => {
  test('of a private incident are open to its members only', () => {
    const hidden = replay('INC-1', [declared({ private: true }), status('resolved')])
    expect(() => requestReview(hidden, { reviewers: ['U0STRANGER'] }, act)).toThrow(/Invite them to the channel first/)
  })

  test('record a second approval or publication once', () => {
    const incident = replay('INC-1', over(requested, { ...requested, step: 'approved', by: EVE }))
    expect(approvePostmortem(incident, {}, { by: EVE, at: T })).toEqual([])
    const published = replay('INC-1', over({ ...requested, step: 'published' }))
    expect(publishPostmortem(published, {}, act)).toEqual([])
  })
})

test('an edit of an outdated text is merged with the newer version', () => {
  const first: IncidentEvent = {
    type: 'postmortem_edited',
    by: DANA,
    at: T,
    edits: [{ section: 'lucky', text: 'One.\nTwo.', seen: [] }],
  }
  const incident = replay('INC-1', over(first, { ...first, edits: [{ section: 'lucky', text: 'One.', seen: [] }] }))
  const from = { revision: 3, shown: markOfLine('One. Two.'), lines: ['One.', 'Two.'].map(markOfLine), news: [] }
  const events = editPostmortem(incident, { edits: [{ section: 'lucky', text: 'One.\nTwo.\nThree.', from }] }, act)
  expect(events).toMatchObject([{ edits: [{ text: 'One.\nThree.', merged: true }] }])
})
