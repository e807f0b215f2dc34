import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { remindersDue } from '../../src/incident/reminder.ts'
import { outsideText, postUpdate, snoozeUpdate, subscribe, unsubscribe } from '../../src/incident/update.ts'
import { act, channelOpened, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const takes: IncidentEvent = { ...act(), type: 'role_assigned', role: 'commander', responder: DANA }
const given = (...events: IncidentEvent[]) => replay('INC-1', [declared(), channelOpened, takes, ...events])
const severities = ['sev1', 'sev2', 'sev3'].map((id) => ({
  id,
  name: id,
  description: '',
  emoji: '',
  updateEveryMinutes: 60,
}))
const rules = { noCommanderMs: MINUTE, quietMs: 24 * 60 * MINUTE, updateNoticeMs: 5 * MINUTE, severities }
/** In which minutes people are reminded of an update. */
const reminded = (log: IncidentEvent[], minutes: number, more: object = {}): number[] => {
  const all = [...log]
  const at: number[] = []
  for (let minute = 1; minute <= minutes; minute++)
    for (const { event } of remindersDue(replay('INC-1', all), T + minute * MINUTE, { ...rules, ...more })) {
      if (event.kind === 'update') at.push(minute)
      all.push(event)
    }
  return at
}
const open = [declared(), channelOpened, takes]
const updated = (more: object): IncidentEvent => ({ ...act(T + MINUTE), type: 'update_posted', text: 'x', ...more })

describe('an update', () => {
  const [update] = postUpdate(given(), { text: 'pool full', doing: ' enlarging ', public: 'Orders are slow' }, act())
  test('has separate text for people outside the channel', () => {
    const after = given(update as IncidentEvent)
    expect(after).toMatchObject({ latestUpdate: 'pool full\nNow: enlarging', publicUpdate: 'Orders are slow' })
    expect(outsideText(update as never)).toBe('Orders are slow')
    expect(outsideText({ ...(update as object), public: undefined } as never)).toBe('pool full\nNow: enlarging')
  })

  test('without public text drops that of the previous one', () => {
    expect(given(update as IncidentEvent, updated({})).publicUpdate).toBeUndefined()
  })

  test('cannot promise a time in the past', () => {
    expect(() => postUpdate(given(), { text: 'x', nextBy: T }, act())).toThrow(/must be in the future/)
  })
})

describe('reminders of an update are sent', () => {
  test('before it is due, when it is due, and once more', () => {
    expect(reminded(open, 300)).toEqual([55, 60, 120])
  })

  test('by the promised time rather than the cadence', () => {
    expect(reminded([...open, updated({ nextBy: T + 31 * MINUTE })], 32)).toEqual([26, 31])
  })

  test('later when snoozed, and not at all when no update is needed', () => {
    const [snoozed] = snoozeUpdate(given(), { minutes: 90 }, act())
    expect(reminded([...open, snoozed as IncidentEvent], 100)).toEqual([90])
    expect(reminded([...open, ...snoozeUpdate(given(), {}, act())], 300)).toEqual([])
    expect(() => snoozeUpdate(given(status('resolved')), {}, act())).toThrow(/INC-1 is resolved/)
  })

  test('outside quiet hours only, unless urgent', () => {
    // The incident begins at 02:30 UTC.
    const quiet = { quietHours: { from: '22:00', to: '07:00', zone: 'UTC' } }
    const minor = [declared({ severity: 'sev3' }), channelOpened, takes]
    expect(reminded(minor, 240, quiet)).toEqual([])
    expect(reminded(minor, 280, quiet)).toEqual([270, 275])
    expect(reminded(open, 60, quiet)).toEqual([55, 60])
  })
})

test('a person subscribes once, and cannot subscribe to an incident that is over', () => {
  const [subscribed] = subscribe(given(), {}, act(T, EVE))
  const after = given(subscribed as IncidentEvent)
  expect(after.subscribers).toEqual([EVE])
  expect(subscribe(after, {}, act(T, EVE))).toEqual([])
  expect(given(subscribed as IncidentEvent, ...unsubscribe(after, {}, act(T, EVE))).subscribers).toEqual([])
  expect(() => subscribe(given(status('cancelled')), {}, act(T, EVE))).toThrow(/no more updates will come/)
})
