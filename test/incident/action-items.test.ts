import { describe, expect, test } from 'vitest'
import { addAction, editAction, moveAction, removeAction, snoozeAction } from '../../src/incident/action-decisions.ts'
import { isReminderTime, itemsDue } from '../../src/incident/action-reminder.ts'
import { parseAction } from '../../src/incident/action-text.ts'
import { actionLine } from '../../src/incident/action-words.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { plain } from '../../src/incident/phrase.ts'
import { act, DANA, declared, EVE, T } from './facts.ts'

const DAY = 24 * 3_600_000
const at = act(T)
const added = (members: object = {}): IncidentEvent => ({
  ...at,
  type: 'action_added',
  id: 1,
  text: 'raise the limit',
  owner: DANA,
  ...members,
})
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), ...events])
const rules = { remindAt: '09:30', remindEveryDays: 7, overdueEveryDays: 2 }

describe('an action item', () => {
  test.each([
    ['alert on it', { text: 'alert on it' }],
    ['[preventative] alert on it', { text: 'alert on it', kind: 'preventative' }],
    [
      'fix: the pool, due 2026-12-01 (SHOP-12)',
      { text: 'the pool', kind: 'corrective', due: '2026-12-01', ticket: 'SHOP-12' },
    ],
    ['alert on it due tomorrow', { text: 'alert on it', due: '2026-11-26' }],
    ['alert on it due friday', { text: 'alert on it', due: '2026-11-27' }],
    ['alert on it due wed', { text: 'alert on it', due: '2026-12-02' }],
    ['alert on it, due in 2 weeks', { text: 'alert on it', due: '2026-12-09' }],
    ['act, see <https://t.example/SHOP-12|SHOP-12>', { text: 'act', ticket: 'https://t.example/SHOP-12' }],
    ['see https://t.example/1, and act', { text: 'see https://t.example/1, and act', ticket: 'https://t.example/1' }],
    ['note: the due process by friday', { text: 'note: the due process by friday' }],
  ])('reads %s', (written, parts) => {
    // A Wednesday.
    expect(parseAction(written, '2026-11-25')).toEqual(parts)
  })

  test('keeps what an edit omits, and clears what it sets to null', () => {
    const before = given(added({ kind: 'process', due: '2026-12-01' }))
    const [edited] = editAction(before, { id: 1, due: null, ticket: 'SHOP-12' }, at)
    expect(edited).toEqual({
      ...at,
      type: 'action_edited',
      id: 1,
      text: 'raise the limit',
      owner: DANA,
      kind: 'process',
      ticket: 'SHOP-12',
    })
    const after = given(added({ kind: 'process', due: '2026-12-01' }), edited!)
    expect(plain(actionLine(after.actions[0]!))).toBe('1. raise the limit · @U0DANA · process · SHOP-12')
  })

  test('moves through its states, and records nothing when nothing changes', () => {
    const started = moveAction(given(added()), { id: 1, state: 'in_progress' }, at)
    expect(given(added(), ...started).actions[0]).toMatchObject({ state: 'in_progress', done: false })
    const dropped = moveAction(given(added()), { id: 1, state: 'dropped', reason: 'retired' }, at)
    expect(given(added(), ...dropped).actions[0]).toMatchObject({ state: 'dropped', done: true })
    expect(moveAction(given(added(), ...dropped), { id: 1, state: 'dropped' }, at)).toEqual([])
    const reopened = moveAction(given(added(), ...dropped), { id: 1, state: 'open' }, at)
    expect(given(added(), ...dropped, ...reopened).actions[0]).toMatchObject({ state: 'open', done: false })
  })

  test('does not pass its number on when it is removed, and a refusal says that it was removed', () => {
    const removed = given(added(), ...removeAction(given(added()), { id: 1 }, at))
    expect(removed.actions).toEqual([])
    expect(addAction(removed, { text: 'another' }, at)).toMatchObject([{ id: 2 }])
    expect(removeAction(removed, { id: 1 }, at)).toEqual([])
    expect(() => moveAction(removed, { id: 1, state: 'done' }, at)).toThrow(/was removed/)
    expect(() => snoozeAction(removed, { id: 7, days: 7 }, at)).toThrow(/no action item 7/)
  })

  test('from a message is added once, however often it is clicked', () => {
    const message = { channel: 'C1', ts: '1.2' }
    const once = given(...addAction(given(), { text: 'a', message }, at))
    expect(addAction(once, { text: 'a', message }, at)).toEqual([])
    expect(addAction(once, { text: 'b', message }, at)).toHaveLength(1)
  })

  test('from an earlier version has no state of its own', () => {
    const old = { ...given(), actions: [{ id: 1, text: 'old', done: true }] }
    expect(moveAction(old, { id: 1, state: 'done' }, at)).toEqual([])
    expect(plain(actionLine(old.actions[0]!))).toBe('1. old · done · no owner')
  })
})

