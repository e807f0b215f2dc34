import { describe, expect, test } from 'vitest'
import { addAction, moveAction } from '../../src/incident/action-decisions.ts'
import type { Alert } from '../../src/incident/alert.ts'
import { OF_ITS_OWN, recordActivity, resolveAlert, seeChange, splitAlert } from '../../src/incident/alert-decisions.ts'
import * as decide from '../../src/incident/decide.ts'
import { Refusal } from '../../src/incident/errors.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import * as review from '../../src/incident/review.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act, alert, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const triage = replay('INC-1', [declared({ status: 'triage' })])
const at = act(T + 10 * MINUTE)
const ENDED = ['resolved', 'closed', 'cancelled', 'merged'] as const
const commander: IncidentEvent = { ...act(), type: 'role_assigned', role: 'commander', responder: EVE }
const joined = (one: Alert): IncidentEvent => ({ ...act(), type: 'alert_joined', alert: one, reason: 'same service' })

describe('a declaration', () => {
  test('opens with its title trimmed, public and not a drill', () => {
    expect(decide.declare({ title: '  Slow  ', severity: 'sev2', service: '' }, at)).toEqual([
      {
        ...at,
        type: 'declared',
        title: 'Slow',
        severity: 'sev2',
        status: 'investigating',
        private: false,
        drill: false,
      },
    ])
  })
  test('is refused without a title', () => {
    expect(() => decide.declare({ title: ' \n', severity: 'sev2' }, at)).toThrow(Refusal)
  })
})

test.each(ENDED)('an action that needs an open incident is refused when it is %s', (ended) => {
  const incident = given(status(ended))
  const refused = [
    () => decide.assignRole(incident, { role: 'commander', responder: EVE }, at),
    () => decide.releaseRole(incident, { role: 'commander' }, at),
    () => decide.changeStatus(incident, { status: 'identified' }, at),
    () => decide.changeSeverity(incident, { severity: 'sev1' }, at),
    () => decide.changeService(incident, { service: 'checkout' }, at),
  ]
  for (const one of refused) expect(one).toThrow(/INC-1 is \w+, and .* only while it is open/)
})

test.each([
  ['a role its holder has', () => decide.assignRole(given(commander), { role: 'commander', responder: EVE }, at)],
  ['the release of a role nobody has', () => decide.releaseRole(given(), { role: 'scribe' }, at)],
  ['the status it has', () => decide.changeStatus(given(), { status: 'investigating' }, at)],
  ['the severity it has', () => decide.changeSeverity(given(), { severity: 'sev2' }, at)],
  ['the title it has', () => decide.changeTitle(given(), { title: ' Checkout is slow ' }, at)],
  ['a blank title', () => decide.changeTitle(given(), { title: ' ' }, at)],
  ['resolving what is resolved', () => decide.resolve(given(status('resolved')), {}, at)],
  ['resolving what is closed', () => decide.resolve(given(status('closed')), {}, at)],
  ['reopening what is open', () => decide.reopen(given(), {}, at)],
  ['cancelling twice', () => decide.cancel(given(status('cancelled')), {}, at)],
  ['closing twice', () => decide.close(given(status('closed')), {}, at)],
  ['accepting what is no longer held', () => decide.accept(given(), {}, at)],
  ['retrying when nothing failed', () => decide.retry(given(), {}, at)],
  ['the end of an alert when none fires', () => resolveAlert(given(), { alert: alert() }, at)],
] as const)('%s records nothing new', (_what, decision) => {
  expect(decision()).toEqual([])
})

test.each([
  ['changing the status', () => decide.changeStatus(given(), { status: 'investigating', text: 'still at it' }, at)],
  ['changing the severity', () => decide.changeSeverity(given(), { severity: 'sev2', reason: 'still at it' }, at)],
  ['resolving', () => decide.resolve(given(status('resolved')), { text: 'still at it' }, at)],
  ['resolving what is closed', () => decide.resolve(given(status('closed')), { text: 'still at it' }, at)],
  ['reopening', () => decide.reopen(given(), { text: 'still at it' }, at)],
  ['cancelling', () => decide.cancel(given(status('cancelled')), { text: 'still at it' }, at)],
  ['closing', () => decide.close(given(status('closed')), { text: 'still at it' }, at)],
] as const)('%s after somebody else was first keeps the text as a note', (_what, decision) => {
  expect(decision()).toEqual([{ ...at, type: 'noted', text: 'still at it' }])
})

