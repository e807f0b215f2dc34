import { describe, expect, test } from 'vitest'
import type { Effect } from '../../src/incident/effect.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { act, alert, channelOpened, DANA, declared, EVE, status, T } from './facts.ts'

const open = [declared(), channelOpened]
const muster = act(T, 'muster')
/** What the last of these events causes. */
const effects = (...events: IncidentEvent[]) => effectsOf(events.at(-1) as IncidentEvent, replay('INC-1', events))
const types = (...events: IncidentEvent[]) => effects(...events).map(({ type }) => type)

describe('the channel', () => {
  const lost: IncidentEvent = { ...muster, type: 'channel_lost', channel: 'C0INC1' }
  test('that was deleted is opened again while the incident is open', () => {
    expect(types(...open, lost)).toEqual(['open_channel'])
    expect(types(...open, status('resolved'), lost)).toEqual([])
    expect(types(...open, { ...lost, channel: 'C0OLD' })).toEqual([])
  })
  test('of a private incident: messages posted outside meanwhile are withdrawn', () => {
    const posted = (message: 'announcement' | 'triage' | 'summary'): IncidentEvent => ({
      ...muster,
      type: 'message_posted',
      message,
      channel: 'C0',
      ts: '1.1',
    })
    const hidden = declared({ private: true })
    expect(types(hidden, channelOpened, posted('announcement'))).toEqual(['withdraw'])
    expect(types(hidden, channelOpened, posted('triage'))).toEqual(['withdraw'])
    expect(types(hidden, channelOpened, posted('summary'))).toEqual(['pin_summary'])
    expect(types(...open, posted('announcement'))).toEqual([])
    expect(types(...open, posted('triage'))).toEqual([])
  })
  test('tells the declarer who could not be invited', () => {
    const invited = (absent: string[]): IncidentEvent => ({ ...muster, type: 'people_invited', people: [EVE], absent })
    expect(types(...open, invited([]))).toEqual(['refresh_summary'])
    expect(effects(...open, invited(['U0SAM']))).toEqual([
      { type: 'refresh_summary' },
      { type: 'notify_declarer', seq: 3 },
    ])
    expect(types(declared({ by: 'pagerduty' }), channelOpened, invited(['U0SAM']))).toEqual(['refresh_summary'])
  })
  test('gets the person on call, for a private incident only when its form said so', () => {
    const found: IncidentEvent = { ...muster, type: 'responder_found', responder: EVE, name: 'Eve', why: 'on call' }
    expect(types(...open, found)).toEqual(['invite', 'refresh_summary', 'appoint_commander'])
    expect(types(declared({ private: true }), channelOpened, found)).toEqual(['refresh_summary'])
    const allowed = declared({ private: true, inviteOnCall: true })
    expect(types(allowed, channelOpened, found)).toEqual(['invite', 'refresh_summary', 'appoint_commander'])
  })
  test('is answered in where the incident was declared from, unless the incident is private', () => {
    const from: IncidentEvent = {
      ...act(),
      type: 'message_marked',
      text: 'cart is slow',
      source: {},
      message: { channel: 'C0GENERAL', ts: '1.1' },
    }
    expect(types(declared(), from, channelOpened)).toContain('answer_source')
    expect(types(declared({ private: true }), from, channelOpened)).not.toContain('answer_source')
    expect(types(declared(), channelOpened)).not.toContain('answer_source')
  })
})

describe('a reopened incident', () => {
  const back = status('investigating')
  const posted: IncidentEvent = { ...muster, type: 'message_posted', message: 'announcement', channel: 'C1', ts: '1' }
  test('invites everybody again, announces itself where it had not, and looks again', () => {
    const ended = [...open, status('cancelled')]
    expect(effects(...ended, back).slice(-4)).toEqual([
      { type: 'invite' },
      { type: 'announce' },
      { type: 'look_again', phase: 'reopened' },
      { type: 'mark_in_grafana' },
    ])
    expect(types(...open, posted, status('cancelled'), back)).not.toContain('announce')
    expect(types(...open, status('cancelled'), status('identified'))).not.toContain('look_again')
  })
  test('opens the channel that it did not get, and none while one is being opened', () => {
    const failed: IncidentEvent = {
      ...muster,
      type: 'effect_failed',
      effect: { type: 'open_channel' },
      reason: 'name_taken',
    }
    expect(types(declared(), failed, status('cancelled'), back)).toContain('open_channel')
    // Cancelled before it was opened: the step was dropped.
    expect(types(declared(), status('cancelled'), back)).toContain('open_channel')
    expect(types(declared(), status('identified'), back)).not.toContain('open_channel')
  })
})