describe('an owner is reminded', () => {
  const dueAfter = (days: number, ...events: IncidentEvent[]) =>
    itemsDue(given(...events), DANA, T + days * DAY, 'UTC', rules).map(({ id }) => id)

  test('every week while nothing is due, and not at once', () => {
    expect(dueAfter(6, added())).toEqual([])
    expect(dueAfter(7, added())).toEqual([1])
    const reminded: IncidentEvent = { ...act(T + 7 * DAY), type: 'actions_reminded', owner: DANA, items: [1] }
    expect(dueAfter(13, added(), reminded)).toEqual([])
    expect(dueAfter(14, added(), reminded)).toEqual([1])
  })

  test('the day before it is due, on the day, and every other day afterwards', () => {
    const due = new Date(T + 4 * DAY).toISOString().slice(0, 10)
    const reminded = (day: number): IncidentEvent => ({
      ...act(T + day * DAY),
      type: 'actions_reminded',
      owner: DANA,
      items: [1],
    })
    const reminderDays: number[] = []
    for (let day = 1; day <= 8; day++)
      if (dueAfter(day, added({ due }), ...reminderDays.map(reminded)).length > 0) reminderDays.push(day)
    expect(reminderDays).toEqual([3, 4, 6, 8])
  })

  test('about nothing that is done, dropped, snoozed, removed or owned by somebody else', () => {
    const snoozed: IncidentEvent = { ...at, type: 'action_snoozed', id: 1, until: T + 20 * DAY }
    expect(dueAfter(7, added(), { ...at, type: 'action_done', id: 1 })).toEqual([])
    expect(dueAfter(7, added(), snoozed)).toEqual([])
    expect(dueAfter(20, added(), snoozed)).toEqual([1])
    expect(dueAfter(7, added({ owner: EVE }))).toEqual([])
  })

  test('about nothing in a drill, a false alarm, or a private incident they are not in', () => {
    const dueIn = (...events: IncidentEvent[]) => itemsDue(replay('INC-1', events), DANA, T + 9 * DAY, 'UTC', rules)
    expect(dueIn(declared({ drill: true }), added())).toEqual([])
    expect(dueIn(declared(), added(), { ...at, type: 'status_changed', status: 'cancelled' })).toEqual([])
    expect(dueIn(declared({ private: true, by: EVE }), added())).toEqual([])
    expect(dueIn(declared({ private: true, by: DANA }), added())).toHaveLength(1)
  })

  test('in the morning of a local working day, outside quiet hours', () => {
    const wednesday = Date.parse('2026-11-25T08:30:00Z')
    expect(isReminderTime(wednesday, 'Europe/Berlin', rules)).toBe(true)
    expect(isReminderTime(wednesday, 'UTC', rules)).toBe(false)
    expect(isReminderTime(wednesday, 'America/New_York', rules)).toBe(false)
    expect(isReminderTime(wednesday + 9 * 3_600_000, 'Europe/Berlin', rules)).toBe(false)
    expect(isReminderTime(wednesday + 3 * DAY, 'Europe/Berlin', rules)).toBe(false)
    const quiet = { ...rules, quietHours: { from: '22:00', to: '10:00' } }
    expect(isReminderTime(wednesday, 'Europe/Berlin', quiet)).toBe(false)
  })
})
