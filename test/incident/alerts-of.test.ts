import { expect, test } from 'vitest'
import { alertsEverOf, alertsOf } from '../../src/incident/alerts-of.ts'
import type { IncidentEvent, RecordedEvent } from '../../src/incident/event.ts'
import { act, alert, declared, T } from './facts.ts'

const joined = (key: string, more: Parameters<typeof alert>[1] = {}, page = false): IncidentEvent => ({
  ...act(),
  type: 'alert_joined',
  alert: alert(key, more),
  reason: 'same service',
  ...(page ? { page: true } : {}),
})
const resolved = (key: string): IncidentEvent => ({ ...act(), type: 'alert_resolved', alertKey: key, title: 'x' })
const left = (key: string): IncidentEvent => ({ ...act(), type: 'alert_left', alertKey: key, title: 'x', to: 'INC-2' })
const log = (...events: IncidentEvent[]) => events.map((event, i) => ({ ...event, seq: i + 1 }) as RecordedEvent)
const keys = (...events: IncidentEvent[]) => alertsOf(log(...events)).map(({ alert: { key, state } }) => [key, state])
const flapping = { fingerprint: 'f' }

test('the alerts of an incident are those that opened or joined it, in their last known state', () => {
  expect(keys(declared({ alert: alert('a:1') }), joined('a:2'), resolved('a:1'))).toEqual([
    ['a:1', 'resolved'],
    ['a:2', 'firing'],
  ])
  expect(keys(declared())).toEqual([])
})

test('an alert that flaps is one, with the keys of all its occurrences and the start of its first', () => {
  const events = [
    declared({ alert: alert('a:1', { ...flapping, startsAt: T - 9 }) }),
    resolved('a:1'),
    joined('a:2', { ...flapping, startsAt: T - 1 }),
  ]
  const [one, ...others] = alertsOf(log(...events))
  expect(others).toEqual([])
  expect(one).toMatchObject({ alert: { key: 'a:2', state: 'firing' }, since: T - 9, left: false, page: false })
  expect([...(one?.keys ?? [])]).toEqual(['a:1', 'a:2'])
  // The end of an earlier occurrence says nothing about the latest.
  expect(keys(...events, resolved('a:1'))).toEqual([['a:2', 'firing']])
  expect(keys(...events, left('a:1'))).toEqual([['a:2', 'firing']])
  expect(keys(...events, resolved('a:2'))).toEqual([['a:2', 'resolved']])
})

test('an alert that moved away is left out until it joins again', () => {
  const away = [declared({ alert: alert('a:1') }), left('a:1')]
  expect(keys(...away)).toEqual([])
  expect(alertsEverOf(log(...away))).toMatchObject([{ left: true }])
  expect(keys(...away, joined('a:1'))).toEqual([['a:1', 'firing']])
})

test('a page that Muster sent is no alert of the incident, though it was there', () => {
  const paged = [declared(), joined('pagerduty:P1', {}, true)]
  expect(keys(...paged)).toEqual([])
  expect(alertsEverOf(log(...paged))).toMatchObject([{ page: true, left: false }])
})
