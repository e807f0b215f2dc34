import { expect, test } from 'vitest'
import type { IncidentEvent, RecordedEvent } from '../../../src/incident/event.ts'
import { replay } from '../../../src/incident/evolve.ts'
import { sentenceOf } from '../../../src/incident/sentence.ts'
import { eventMessage } from '../../../src/integrations/slack/messages/event.ts'
import { summaryOf } from '../../../src/integrations/slack/summary/summary.ts'
import { act, alert, channelOpened, declared } from '../../incident/facts.ts'

const words = { severities: [], roles: [], catalogue: new Map() }
const begins = (i: number): IncidentEvent => ({
  ...act(),
  type: 'alert_joined',
  alert: alert(`am:f:${i}`, { fingerprint: 'am:f' }),
  reason: 'fires again',
  again: true,
})
const ends = (i: number): IncidentEvent => ({ ...act(), type: 'alert_resolved', alertKey: `am:f:${i}`, title: 'x' })
const first = declared({ by: 'alertmanager', alert: alert('am:f:0', { fingerprint: 'am:f' }) })
const flapped = (times: number): IncidentEvent[] => [
  first,
  channelOpened,
  ...Array.from({ length: times }, (_, i) => [ends(i), begins(i + 1)]).flat(),
]
const announcementOf = (events: IncidentEvent[]): string => {
  const event = { ...(events.at(-1) as IncidentEvent), seq: events.length, recordedAt: 0 } as RecordedEvent
  return JSON.stringify(eventMessage(event, sentenceOf(event) ?? [], replay('INC-1', events)))
}

test('the summary counts a flapping alert once, with the number of times it came back', () => {
  const summary = JSON.stringify(summaryOf(replay('INC-1', flapped(4)), { words }).blocks)
  expect(summary).toContain(':rotating_light: firing: ')
  expect(summary).toContain('flapping: went quiet and fired again 4 times')
})

test('the last post about a flapping alert says that no more will follow', () => {
  expect(announcementOf(flapped(1))).not.toContain('It is flapping')
  expect(announcementOf(flapped(2))).toContain('It is flapping: from now on only the summary counts how often.')
})
