import { describe, expect, test } from 'vitest'
import { correctTime, note } from '../../src/incident/decide.ts'
import type { IncidentEvent, RecordedEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { IDS, labelsOf } from '../../src/incident/labels.ts'
import { plain } from '../../src/incident/phrase.ts'
import { sentenceOf } from '../../src/incident/sentence.ts'
import { Service } from '../../src/incident/service.ts'
import { Role, Severity } from '../../src/incident/status.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { act, declared, MINUTE, T } from './facts.ts'

const recorded = (...events: IncidentEvent[]): RecordedEvent[] =>
  events.map((event, i) => ({ ...event, seq: i + 1, recordedAt: T + i }))
const noted = (text: string, at: number): IncidentEvent => ({ ...act(at), type: 'noted', text })
const minutes = (events: RecordedEvent[]) => timeline(events).map(({ seq, at }) => [seq, (at - T) / MINUTE])

describe('the timeline', () => {
  test('sorts back-dated notes into place, and simultaneous events in the order of recording', () => {
    const [late] = note(replay('INC-1', [declared()]), { text: 'x', time: T - MINUTE }, act(T + 5 * MINUTE))
    const events = recorded(declared(), noted('a', T + MINUTE), noted('b', T + MINUTE), late as IncidentEvent)
    expect(minutes(events)).toEqual([
      [4, -1],
      [1, 0],
      [2, 1],
      [3, 1],
    ])
    expect(timeline(events)[0]).toMatchObject({ by: 'U0DANA', recordedAt: T + 3, type: 'noted' })
  })

  test('moves a corrected entry; the last correction wins and is not listed itself', () => {
    const facts = [declared(), noted('a', T + MINUTE), noted('b', T + 2 * MINUTE)]
    const incident = replay('INC-1', facts)
    const corrections = [-4, -3].flatMap((minutes) =>
      correctTime(incident, { seq: 3, time: T + minutes * MINUTE }, act(T + 9 * MINUTE)),
    )
    expect(minutes(recorded(...facts, ...corrections))).toEqual([
      [3, -3],
      [1, 0],
      [2, 1],
    ])
  })

  test('names severities, roles and services where the names are known', () => {
    const labels = labelsOf({
      catalogue: new Map([['payments-db', Service.parse({ id: 'payments-db', name: 'Payments database' })]]),
      severities: [Severity.parse({ id: 'sev1', name: 'Major' })],
      roles: [Role.parse({ id: 'commander', name: 'Incident lead' })],
    })
    const lines = (known = labels) =>
      timeline(
        recorded(
          declared({ severity: 'sev1' }),
          { ...act(), type: 'role_assigned', role: 'commander', responder: 'U0DANA' },
          { ...act(), type: 'role_released', role: 'scribe', responder: 'U0DANA' },
          { ...act(), type: 'severity_changed', severity: 'sev1' },
          { ...act(), type: 'service_changed', service: 'payments-db' },
          { ...act(), type: 'page_requested', service: 'payments-db' },
          {
            ...act(),
            type: 'handover_offered',
            from: 'U0DANA',
            to: 'U0EVE',
            roles: ['commander', 'scribe'],
          } as IncidentEvent,
        ),
        known,
      ).map(({ phrases }) => plain(phrases))
    expect(lines()).toEqual([
      '@U0DANA declared the incident: Checkout is slow (Major)',
      '@U0DANA took the role Incident lead',
      '@U0DANA is no longer scribe',
      '@U0DANA set the severity to Major',
      '@U0DANA set the service to Payments database',
      '@U0DANA pages who is on call for Payments database',
      '@U0DANA asked @U0EVE to take over Incident lead and scribe',
    ])
    expect(lines(IDS)[4]).toBe('@U0DANA set the service to payments-db')
  })

  test('keeps mentions of people and never creates one from external text', () => {
    expect(sentenceOf(noted('ask <@U0EVE|eve>', T))).toContainEqual({ person: 'U0EVE' })
    const outside: IncidentEvent = {
      ...act(),
      type: 'alert_activity',
      alertKey: 'k',
      activity: 'other',
      text: '<@U0EVE>',
    }
    expect(sentenceOf(outside)).toEqual([{ text: '<@U0EVE>' }])
  })

  test('names who was not found, and a source by its display name', () => {
    const found: IncidentEvent = { ...act(), by: 'muster', type: 'responder_found', name: 'Eve Ek', why: 'on call' }
    expect(plain(sentenceOf(found) ?? [])).toBe('Eve Ek is on call, but was not found in Slack')
    expect(plain(sentenceOf(declared({ by: 'pagerduty' })) ?? [])).toMatch(/^PagerDuty declared/)
  })
})
