import { describe, expect, test } from 'vitest'
import { OF_ITS_OWN } from '../../src/incident/alert-decisions.ts'
import { mergeInto, reopen } from '../../src/incident/decide.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { act, alert, channelOpened, declared, MINUTE, status, T } from './facts.ts'

const open = [declared(), channelOpened]
const held = declared({ status: 'triage' })
const later = act(T + 2 * MINUTE)
const joined = (key: string): IncidentEvent => ({
  ...act(),
  type: 'alert_joined',
  alert: alert(key),
  reason: 'same service',
})
const quiet = (key: string): IncidentEvent => ({ ...act(), type: 'alert_resolved', alertKey: key, title: 'x' })
const left = (to: string): IncidentEvent => ({ ...act(), type: 'alert_left', alertKey: 'a:1', title: 'x', to })
/** What the last of these events causes. */
const caused = (...events: IncidentEvent[]) =>
  effectsOf(events.at(-1) as IncidentEvent, replay('INC-1', events)).map((effect) =>
    Object.keys(effect).length === 1 ? effect.type : effect,
  )
const OPENING = [
  'open_channel',
  'find_on_call',
  'page',
  { type: 'collect_evidence', phase: 'opening' },
  'find_changes',
  { type: 'rank_suspects', trigger: 'opening' },
  'find_similar',
  'apply_settings',
]
const MARK = 'mark_in_grafana'

test('a declaration opens a channel, finds and pages the person on call, and collects evidence', () => {
  expect(caused(declared())).toEqual([...OPENING, MARK])
  expect(caused(held)).toEqual(['post_triage'])
  expect(caused(held, status('investigating'))).toEqual([...OPENING, 'refresh_triage', MARK])
})

test('nothing is refreshed before the channel exists', () => {
  const better: IncidentEvent = { ...act(), type: 'title_changed', title: 'Better' }
  expect(caused(declared(), better)).toEqual(['tell', 'set_topic', 'apply_settings'])
  expect(caused(...open, better)).toEqual([
    'tell',
    'refresh_summary',
    'set_topic',
    'rename_channel',
    'refresh_announcement',
    'apply_settings',
  ])
})

test('a commander who takes over stops the page; other roles do not', () => {
  const takes = (role: string): IncidentEvent => ({ ...act(), type: 'role_assigned', role, responder: 'U0EVE' })
  expect(caused(...open, takes('commander'))).toContain('acknowledge_page')
  expect(caused(...open, takes('scribe'))).not.toContain('acknowledge_page')
})

test('Grafana shows public incidents only, and is updated as they change', () => {
  const shown: IncidentEvent = { ...act(), type: 'annotation_written', annotation: 7, text: 'x', from: T }
  const better: IncidentEvent = { ...act(), type: 'title_changed', title: 'Better' }
  const hidden: IncidentEvent = { ...act(), type: 'made_private' }
  expect(caused(...open, shown, better)).toContain(MARK)
  expect(caused(...open, status('resolved'))).toContain(MARK)
  expect(caused(...open, shown, hidden)).toContain(MARK)
  for (const silent of [declared({ drill: true }), declared({ private: true })]) {
    expect(caused(silent)).not.toContain(MARK)
    expect(caused(silent, status('resolved'))).not.toContain(MARK)
  }
})

describe('a merge', () => {
  const seen = ['tell', 'refresh_summary', 'set_topic', 'refresh_announcement', 'apply_settings']
  const away = { type: 'move_alerts', to: 'INC-2', back: false }
  const home = { type: 'move_alerts', to: 'INC-2', back: true }
  const merged = (...events: IncidentEvent[]) => [
    ...events,
    ...mergeInto(replay('INC-1', events), { into: 'INC-2' }, later),
  ]
  const reopened = (...events: IncidentEvent[]) => [...events, ...reopen(replay('INC-1', events), {}, later)]

  test('takes the alerts along, and undoing it returns them in the existing channel', () => {
    expect(caused(...merged(...open))).toEqual([...seen, 'remove_buttons', 'refresh_triage', away, MARK])
    const back = caused(...reopened(...merged(...open)))
    expect(back.slice(0, seen.length)).toEqual(seen)
    expect(back.slice(-3)).toEqual(['refresh_triage', home, MARK])
    expect(back).not.toContain('open_channel')
  })
  test('of a held incident opens it when undone', () => {
    expect(caused(...merged(held))).toEqual(['tell', 'set_topic', 'apply_settings', 'refresh_triage', away])
    expect(caused(...reopened(...merged(held)))).toEqual([...OPENING, 'refresh_triage', home, MARK])
  })
  test('is forgotten once undone: the next reopening moves nothing', () => {
    const home = reopened(...merged(...open))
    expect(replay('INC-1', home).mergedInto).toBeUndefined()
    expect(
      caused(...reopened(...home, status('resolved'))).map((effect) => (effect as { type?: string }).type),
    ).not.toContain('move_alerts')
  })
})

describe('an alert', () => {
  test('that moves to another incident is posted there; when split off, it is posted here and opens its own', () => {
    const two = [...open, joined('a:1'), joined('a:2')]
    expect(caused(...two, left('INC-2'))).toEqual(['refresh_summary'])
    expect(caused(...two, left(OF_ITS_OWN))).toEqual([
      'tell',
      { type: 'open_split', alertKey: 'a:1' },
      'refresh_summary',
    ])
  })
  const LOOK = { type: 'look_again', phase: 'joined' }
  const RANK = { type: 'rank_suspects', trigger: 'alert' }
  test('is posted when it is one of the first five; for a storm, only the summary counts', () => {
    const storm = Array.from({ length: 6 }, (_, i) => joined(`a:${i}`))
    expect(caused(...open, ...storm.slice(0, 5))).toEqual(['tell', 'refresh_summary', LOOK, RANK, 'apply_settings'])
    expect(caused(...open, ...storm)).toEqual(['refresh_summary'])
  })
  test('that resolves is posted when it was the last one firing', () => {
    const two = [...open, joined('a:1'), joined('a:2'), quiet('a:1')]
    expect(caused(...two)).toEqual(['refresh_summary'])
    expect(caused(...two, quiet('a:2'))).toEqual(['tell', 'refresh_summary'])
  })
  test('that flaps is not posted after the second time', () => {
    const flapping = (times: number) => [
      ...open,
      joined('a:0'),
      ...Array.from({ length: times }, (_, i) => [quiet(`a:${i}`), joined(`a:${i + 1}`)]).flat(),
    ]
    expect(replay('INC-1', flapping(2)).alerts).toMatchObject({ total: 3, firing: 1, flaps: 2 })
    expect(caused(...flapping(2))).toEqual(['tell', 'refresh_summary', LOOK, RANK, 'apply_settings'])
    expect(caused(...flapping(2), quiet('a:2'))).toEqual(['tell', 'refresh_summary'])
    expect(caused(...flapping(3))).toEqual(['refresh_summary'])
    expect(caused(...flapping(3), quiet('a:3'))).toEqual(['refresh_summary'])
  })
  test('of a held incident updates the message that holds it', () => {
    expect(caused(held, joined('a:1'))).toEqual(['refresh_triage'])
    expect(caused(held, joined('a:1'), quiet('a:1'))).toEqual(['refresh_triage'])
  })
})
