import { describe, expect, test } from 'vitest'
import { joinAlert, joinAndOpen, moveAlert } from '../../src/incident/alert-decisions.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { act, alert, declared, MINUTE, T } from './facts.ts'

const at = act(T + MINUTE, 'alertmanager')
const one = alert('alertmanager:a')
const joined = { ...at, type: 'alert_joined', alert: one, reason: 'same service' }
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const held = replay('INC-1', [declared({ status: 'triage' })])

describe('an alert that joins', () => {
  test('is recorded with what is known of it, and nothing else', () => {
    const known = { service: 'cart', again: true, instead: ['alertmanager:b'], page: true }
    expect(joinAlert(given(), { alert: one, reason: 'same service' }, at)).toEqual([joined])
    expect(joinAlert(given(), { alert: one, reason: 'same service', ...known }, at)).toEqual([{ ...joined, ...known }])
    const nothing = { service: '', again: false, instead: [], page: false }
    expect(joinAlert(given(), { alert: one, reason: 'same service', ...nothing }, at)).toEqual([joined])
  })
  test('opens an incident held in triage now, at its own severity when that is worse', () => {
    const now = T + 9 * MINUTE
    const opened = {
      ...at,
      at: now,
      type: 'status_changed',
      status: 'investigating',
      text: 'opened by Checkout answers slowly',
    }
    const joining = { alert: one, reason: 'same service', at: now }
    expect(joinAndOpen(held, joining, at)).toEqual([joined, opened])
    const severity = { ...at, at: now, type: 'severity_changed', severity: 'sev1' }
    expect(joinAndOpen(held, { ...joining, severity: 'sev1' }, at)).toEqual([joined, severity, opened])
    expect(joinAndOpen(given(), { ...joining, severity: 'sev1' }, at)).toEqual([joined, severity])
  })
})

test('an alert that moves says where to and in which state, and whether it is a page', () => {
  const move = { alert: one, state: 'resolved' as const, to: 'INC-2' }
  const left = {
    ...at,
    type: 'alert_left',
    alertKey: 'alertmanager:a',
    title: one.title,
    state: 'resolved',
    to: 'INC-2',
  }
  expect(moveAlert(given(joined as IncidentEvent), move, at)).toEqual([left])
  const page = { ...joined, page: true } as IncidentEvent
  expect(moveAlert(given(page), move, at)).toEqual([{ ...left, page: true }])
})