test.each([
  ['mitigated', { type: 'look_again', phase: 'mitigated' }],
  ['resolved', { type: 'collect_evidence', phase: 'closing' }],
  ['resolved', { type: 'draft_postmortem' }],
  ['resolved', { type: 'resolve_page' }],
  ['cancelled', { type: 'resolve_page' }],
  ['cancelled', { type: 'refresh_triage' }],
  ['cancelled', { type: 'remove_buttons' }],
  ['closed', { type: 'resolve_page' }],
] as const)('an incident that becomes %s causes %j', (to, effect) => {
  expect(effects(...open, status(to))).toContainEqual(effect)
})

describe('an effect that fails permanently', () => {
  const failed = (effect: Effect): IncidentEvent => ({ ...muster, type: 'effect_failed', effect, reason: 'refused' })
  test('is shown on the summary; without a channel the declarer is warned', () => {
    expect(types(...open, failed({ type: 'find_changes' }))).toEqual(['refresh_summary'])
    expect(types(...open, failed({ type: 'refresh_summary' }))).toEqual([])
    expect(effects(declared(), failed({ type: 'open_channel' }))).toEqual([
      { type: 'warn_declarer', reason: 'refused' },
    ])
  })
  test('is reported when it pages people, with a warning, or was requested by somebody', () => {
    expect(types(...open, failed({ type: 'page' }))).toEqual(['tell', 'refresh_summary', 'warn_unpaged'])
    expect(types(...open, failed({ type: 'escalate_page', page: 1 }))).toContain('warn_unpaged')
    expect(types(...open, failed({ type: 'put_canvas' }))).toEqual(['tell', 'refresh_summary'])
  })
  test('and is late is reported; a channel that is late to its declarer', () => {
    const late = (effect: Effect): IncidentEvent => ({ ...muster, type: 'effect_delayed', effect, reason: 'no answer' })
    expect(types(...open, late({ type: 'page' }))).toEqual(['tell', 'refresh_summary'])
    expect(effects(declared(), late({ type: 'open_channel' }))).toEqual([
      { type: 'warn_declarer', reason: 'no answer' },
    ])
  })
})

describe('a page', () => {
  const requested = (more: object = {}, by = DANA): IncidentEvent =>
    ({ ...act(T, by), type: 'page_requested', text: 'help', ...more }) as IncidentEvent
  const sent = (page?: number): IncidentEvent => ({ ...muster, type: 'paged', name: 'Eve', ...(page ? { page } : {}) })
  const onPage = (type: string, more: object = {}): IncidentEvent =>
    ({ ...muster, type, page: 3, ...more }) as IncidentEvent

  test('by a person brings its recipient into the channel', () => {
    const forEve = effects(...open, requested({ responder: EVE }))
    expect(forEve).toContainEqual({ type: 'page_responder', seq: 3 })
    expect(forEve).toContainEqual({ type: 'invite' })
    expect(types(...open, requested({ service: 'db' }))).not.toContain('invite')
    expect(types(...open, requested({ responder: EVE }, 'muster'))).not.toContain('invite')
  })
  test('that was sent is watched until it is answered, and ends when the incident ended meanwhile', () => {
    expect(effects(...open, requested(), sent(3))).toContainEqual({ type: 'watch_page', page: 3 })
    expect(types(...open, sent())).toEqual(['tell', 'refresh_summary'])
    expect(types(...open, requested(), status('cancelled'), sent(3))).toEqual(['resolve_page'])
  })
  test('that nobody answers is escalated; when nobody is left, people are warned', () => {
    const unanswered = [...open, requested({ service: 'db' }), sent(3)]
    const next = { next: 'level 2', escalateAt: T + 1 }
    expect(types(...unanswered, onPage('page_unanswered', next))).toEqual(['tell', 'refresh_summary'])
    expect(types(...unanswered, onPage('page_unanswered'))).toEqual(['tell', 'refresh_summary', 'warn_unpaged'])
    expect(effects(...unanswered, onPage('page_escalated', { level: 2 }))).toContainEqual({
      type: 'escalate_page',
      page: 3,
    })
    expect(types(...unanswered, onPage('page_escalated'))).toEqual(['tell', 'refresh_summary'])
  })
  test('is checked when its source reports something about it', () => {
    const made: IncidentEvent = { ...muster, type: 'paged', page: 3, name: 'Eve', reference: 'pagerduty:P1' }
    const pages = [...open, requested({ service: 'db' }), made]
    const ended = (key: string): IncidentEvent => ({
      ...act(T, 'pagerduty'),
      type: 'alert_resolved',
      alertKey: key,
      title: 'x',
      page: true,
    })
    expect(effects(...pages, ended('pagerduty:P1'))).toEqual([{ type: 'check_page', page: 3 }])
    expect(effects(...pages, ended('pagerduty:P2'))).toEqual([])
    const answered = onPage('page_answered', { answer: 'acknowledged', name: 'Eve' })
    expect(effects(...pages, answered, ended('pagerduty:P1'))).toEqual([])
  })
})

