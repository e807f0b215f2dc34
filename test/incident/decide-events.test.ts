import { expect, test } from 'vitest'
import { addAction } from '../../src/incident/action-decisions.ts'
import type { Alert } from '../../src/incident/alert.ts'
import { OF_ITS_OWN, recordActivity, seeChange, splitAlert } from '../../src/incident/alert-decisions.ts'
import * as decide from '../../src/incident/decide.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import * as review from '../../src/incident/review.ts'
import { act, alert, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const triage = replay('INC-1', [declared({ status: 'triage' })])
const at = act(T + 10 * MINUTE)
const commander: IncidentEvent = { ...act(), type: 'role_assigned', role: 'commander', responder: EVE }
const joined = (one: Alert): IncidentEvent => ({ ...act(), type: 'alert_joined', alert: one, reason: 'same service' })

const about = (service: string): IncidentEvent => ({ ...act(), type: 'service_changed', service })
const impact: IncidentEvent = { ...act(), type: 'impact_described', text: 'nobody can pay' }
const cause = (service: string, why?: string): IncidentEvent => ({
  ...act(),
  type: 'cause_named',
  service,
  ...(why ? { why } : {}),
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
    'another service, and which it was',
    () => decide.changeService(given(about('cart')), { service: 'search' }, at),
    [{ type: 'service_changed', service: 'search', from: 'cart' }],
  ],
  [
    'the impact',
    () => decide.describeImpact(given(impact), { text: 'half of all orders fail' }, at),
    [{ type: 'impact_described', text: 'half of all orders fail' }],
  ],
  [
    'a milestone with a reason, over an automatic value',
    () => decide.setMilestone(given(), { milestone: 'declared', time: T, reason: 'by phone' }, at),
    [{ type: 'milestone_set', milestone: 'declared', time: T, reason: 'by phone' }],
  ],
  [
    'the time of the latest entry, up to now',
    () => decide.correctTime(given(impact), { seq: 2, time: at.at }, at),
    [{ type: 'time_corrected', entry: 2, time: at.at }],
  ],
  [
    'merging elsewhere after a merge was undone',
    () => decide.mergeInto(given(status('merged', { into: 'INC-2' }), status('investigating')), { into: 'INC-2' }, at),
    [{ type: 'status_changed', status: 'merged', into: 'INC-2' }],
  ],
  [
    'a cause, in any status',
    () => decide.nameCause(given(status('closed'), cause('mysql')), { service: 'mysql', why: 'full disk' }, at),
    [{ type: 'cause_named', service: 'mysql', why: 'full disk' }],
  ],
  [
    'a ranking of the suspects of another service',
    () => decide.requestSuspects(given(), { service: 'cart' }, at),
    [{ type: 'suspects_requested', service: 'cart' }],
  ],
  [
    'a panel frozen by hand',
    () => decide.requestEvidence(given(), { phase: 'asked', panel: 'https://grafana.example.com/d/1' }, at),
    [{ type: 'evidence_requested', phase: 'asked', panel: 'https://grafana.example.com/d/1' }],
  ],
  [
    'retrying what failed',
    () => decide.retry(given({ ...act(), type: 'effect_failed', effect: { type: 'page' }, reason: 'x' }), {}, at),
    [{ type: 'retried', effects: [{ type: 'page' }] }],
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

test('a note written at this moment is not from the future, and may carry a link or its assistant', () => {
  const more = { link: 'https://wiki.example.com', assistant: { client: 'Claude', for: DANA } }
  expect(decide.note(given(), { text: 'x', time: at.at, ...more }, at)).toEqual([
    { ...at, type: 'noted', text: 'x', ...more },
  ])
  expect(decide.setMilestone(given(), { milestone: 'mitigated', time: at.at }, at)).toHaveLength(1)
})

test('a suspect named otherwise is recorded under the name that the ranking has', () => {
  const ranked = given()
  ranked.ranking = { suspects: [{ service: 'search' }, { service: 'mysql' }] } as never
  const named = (service: string) => decide.nameCause(ranked, { service }, at)
  expect(named('MySQL')).toMatchObject([{ service: 'mysql' }])
  expect(named('redis')).toMatchObject([{ service: 'redis' }])
})

test('requesting suspects without a service names none', () => {
  expect(decide.requestSuspects(given(), {}, at)).toEqual([{ ...at, type: 'suspects_requested' }])
})
