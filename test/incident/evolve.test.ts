import { describe, expect, test } from 'vitest'
import { accept, changeStatus, declare, reopen, resolve, setMilestone } from '../../src/incident/decide.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { evolve, replay } from '../../src/incident/evolve.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { spans } from '../../src/incident/milestones.ts'
import { act, alert, channelOpened, declared, MINUTE, status, T } from './facts.ts'

const given = (...events: IncidentEvent[]) => replay('INC-1', events)
const causes = (incident: Incident, events: IncidentEvent[]) => {
  let state = incident
  return events.flatMap((event) => {
    state = evolve(state, event)
    return effectsOf(event, state).map(({ type }) => type)
  })
}
const at = (minutes: number) => act(T + minutes * MINUTE)
const held = declared({ status: 'triage' })

describe('a channel is opened', () => {
  test('when an incident is declared, and not again when its status changes before the channel exists', () => {
    const incident = given(declared())
    expect(causes(given(), [declared()])).toContain('open_channel')
    const moved = changeStatus(incident, { status: 'identified' }, at(1))
    expect(causes(incident, moved)).not.toContain('open_channel')
    const back = changeStatus(given(declared(), ...moved), { status: 'investigating' }, at(2))
    expect(causes(given(declared(), ...moved), back)).not.toContain('open_channel')
  })
  test('when it is accepted out of triage, and not while it is held', () => {
    expect(causes(given(), [held])).toEqual(['post_triage'])
    expect(causes(given(held), accept(given(held), {}, at(1)))).toContain('open_channel')
  })
  test('when an incident dismissed in triage is reopened', () => {
    const dismissed = given(held, status('cancelled'))
    expect(causes(dismissed, reopen(dismissed, {}, at(2)))).toContain('open_channel')
  })
  test('but not again when it is reopened', () => {
    const ended = given(declared(), channelOpened, status('resolved'))
    expect(causes(ended, reopen(ended, {}, at(2)))).not.toContain('open_channel')
  })
})

