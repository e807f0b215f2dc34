import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { followDeletion, followEdit, keptAt, markMessage, unmarkMessage } from '../../src/incident/kept-message.ts'
import { act, DANA, declared, EVE, T } from './facts.ts'

const message = { channel: 'C0INC1', ts: '1.1' }
const other = { channel: 'C0INC1', ts: '1.2' }
const elsewhere = { channel: 'C0OTHER', ts: '1.1' }
const dana = act(T, DANA)
const eve = act(T, EVE)
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const mark = (by = dana, more: object = {}, incident = given()) =>
  markMessage(incident, { message, mark: 'pushpin', ...more }, by)
/** The message's text arrived, and became entry 3 of the timeline. */
const noted: IncidentEvent = { ...dana, type: 'noted', text: 'the pool is full', message }
const kept = [...mark(), noted]

describe('a message marked for the timeline', () => {
  test('is recorded with what its mark included', () => {
    expect(mark()).toEqual([{ ...dana, type: 'message_marked', message, mark: 'pushpin' }])
    const more = { text: 'full', author: EVE, link: 'https://slack.example.com/1' }
    expect(mark(dana, more)).toEqual([{ ...dana, type: 'message_marked', message, mark: 'pushpin', ...more }])
    expect(mark(dana, { text: '', author: '', link: '' })).toEqual(mark())
  })
  test('is found by its channel and time', () => {
    const incident = given(...kept)
    expect(keptAt(incident, message)).toEqual({ ...message, marks: [`${DANA} pushpin`], entry: 3 })
    expect(keptAt(incident, other)).toBeUndefined()
    expect(keptAt(incident, elsewhere)).toBeUndefined()
    expect(keptAt(given(), message)).toBeUndefined()
  })
  test('counts each person and each kind of mark once; a pin is the same whoever sets it', () => {
    const incident = given(...kept)
    expect(mark(dana, {}, incident)).toEqual([])
    expect(mark(eve, {}, incident)).toEqual([{ ...eve, type: 'message_marked', message, mark: 'pushpin' }])
    const pinned = given(...kept, ...mark(dana, { mark: 'pin' }, incident))
    expect(keptAt(pinned, message)?.marks).toEqual([`${DANA} pushpin`, 'pin'])
    expect(mark(eve, { mark: 'pin' }, pinned)).toEqual([])
  })
  test('keeps the text it has when it is marked again', () => {
    const again = mark(eve, { text: 'another text' }, given(...kept))
    expect(again).toEqual([{ ...eve, type: 'message_marked', message, mark: 'pushpin' }])
    expect(keptAt(given(...kept, ...again), message)).toMatchObject({ entry: 3 })
  })
  test('does not push out another one until there are 200', () => {
    const many = (count: number) =>
      given(
        ...kept,
        ...Array.from(
          { length: count },
          (_, i): IncidentEvent => ({
            ...dana,
            type: 'message_marked',
            mark: 'pin',
            message: { channel: 'C0INC1', ts: `2.${i}` },
          }),
        ),
      )
    expect(keptAt(many(199), message)).toBeDefined()
    expect(keptAt(many(200), message)).toBeUndefined()
  })
})

describe('removing a mark', () => {
  const unmark = (incident: ReturnType<typeof given>, by = dana, name = 'pushpin') =>
    unmarkMessage(incident, { message, mark: name }, by)
  const unmarked = { ...dana, type: 'message_unmarked', message, mark: 'pushpin' }
  const removed = { ...dana, type: 'entry_removed', entry: 3, reason: 'unmarked' }

  test('removes the entry with the last mark only', () => {
    const two = given(...kept, ...mark(eve, {}, given(...kept)))
    expect(unmark(two)).toEqual([unmarked])
    const one = given(...kept, ...mark(eve, {}, given(...kept)), ...unmark(two))
    expect(unmark(one, eve)).toEqual([
      { ...unmarked, ...eve },
      { ...removed, ...eve },
    ])
    expect(unmark(given(...kept))).toEqual([unmarked, removed])
  })
  test('removes no entry while the message has none', () => {
    expect(unmark(given(...mark()))).toEqual([unmarked])
  })
  test('that was never set changes nothing', () => {
    expect(unmark(given(...kept), eve)).toEqual([])
    expect(unmark(given(...kept), dana, 'pin')).toEqual([])
    expect(unmark(given())).toEqual([])
  })
  test('works for a mark recorded without its kind', () => {
    const old: IncidentEvent = { ...dana, type: 'message_marked', message }
    expect(unmark(given(old, noted))).toEqual([unmarked, removed])
    const gone = given(old, noted, ...unmark(given(old, noted)))
    expect(keptAt(gone, message)?.marks).toEqual([])
  })
  test('is undone by marking it again, which restores the entry', () => {
    const gone = given(...kept, ...unmark(given(...kept)))
    expect(keptAt(gone, message)).toMatchObject({ removed: true, marks: [] })
    expect(unmark(gone)).toEqual([])
    const again = mark(eve, {}, gone)
    expect(again).toEqual([
      { ...eve, type: 'message_marked', message, mark: 'pushpin' },
      { ...eve, type: 'entry_restored', entry: 3 },
    ])
    const back = given(...kept, ...unmark(given(...kept)), ...again)
    expect(keptAt(back, message)).toEqual({ ...message, marks: [`${EVE} pushpin`], entry: 3 })
  })
})

describe('a kept message', () => {
  test('follows its edits, but not to nothing', () => {
    const edit = (text: string, incident = given(...kept)) => followEdit(incident, { message, text }, eve)
    expect(edit('the pool was full')).toEqual([{ ...eve, type: 'entry_edited', entry: 3, text: 'the pool was full' }])
    expect(edit(' ')).toEqual([])
    expect(edit('x', given(...mark()))).toEqual([])
    expect(edit('x', given())).toEqual([])
  })
  test('leaves the timeline once when it is deleted', () => {
    const deleted = (incident: ReturnType<typeof given>) => followDeletion(incident, { message }, eve)
    const gone = [{ ...eve, type: 'entry_removed', entry: 3, reason: 'the message was deleted in Slack' }]
    expect(deleted(given(...kept))).toEqual(gone)
    expect(deleted(given(...kept, ...(gone as IncidentEvent[])))).toEqual([])
    expect(deleted(given())).toEqual([])
  })
})
