import { describe, expect, test } from 'vitest'
import { addAction, moveAction } from '../../src/incident/action-decisions.ts'
import type { Alert } from '../../src/incident/alert.ts'
import { resolveAlert, splitAlert } from '../../src/incident/alert-decisions.ts'
import * as decide from '../../src/incident/decide.ts'
import { Refusal } from '../../src/incident/errors.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import type { Incident } from '../../src/incident/incident.ts'
import * as review from '../../src/incident/review.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act, alert, declared, EVE, MINUTE, status, T } from './facts.ts'

const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const triage = replay('INC-1', [declared({ status: 'triage' })])
const at = act(T + 10 * MINUTE)
const ENDED = ['resolved', 'closed', 'cancelled', 'merged'] as const
const commander: IncidentEvent = { ...act(), type: 'role_assigned', role: 'commander', responder: EVE }
const joined = (one: Alert): IncidentEvent => ({ ...act(), type: 'alert_joined', alert: one, reason: 'same service' })

const about = (service: string): IncidentEvent => ({ ...act(), type: 'service_changed', service })
const imported = { from: 'csv' }
const impact: IncidentEvent = { ...act(), type: 'impact_described', text: 'nobody can pay' }
const cause = (service: string, why?: string): IncidentEvent => ({
  ...act(),
  type: 'cause_named',
  service,
  ...(why ? { why } : {}),
})
const detected: IncidentEvent = {
  ...act(),
  type: 'milestone_set',
  milestone: 'detected',
  time: T,
  source: 'said by them',
}

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
  test('records everything that was known when it was made', () => {
    const known = { inviteOnCall: true, storm: true, service: 'checkout', alert: alert(), from: 'INC-9' }
    const declaration = { title: 'Slow', severity: 'sev2', private: true, drill: true, ...known }
    expect(decide.declare({ ...declaration, status: 'triage' }, at)).toEqual([
      { ...at, ...declaration, type: 'declared', status: 'triage' },
    ])
  })
  test('from a message keeps the message as its first entry', () => {
    const place = { channel: 'C0GENERAL', ts: '1.1' }
    const from = (more: object) =>
      decide.declare({ title: 'Slow', severity: 'sev2', message: { ...place, text: 'cart is slow', ...more } }, at)[1]
    const marked = { ...at, type: 'message_marked', message: place, text: 'cart is slow' }
    expect(from({})).toEqual({ ...marked, source: {} })
    const more = { author: EVE, link: 'https://slack.example.com/1' }
    expect(from({ ...more, thread: '1.0' })).toEqual({ ...marked, ...more, source: { thread: '1.0' } })
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
  expect(() => decide.requestSuspects(incident, {}, at)).toThrow(
    'INC-1 is not open: its rankings are in the postmortem.',
  )
})

test.each([
  ['roles', (over: Incident) => decide.assignRole(over, { role: 'commander', responder: EVE }, at), 'roles can change'],
  ['roles', (over: Incident) => decide.releaseRole(over, { role: 'commander' }, at), 'roles can change'],
  ['the status', (over: Incident) => decide.changeStatus(over, { status: 'identified' }, at), 'its status can change'],
  [
    'the severity',
    (over: Incident) => decide.changeSeverity(over, { severity: 'sev1' }, at),
    'its severity can change',
  ],
  ['the service', (over: Incident) => decide.changeService(over, { service: 'cart' }, at), 'its service can change'],
  ['resolving', (over: Incident) => decide.resolve(over, {}, at), 'it can be resolved'],
  ['merging', (over: Incident) => decide.mergeInto(over, { into: 'INC-3' }, at), 'it can be merged'],
  ['cancelling', (over: Incident) => decide.cancel(over, {}, at), 'it can be cancelled'],
] as const)('the refusal of %s after a merge says why, and how to reopen', (_what, decision, words) => {
  expect(() => decision(given(status('merged', { into: 'INC-2' })))).toThrow(
    `INC-1 is merged, and ${words} only while it is open. \`/incident reopen\` reopens it.`,
  )
})

test.each([
  ['a role its holder has', () => decide.assignRole(given(commander), { role: 'commander', responder: EVE }, at)],
  ['the release of a role nobody has', () => decide.releaseRole(given(), { role: 'scribe' }, at)],
  ['the status it has', () => decide.changeStatus(given(), { status: 'investigating' }, at)],
  ['the severity it has', () => decide.changeSeverity(given(), { severity: 'sev2' }, at)],
  ['the service it has', () => decide.changeService(given(about('cart')), { service: 'cart' }, at)],
  ['the impact it has', () => decide.describeImpact(given(impact), { text: 'nobody can pay' }, at)],
  [
    'the cause it has',
    () => decide.nameCause(given(cause('mysql', 'full disk')), { service: 'mysql', why: 'full disk' }, at),
  ],
  [
    'the cause it has, without a reason',
    () => decide.nameCause(given(cause('mysql')), { service: 'mysql', why: '' }, at),
  ],
  [
    'a milestone at the time a person gave it',
    () => decide.setMilestone(given(detected), { milestone: 'detected', time: T }, at),
  ],
  ['the merge it has', () => decide.mergeInto(given(status('merged', { into: 'INC-2' })), { into: 'INC-2' }, at)],
  [
    'a blank note after somebody else was first',
    () => decide.changeStatus(given(), { status: 'investigating', text: ' ' }, at),
  ],
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
  ['a cause in triage', () => decide.nameCause(triage, { service: 'mysql' }, at), /INC-1 waits in triage/],
  [
    'reopening what was imported',
    () => decide.reopen({ ...given(status('resolved')), imported } as never, {}, at),
    /was imported and has no channel/,
  ],
  [
    'correcting what was before the first entry',
    () => decide.correctTime(given(), { seq: 0, time: T }, at),
    /no timeline entry 0/,
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
