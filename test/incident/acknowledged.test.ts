import { expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { act, alert, DANA, declared, EVE, MINUTE, T } from './facts.ts'

const at = act(T + 5 * MINUTE, 'pagerduty')
const given = (...events: IncidentEvent[]) =>
  replay('INC-1', [declared({ by: 'pagerduty', alert: alert() }), ...events])
const acknowledged = (...events: IncidentEvent[]) => given(...events).milestones.acknowledged
const activity = (what: 'acknowledged' | 'escalated'): IncidentEvent => ({
  ...at,
  type: 'alert_activity',
  alertKey: 'pagerduty:P1',
  activity: what,
  text: what,
})
const answered = (answer: 'acknowledged' | 'declined'): IncidentEvent => ({
  ...at,
  type: 'page_answered',
  page: 2,
  answer,
  name: 'Eve',
})
const role = (by: string, name = 'commander'): IncidentEvent => ({
  ...at,
  by,
  type: 'role_assigned',
  role: name,
  responder: EVE,
})

test('an incident is acknowledged at its source, by an answer to a page, or by the first role taken', () => {
  expect(acknowledged(activity('acknowledged'))).toMatchObject({ at: at.at, source: 'acknowledged at the source' })
  expect(acknowledged(answered('acknowledged'))).toMatchObject({ at: at.at, source: 'page acknowledged' })
  expect(acknowledged(role(DANA))).toMatchObject({ at: at.at, source: 'first role taken' })
  for (const other of [activity('escalated'), answered('declined'), role('muster')])
    expect(acknowledged(other)).toBeUndefined()
})

test('whoever holds a role belongs to the incident; a commander appointed by Muster is marked as such', () => {
  expect(given(role('muster')).people).toContain(EVE)
  expect(given(role('muster')).milestones.commander).toMatchObject({ at: at.at, source: 'appointed' })
  expect(given(role(DANA)).milestones.commander).toMatchObject({ source: 'role taken' })
  expect(given(role(DANA, 'scribe')).milestones.commander).toBeUndefined()
})

test('pages that Muster sent are followed apart from the alerts, the latest 20 of them', () => {
  const page = (key: string): IncidentEvent => ({
    ...at,
    type: 'alert_joined',
    alert: alert(key),
    reason: 'sent by Muster',
    page: true,
  })
  const left: IncidentEvent = {
    ...at,
    type: 'alert_left',
    alertKey: 'pagerduty:A',
    title: 'x',
    to: 'INC-2',
    page: true,
  }
  expect(given(page('pagerduty:A'), page('pagerduty:B'), page('pagerduty:A'))).toMatchObject({
    pages: ['pagerduty:A', 'pagerduty:B'],
    alerts: { total: 1 },
  })
  expect(given(page('pagerduty:A'), page('pagerduty:B'), left).pages).toEqual(['pagerduty:B'])
  expect(given(left).pages).toEqual([])
  const many = Array.from({ length: 22 }, (_, i) => page(`pagerduty:${i}`))
  expect(given(...many).pages).toEqual(Array.from({ length: 20 }, (_, i) => `pagerduty:${i + 2}`))
})
