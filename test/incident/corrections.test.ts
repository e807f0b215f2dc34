import { describe, expect, test } from 'vitest'
import { withCorrections } from '../../src/incident/correction.ts'
import { correctTime, note } from '../../src/incident/decide.ts'
import { editEntry, removeEntry, restoreEntry } from '../../src/incident/entry-decisions.ts'
import type { IncidentEvent, RecordedEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { plain } from '../../src/incident/phrase.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { act, declared, MINUTE, status, T } from './facts.ts'

const recorded = (...events: IncidentEvent[]): RecordedEvent[] =>
  events.map((event, i) => ({ ...event, seq: i + 1, recordedAt: T + i }))
const facts = [
  declared(),
  ...note(replay('INC-1', [declared()]), { text: 'pool enlrged' }, act(T + MINUTE)),
  status('mitigated', act(T + 2 * MINUTE)),
]
const incident = replay('INC-1', facts)
const lines = (...more: IncidentEvent[]) => timeline(recorded(...facts, ...more)).map(({ phrases }) => plain(phrases))

describe('a timeline entry', () => {
  test('can be edited, and its previous text stays in the log', () => {
    const [edit] = editEntry(incident, { seq: 2, text: ' pool enlarged ' }, act(T + 9 * MINUTE))
    expect(lines(edit as IncidentEvent)[1]).toBe('@U0DANA: pool enlarged')
    const events = recorded(...facts, edit as IncidentEvent)
    expect(timeline(events).map(({ edited }) => edited)).toEqual([undefined, true, undefined])
    expect(events[1]).toMatchObject({ text: 'pool enlrged' })
  })

  test('that Muster wrote can be reworded, too', () => {
    const [edit] = editEntry(incident, { seq: 3, text: 'connections were killed by hand' }, act(T + 9 * MINUTE))
    expect(lines(edit as IncidentEvent)[2]).toBe('connections were killed by hand')
    expect(replay('INC-1', [...facts, edit as IncidentEvent]).status).toBe('mitigated')
  })

  test('can be removed and restored, keeping its corrected text and time', () => {
    const steps = [
      ...editEntry(incident, { seq: 2, text: 'pool enlarged' }, act()),
      ...correctTime(incident, { seq: 2, time: T + 3 * MINUTE }, act(T + 9 * MINUTE)),
      ...removeEntry(incident, { seq: 2, reason: 'another incident' }, act()),
    ]
    expect(lines(...steps)).toHaveLength(2)
    expect(lines(...steps, ...restoreEntry(incident, { seq: 2 }, act()))[2]).toBe('@U0DANA: pool enlarged')
  })

  test('cannot be edited when it does not exist or is the first one, nor to an empty text', () => {
    expect(() => editEntry(incident, { seq: 9, text: 'x' }, act())).toThrow('INC-1 has no timeline entry 9')
    expect(() => editEntry(incident, { seq: 2, text: ' ' }, act())).toThrow('Say what the entry is to read')
    expect(() => removeEntry(incident, { seq: 1 }, act())).toThrow('opened the incident and stays')
    expect(() => restoreEntry(incident, { seq: 0 }, act())).toThrow('has no timeline entry 0')
  })
})

test('appears in documents as edited, and not at all when removed', () => {
  const events = recorded(
    ...[
      declared(),
      ...note(incident, { text: 'trigger: a deploy' }, act()),
      ...note(incident, { text: 'wrong' }, act()),
    ],
    ...[
      ...editEntry(incident, { seq: 2, text: 'trigger: a batch job' }, act()),
      ...removeEntry(incident, { seq: 3 }, act()),
    ],
  )
  expect(withCorrections(events).flatMap((event) => (event.type === 'noted' ? [event.text] : []))).toEqual([
    'trigger: a batch job',
  ])
})