test.each([
  ['resolving what is held', () => decide.resolve(triage, {}, at), /waiting in triage/],
  ['identifying what is held', () => decide.changeStatus(triage, { status: 'identified' }, at), /waiting in triage/],
  ['resolving what was cancelled', () => decide.resolve(given(status('cancelled')), {}, at), /is cancelled/],
  ['cancelling what is resolved', () => decide.cancel(given(status('resolved')), {}, at), /is resolved/],
  ['closing what is open', () => decide.close(given(), {}, at), /Resolve it before/],
  ['merging with itself', () => decide.mergeInto(given(), { into: 'INC-1' }, at), /Name another one/],
  [
    'splitting off the only alert',
    () => splitAlert(given(joined(alert())), { alert: alert(), state: 'firing' }, at),
    /only alert of INC-1/,
  ],
  ['a note from the future', () => decide.note(given(), { text: 'x', time: at.at + 1 }, at), /future/],
  ['a blank note', () => decide.note(given(), { text: ' ' }, at), /A note needs some text/],
  ['a blank update', () => postUpdate(given(), { text: '' }, at), /An update needs some text/],
  ['a blank impact', () => decide.describeImpact(given(), { text: '' }, at), /impact needs some text/],
  ['a blank action item', () => addAction(given(), { text: '' }, at), /action item needs some text/],
  ['an update on a false alarm', () => postUpdate(given(status('cancelled')), { text: 'x' }, at), /nobody left/],
  [
    'a milestone in the future',
    () => decide.setMilestone(given(), { milestone: 'mitigated', time: at.at + 1 }, at),
    /future/,
  ],
  ['correcting what does not exist', () => decide.correctTime(given(), { seq: 2, time: T }, at), /no timeline entry 2/],
  ['correcting into the future', () => decide.correctTime(given(), { seq: 1, time: at.at + 1 }, at), /future/],
  ['completing an unknown item', () => moveAction(given(), { id: 1, state: 'done' }, at), /no action item 1/],
  ['a postmortem of what goes on', () => review.requestPostmortem(given(), {}, at), /drafted when it is resolved/],
  [
    'a postmortem of a false alarm',
    () => review.requestPostmortem(given(status('cancelled')), {}, at),
    /nothing to write/,
  ],
] as const)('%s is refused with a reason', (_what, decision, words) => {
  expect(decision).toThrow(Refusal)
  expect(decision).toThrow(words)
})

test.each([
  [
    'assigning a role',
    () => decide.assignRole(given(), { role: 'commander', responder: EVE }, at),
    [{ type: 'role_assigned', role: 'commander', responder: EVE }],
  ],
  [
    'releasing one',
    () => decide.releaseRole(given(commander), { role: 'commander' }, at),
    [{ type: 'role_released', role: 'commander', responder: EVE }],
  ],
  [
    'a status with words',
    () => decide.changeStatus(given(), { status: 'identified', text: 'a deploy' }, at),
    [{ type: 'status_changed', status: 'identified', text: 'a deploy' }],
  ],
  [
    'accepting',
    () => decide.accept(triage, {}, at),
    [{ type: 'status_changed', status: 'investigating', text: 'declared from triage' }],
  ],
  ['dismissing', () => decide.cancel(triage, {}, at), [{ type: 'status_changed', status: 'cancelled' }]],
  [
    'resolving',
    () => decide.resolve(given(), { text: 'rolled back' }, at),
    [{ type: 'status_changed', status: 'resolved', text: 'rolled back' }],
  ],
  ['closing', () => decide.close(given(status('resolved')), {}, at), [{ type: 'status_changed', status: 'closed' }]],
  [
    'reopening',
    () => decide.reopen(given(status('closed')), { text: 'again' }, at),
    [{ type: 'status_changed', status: 'investigating', text: 'again' }],
  ],
  [
    'taking a merge back, and from where',
    () => decide.reopen(given(status('merged', { into: 'INC-2' })), {}, at),
    [{ type: 'status_changed', status: 'investigating', into: 'INC-2' }],
  ],
  [
    'merging',
    () => decide.mergeInto(given(), { into: 'INC-2', text: 'the same database' }, at),
    [{ type: 'status_changed', status: 'merged', into: 'INC-2', text: 'the same database' }],
  ],
  [
    'merging what is held',
    () => decide.mergeInto(triage, { into: 'INC-2' }, at),
    [{ type: 'status_changed', status: 'merged', into: 'INC-2' }],
  ],
  [
    'splitting an alert off',
    () => splitAlert(given(joined(alert('a:1')), joined(alert('a:2'))), { alert: alert('a:2'), state: 'firing' }, at),
    [{ type: 'alert_left', alertKey: 'a:2', title: 'Checkout answers slowly', state: 'firing', to: OF_ITS_OWN }],
  ],
  [
    'a severity with a reason',
    () => decide.changeSeverity(given(), { severity: 'sev1', reason: 'worse' }, at),
    [{ type: 'severity_changed', severity: 'sev1', reason: 'worse' }],
  ],
  [
    'a milestone, said by a person',
    () => decide.setMilestone(given(), { milestone: 'detected', time: T }, at),
    [{ type: 'milestone_set', milestone: 'detected', time: T, source: `said by <@${DANA}>` }],
  ],
  [
    'an action item, numbered on',
    () => addAction(given({ ...act(), type: 'action_added', id: 4, text: 'a' }), { text: 'b' }, at),
    [{ type: 'action_added', id: 5, text: 'b' }],
  ],
  [
    'a look at the evidence',
    () => decide.requestEvidence(given(), { phase: 'asked' }, at),
    [{ type: 'evidence_requested', phase: 'asked' }],
  ],
  [
    'a postmortem',
    () => review.requestPostmortem(given(status('resolved')), {}, at),
    [{ type: 'postmortem_requested' }],
  ],
  [
    'a change',
    () => seeChange(given(), { change: { key: 'k', source: 'github', kind: 'deploy', title: 'x', at: T } }, at),
    [{ type: 'change_seen', change: { key: 'k' } }],
  ],
  [
    'an alert reopened at its source',
    () => recordActivity(given(status('resolved')), { alertKey: 'k', activity: 'reopened', text: 'reopened' }, at),
    [{ type: 'alert_activity' }, { type: 'status_changed', status: 'investigating' }],
  ],
] as const)('%s becomes events with the acting person and time', (_what, decision, facts) => {
  const events = decision()
  expect(events).toMatchObject(facts.map((fact) => ({ ...fact, ...at })))
  expect(events).toHaveLength(facts.length)
})

test('a note may be back-dated, and keeps its author', () => {
  expect(decide.note(given(), { text: 'x', time: T - MINUTE }, at)).toEqual([
    { at: T - MINUTE, by: DANA, type: 'noted', text: 'x' },
  ])
})
