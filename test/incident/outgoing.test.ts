import { describe, expect, test } from 'vitest'
import type { IncidentEvent, RecordedEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { isActionItemEvent, outgoingEventOf, sentTo } from '../../src/incident/outgoing.ts'
import { OutgoingEndpoint } from '../../src/incident/outgoing-event.ts'
import { act, declared, status } from './facts.ts'

const held = declared({ status: 'triage' })
const outgoing = (...events: IncidentEvent[]) => {
  const last = { ...(events.at(-1) as IncidentEvent), seq: events.length } as RecordedEvent
  return outgoingEventOf(last, replay('INC-1', events))
}
const added: IncidentEvent = { ...act(), type: 'action_added', id: 1, text: 'Add an alert' }
const review: IncidentEvent = { ...act(), type: 'postmortem_reviewed', step: 'published' }

test.each([
  ['a declaration', [declared()], 'incident.opened'],
  ['a declaration in triage', [held], 'incident.opened'],
  ['the end of triage', [held, status('investigating')], 'incident.opened'],
  ['another status', [declared(), status('mitigated')], 'incident.updated'],
  ['its resolution', [declared(), status('resolved')], 'incident.resolved'],
  ['a false alarm', [declared(), status('cancelled')], 'incident.resolved'],
  ['a merge', [declared(), status('merged', { into: 'INC-2' })], 'incident.resolved'],
  ['closing it', [declared(), status('resolved'), status('closed')], 'incident.updated'],
  ['making it private', [declared(), { ...act(), type: 'made_private' }], 'incident.withdrawn'],
  ['a published postmortem', [declared(), status('resolved'), review], 'postmortem.published'],
  ['a new action item', [declared(), added], 'action_item.created'],
  ['a completed one', [declared(), added, { ...act(), type: 'action_done', id: 1 }], 'action_item.done'],
] as [string, IncidentEvent[], string][])('%s is sent as %s', (_what, events, name) => {
  const last = events.at(-1) as IncidentEvent
  expect(outgoing(...events)).toBe(name)
  expect(isActionItemEvent(outgoing(...events))).toBe(last.type.startsWith('action_'))
})

describe('an endpoint', () => {
  const endpoint = (more: object = {}) => OutgoingEndpoint.parse({ url: 'https://hooks.example.com', ...more })
  const incident = (more: Parameters<typeof declared>[0] = {}, ...events: IncidentEvent[]) =>
    replay('INC-1', [declared(more), ...events])

  test('gets every event of an ordinary incident', () => {
    for (const event of ['incident.opened', 'incident.updated', 'incident.resolved', 'postmortem.published'] as const)
      expect(sentTo(endpoint(), event, incident())).toBe(event)
  })
  test('never learns of an incident that was dismissed in triage', () => {
    expect(sentTo(endpoint(), 'incident.resolved', incident({ status: 'triage' }, status('cancelled')))).toBeUndefined()
  })
  test('gets action items, drills and private incidents only where its settings say so', () => {
    const items = 'action_item.created'
    expect(sentTo(endpoint(), items, incident())).toBeUndefined()
    expect(sentTo(endpoint({ actionItems: true }), items, incident())).toBe(items)
    expect(sentTo(endpoint(), 'incident.opened', incident({ drill: true }))).toBeUndefined()
    expect(sentTo(endpoint({ drills: true }), 'incident.opened', incident({ drill: true }))).toBe('incident.opened')
    expect(sentTo(endpoint(), 'incident.opened', incident({ private: true }))).toBeUndefined()
    expect(sentTo(endpoint({ private: true }), 'incident.opened', incident({ private: true }))).toBe('incident.opened')
  })
  test('limited to severities gets those only', () => {
    const worst = endpoint({ severities: ['sev1', 'sev2'] })
    expect(sentTo(worst, 'incident.updated', incident({ severity: 'sev2' }))).toBe('incident.updated')
    expect(sentTo(worst, 'incident.updated', incident({ severity: 'sev3' }))).toBeUndefined()
  })
  test('withdraws an incident that became private, whatever its severity, unless it may see it', () => {
    const hidden = incident({ severity: 'sev3' }, { ...act(), type: 'made_private' })
    expect(sentTo(endpoint({ severities: ['sev1'] }), 'incident.withdrawn', hidden)).toBe('incident.withdrawn')
    expect(sentTo(endpoint({ private: true }), 'incident.withdrawn', hidden)).toBe('incident.updated')
  })
  test('that is a status page is not informed about postmortems', () => {
    const page = { ...endpoint(), type: 'statuspage' as const }
    expect(sentTo(page, 'postmortem.published', incident())).toBeUndefined()
    expect(sentTo(page, 'incident.updated', incident())).toBe('incident.updated')
  })
})