describe('evidence', () => {
  const ref = (hash: string, more: object = {}) => ({ hash, kind: 'chart', title: 'x', source: 'prometheus', ...more })
  const collected = (phase: string, ...snapshots: object[]): IncidentEvent =>
    ({ ...muster, type: 'evidence_collected', phase, snapshots }) as IncidentEvent
  const shown = (event: IncidentEvent) => effects(...open, event)[0]
  const found = [
    ...[ref('a'), ref('b', { again: true }), ref('c', { standing: 'usual' })],
    ref('d', { kind: 'missing' }),
  ]
  test('is posted when it is new and unusual; on request and at the end also what was posted before', () => {
    expect(shown(collected('opening', ...found))).toEqual({ type: 'show_evidence', snapshots: ['a'] })
    for (const phase of ['asked', 'closing'])
      expect(shown(collected(phase, ...found))).toEqual({ type: 'show_evidence', snapshots: ['a', 'b'] })
    expect(types(...open, collected('opening', ...found.slice(1)))).toEqual(['refresh_summary'])
  })
  test('is collected anew or looked at again, by what it was requested for', () => {
    const requested = (phase: string) =>
      effects(...open, { ...act(), type: 'evidence_requested', phase } as IncidentEvent)
    for (const phase of ['opening', 'asked', 'closing'])
      expect(requested(phase)).toEqual([{ type: 'collect_evidence', phase }])
    expect(requested('mitigated')).toEqual([{ type: 'look_again', phase: 'mitigated' }])
    expect(requested('scheduled')).toEqual([{ type: 'look_again', phase: 'scheduled' }, { type: 'find_changes' }])
  })
})

test('an imported incident causes nothing: it happened elsewhere, long ago', () => {
  const imported = declared({ imported: { from: 'csv', id: '1', name: 'A CSV file' } } as never)
  expect(effects(imported)).toEqual([])
})

test('an alert that comes back again and again is only counted on the summary', () => {
  const joined = (more: object = {}): IncidentEvent => ({
    ...act(T, 'alertmanager'),
    type: 'alert_joined',
    alert: alert('am:1'),
    reason: 'fired again',
    ...more,
  })
  const ended: IncidentEvent = { ...act(T, 'alertmanager'), type: 'alert_resolved', alertKey: 'am:1', title: 'x' }
  const again = [ended, joined({ again: true })]
  expect(types(...open, joined(), ...again)).toContain('tell')
  expect(types(...open, joined(), ...again, ...again, ...again, ...again)).toEqual(['refresh_summary'])
  expect(types(...open, joined({ page: true }))).toEqual([])
})

test('a review reminder goes to the reviewers; others into the channel', () => {
  const reminded = (kind: string): IncidentEvent =>
    ({ ...muster, type: 'reminded', kind, text: 'x', since: T }) as IncidentEvent
  expect(effects(...open, reminded('review'))).toEqual([{ type: 'request_review', seq: 3 }])
  expect(effects(...open, reminded('update'))).toEqual([{ type: 'tell' }])
})
