import { expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { quietEnd } from '../../src/incident/quiet-end.ts'
import { act, alert, declared, MINUTE, status, T } from './facts.ts'

const opening = (more: Parameters<typeof declared>[0] = {}) =>
  declared({ by: 'alertmanager', alert: alert('alertmanager:a'), ...more })
const resolved = (key: string): IncidentEvent => ({
  ...act(T + MINUTE, 'alertmanager'),
  type: 'alert_resolved',
  alertKey: key,
  title: 'x',
})
const joined: IncidentEvent = {
  ...act(T, 'alertmanager'),
  type: 'alert_joined',
  alert: alert('alertmanager:b'),
  reason: 'same service',
}
const quiet = [opening(), resolved('alertmanager:a')]
const end = (events: IncidentEvent[], minutes: number) =>
  quietEnd(replay('INC-1', events), T + minutes * MINUTE, 30 * MINUTE)

test('an incident whose alerts have been quiet long enough is resolved, with the reason', () => {
  expect(end(quiet, 30.9)).toBeUndefined()
  expect(end(quiet, 31)).toEqual({
    events: [
      {
        ...act(T + 31 * MINUTE, 'muster'),
        type: 'status_changed',
        status: 'resolved',
        text: 'its alert has been quiet for 30 min, and nobody did anything',
      },
    ],
    once: `quiet-end:INC-1:${T + MINUTE}`,
  })
  const two = [opening(), joined, resolved('alertmanager:a'), resolved('alertmanager:b')]
  expect(end(two, 41)?.events[0]).toMatchObject({
    text: 'all 2 alerts have been quiet for 40 min, and nobody did anything',
  })
})

test.each([
  ['one of its alerts still fires', [opening(), joined, resolved('alertmanager:a')]],
  ['it never had an alert', [declared({ by: 'alertmanager' })]],
  ['a person declared it', [declared({ alert: alert('alertmanager:a') }), resolved('alertmanager:a')]],
  ['it is a drill', [opening({ drill: true }), resolved('alertmanager:a')]],
  ['it is held in triage', [opening({ status: 'triage' }), resolved('alertmanager:a')]],
  ['it is over', [...quiet, status('cancelled')]],
] as [string, IncidentEvent[]][])('an incident is not resolved by itself when %s', (_why, events) => {
  expect(end(events, 600)).toBeUndefined()
})

test('whatever somebody does restarts the wait', () => {
  const noted: IncidentEvent = { ...act(T + 20 * MINUTE), type: 'noted', text: 'looking' }
  expect(end([...quiet, noted], 49)).toBeUndefined()
  expect(end([...quiet, noted], 50)).toBeDefined()
})