describe('milestones', () => {
  test('are derived from the alert, the first role and the status', () => {
    const { milestones } = given(
      declared({ alert: alert(), by: 'pagerduty' }),
      { ...at(2), type: 'role_assigned', role: 'commander', responder: 'U0EVE' },
      status('identified', at(3)),
      status('mitigated', at(5)),
      status('resolved', at(9)),
    )
    const minutes = Object.fromEntries(Object.entries(milestones).map(([name, m]) => [name, (m.at - T) / MINUTE]))
    expect(minutes).toEqual({
      impact_started: -2,
      // When Muster was told, not when the harm began.
      detected: 0,
      declared: 0,
      acknowledged: 2,
      commander: 2,
      identified: 3,
      mitigated: 5,
      resolved: 9,
    })
    expect(spans(milestones).map(({ name, ms }) => [name, ms / MINUTE])).toEqual([
      // No time to detect: the alert cannot say how long the harm went unnoticed.
      ['Time to acknowledge', 2],
      ['Time to commander', 2],
      ['Time to identify', 3],
      ['Time to mitigate', 7],
      ['Time to resolve', 11],
    ])
  })
  test('include the time to detect once the start of the impact is estimated or recorded', () => {
    const alerted = declared({ alert: alert(), by: 'pagerduty' })
    const estimate: IncidentEvent = {
      ...act(T + 9 * MINUTE, 'muster'),
      type: 'milestone_set',
      milestone: 'impact_started',
      time: T - 6 * MINUTE,
      source: 'P90 latency left its usual range',
      estimate: true,
    }
    const detected = (...events: IncidentEvent[]) => spans(given(alerted, ...events).milestones)[0]
    expect(detected(estimate)).toMatchObject({ name: 'Time to detect', ms: 6 * MINUTE })
    const corrected = setMilestone(
      given(alerted),
      { milestone: 'impact_started', time: T - MINUTE, reason: 'a call' },
      at(8),
    )
    expect(corrected).toMatchObject([{ reason: 'a call' }])
    expect(detected(...corrected, estimate)).toMatchObject({ name: 'Time to detect', ms: MINUTE })
  })
  test('drop the cause when the status returns from identified to investigating', () => {
    const wrong = given(declared(), status('identified', at(3)), status('investigating', at(4)))
    expect(wrong.milestones.identified).toBeUndefined()
    expect(
      given(declared(), status('identified', at(3)), status('mitigated', at(4))).milestones.identified,
    ).toBeDefined()
  })
  test('recorded by a person override later derived ones', () => {
    const incident = given(declared())
    const corrected = setMilestone(incident, { milestone: 'mitigated', time: T + MINUTE }, at(3))
    const later = given(declared(), ...corrected, status('identified', at(4)), status('mitigated', at(6)))
    expect(later.milestones.mitigated).toMatchObject({ at: T + MINUTE, corrected: true })
  })
  test('of a resolution that did not hold are dropped', () => {
    const ended = given(declared(), ...resolve(given(declared()), { text: 'rolled back' }, at(5)))
    expect(ended.outcome).toBe('rolled back')
    const again = given(declared(), status('resolved'), ...reopen(ended, {}, at(7)))
    expect([again.milestones.resolved, again.milestones.mitigated, again.outcome]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
  test('in the wrong order produce no duration', () => {
    const reached = (at: number) => ({ at, source: 'x', corrected: true })
    expect(spans({ detected: reached(T), acknowledged: reached(T - 1) })).toEqual([])
    expect(spans({ detected: reached(T), acknowledged: reached(T) })).toMatchObject([{ ms: 0 }])
  })
})

describe('the state', () => {
  test('counts alerts as they join, resolve and leave', () => {
    const join = (key: string, state: 'firing' | 'resolved' = 'firing'): IncidentEvent => ({
      ...act(),
      type: 'alert_joined',
      alert: alert(key, { state }),
      reason: 'same service',
    })
    const leave = (key: string, state?: 'firing' | 'resolved'): IncidentEvent => ({
      ...act(),
      type: 'alert_left',
      alertKey: key,
      title: 'x',
      to: 'INC-2',
      ...(state ? { state } : {}),
    })
    const ended: IncidentEvent = { ...act(), type: 'alert_resolved', alertKey: 'a:1', title: 'x' }
    const counts = (...events: IncidentEvent[]) => {
      const { total, firing } = given(declared(), ...events).alerts
      return [total, firing]
    }
    expect(counts(join('a:1'), join('a:2'), join('a:3', 'resolved'))).toEqual([3, 2])
    expect(counts(join('a:1'), join('a:2'), ended, leave('a:1', 'resolved'))).toEqual([1, 1])
    expect(counts(join('a:1'), leave('a:1'), leave('a:1'))).toEqual([0, 0])
  })
  test('keeps whether it was a storm, what opened it, and what its alerts concern', () => {
    const fires = (rule: string, service: string): IncidentEvent => ({
      ...act(),
      type: 'alert_joined',
      alert: alert('a:1', { rule }),
      reason: 'same rule',
      service,
    })
    const first = declared({
      by: 'alertmanager',
      storm: true,
      service: 'checkout',
      alert: alert('a:0', { rule: 'Slow' }),
    })
    expect(given(first, fires('Slow', 'search'), fires('Slow', 'search'), fires('Down', 'search'))).toMatchObject({
      storm: true,
      origin: 'alert',
      alerts: { services: ['checkout', 'search'], rules: ['Slow @ checkout', 'Slow @ search', 'Down @ search'] },
    })
    expect(given(declared())).toMatchObject({ storm: false, origin: 'person', alerts: { services: [], rules: [] } })
  })
  test('is flapping when all its alerts were quiet and one fires again, not when a first or another one fires', () => {
    const joins = (key: string): IncidentEvent => ({ ...act(), type: 'alert_joined', alert: alert(key), reason: 'x' })
    const ends = (key: string): IncidentEvent => ({ ...act(), type: 'alert_resolved', alertKey: key, title: 'x' })
    const flaps = (...events: IncidentEvent[]) => given(declared(), ...events).alerts.flaps
    expect(flaps(joins('a:1'), joins('a:2'), ends('a:1'), joins('a:3'))).toBe(0)
    expect(flaps(joins('a:1'), ends('a:1'), joins('a:2'), ends('a:2'), joins('a:3'))).toBe(2)
  })
  test('keeps the latest collected evidence, but not one that nothing answered', () => {
    const look = (hash: string, kind: 'chart' | 'missing'): IncidentEvent => ({
      ...act(),
      type: 'evidence_collected',
      phase: 'asked',
      snapshots: [{ hash, kind, source: 'prometheus', title: 'Latency' }],
    })
    const kept = (...events: IncidentEvent[]) => given(declared(), ...events).evidence.map(({ hash }) => hash)
    expect(kept(look('h1', 'chart'), look('h2', 'chart'))).toEqual(['h2'])
    expect(kept(look('h1', 'chart'), look('h2', 'missing'))).toEqual(['h1'])
    expect(kept(look('h1', 'missing'))).toEqual(['h1'])
  })
  test('clears a failure when its step succeeds later', () => {
    const failed: IncidentEvent = { ...act(), type: 'effect_failed', effect: { type: 'set_topic' }, reason: 'no scope' }
    expect(given(declared(), failed)).toMatchObject({
      failures: { set_topic: {} },
      steps: { topic: { state: 'failed' } },
    })
    const done: IncidentEvent = { ...act(), type: 'step_done', step: 'topic' }
    expect(given(declared(), failed, done)).toMatchObject({ failures: {}, steps: { topic: { state: 'done' } } })
  })
  test("counts as active for what people and sources do, not for Muster's own housekeeping", () => {
    const note = (by: string): IncidentEvent => ({ at: T + MINUTE, by, type: 'noted', text: 'x' })
    expect(given(declared(), note('muster')).activeAt).toBe(T)
    expect(given(declared(), note('pagerduty')).activeAt).toBe(T + MINUTE)
  })
  test('includes whoever declared it, and nobody when an alert did', () => {
    expect(given(...declare({ title: 'x', severity: 'sev2' }, act())).people).toEqual(['U0DANA'])
    expect(given(declared({ by: 'alertmanager', alert: alert() })).people).toEqual([])
  })
})
