import { describe, expect, test } from 'vitest'
import type { IncidentEvent, RecordedEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { plain } from '../../src/incident/phrase.ts'
import { Rule } from '../../src/incident/rule-event.ts'
import { applyRules, ruleSentence, whyNot } from '../../src/incident/rules.ts'
import { Service } from '../../src/incident/service.ts'
import { act, alert, declared, status, T } from './facts.ts'

const rule = (when: object, more: object = {}) =>
  Rule.parse({ name: 'major', when, do: { post: { text: 'Follow the runbook' } }, ...more })
const open = { private: false, drill: false, service: 'checkout' }

describe('a rule', () => {
  test.each([
    ['a declaration', { declared: true }, { declared: true }],
    ['a severity', { severity: 'sev1' }, { declared: false, severity: 'sev1' }],
    ['a status', { status: 'mitigated' }, { declared: false, status: 'mitigated' }],
    [
      'the labels of an alert',
      { alert: { team: 'db', env: 'prod' } },
      { declared: false, alert: { team: 'db', env: 'prod', pod: 'a' } },
    ],
    ['a severity of its service', { severity: 'sev1', service: 'checkout' }, { declared: true, severity: 'sev1' }],
  ])('acts on %s', (_what, when, trigger) => {
    expect(whyNot(rule(when), trigger, open)).toBeUndefined()
  })

  const anything = { declared: true, severity: 'sev1' }
  test.each([
    ['in a drill', {}, { ...open, drill: true }, anything, 'rules do nothing in drills'],
    [
      'in a private incident it may not see',
      {},
      { ...open, private: true },
      anything,
      'the incident is private, and the rule does not say `private: true`',
    ],
    ['twice', {}, { ...open, appliedRules: ['major'] }, anything, 'it has acted for this incident already'],
    ['for another service', { service: 'search' }, open, anything, 'it is for the service search'],
    [
      'later than the declaration',
      { declared: true },
      open,
      { declared: false },
      'it acts when an incident is declared',
    ],
    ['for another severity', {}, open, { declared: true, severity: 'sev2' }, 'it acts when the severity becomes sev1'],
    [
      'for another status',
      { status: 'closed' },
      open,
      { declared: false, status: 'resolved' },
      'it acts when the status becomes closed',
    ],
    [
      'for alerts with only some of its labels',
      { alert: { team: 'db', env: 'prod' } },
      open,
      { declared: false, alert: { team: 'db', env: 'test' } },
      'it acts for alerts with team=db, env=prod',
    ],
    ['for alerts without an alert', { alert: { team: 'db' } }, open, anything, 'it acts for alerts with team=db'],
  ])('does not act %s, and says why', (_what, when, about, trigger, reason) => {
    const only = 'service' in when || Object.keys(when).length === 0 ? { severity: 'sev1', ...when } : when
    expect(whyNot(rule(only), trigger, about)).toBe(reason)
  })

  test('with `private: true` acts in private incidents', () => {
    const sees = rule({ declared: true }, { private: true })
    expect(whyNot(sees, { declared: true }, { ...open, private: true })).toBeUndefined()
  })
})

describe('the rules', () => {
  const apply = (rules: Rule[], ...events: IncidentEvent[]) => {
    const cause = { ...(events.at(-1) as IncidentEvent), seq: events.length } as RecordedEvent
    return applyRules(rules, cause, replay('INC-1', events), {
      catalogue: new Map([['db', Service.parse({ id: 'db', name: 'Database' })]]),
      at: T + 1,
    })
  }
  const by = { by: 'muster', at: T + 1 }
  const applied = (about: number, state = 'investigating') => ({
    ...by,
    type: 'rule_applied',
    rule: 'major',
    about,
    status: state,
    actions: { post: { text: 'Follow the runbook' } },
  })
  const severity = (to: string): IncidentEvent => ({ ...act(), type: 'severity_changed', severity: to })
  const joins = (labels: Record<string, string>): IncidentEvent => ({
    ...act(),
    type: 'alert_joined',
    reason: 'same service',
    alert: alert('alertmanager:a', { labels }),
  })

  test('act on the declaration, its severity and its alert', () => {
    const opening = declared({ alert: alert('alertmanager:a', { labels: { team: 'db' } }) })
    for (const when of [{ declared: true }, { severity: 'sev2' }, { alert: { team: 'db' } }])
      expect(apply([rule(when)], opening)).toEqual([applied(1)])
    expect(apply([rule({ severity: 'sev1' })], opening)).toEqual([])
  })

  test('wait while an incident is held in triage, and act when it is accepted', () => {
    const held = declared({ status: 'triage' })
    expect(apply([rule({ declared: true })], held)).toEqual([])
    expect(apply([rule({ severity: 'sev1' })], held, severity('sev1'))).toEqual([])
    expect(apply([rule({ declared: true })], held, status('investigating'))).toEqual([applied(2)])
  })

  test('act on a changed severity or status and on an alert that joins, and on nothing else', () => {
    expect(apply([rule({ severity: 'sev1' })], declared(), severity('sev1'))).toEqual([applied(2)])
    expect(apply([rule({ status: 'mitigated' })], declared(), status('mitigated'))).toEqual([applied(2, 'mitigated')])
    expect(apply([rule({ alert: { team: 'db' } })], declared(), joins({ team: 'db' }))).toEqual([applied(2)])
    expect(apply([rule({ declared: true })], declared(), severity('sev1'))).toEqual([])
    const titled: IncidentEvent = { ...act(), type: 'title_changed', title: 'Slow' }
    expect(apply([rule({ severity: 'sev2' })], declared(), titled)).toEqual([])
  })

  test('act once for each incident', () => {
    const once = apply([rule({ severity: 'sev1' })], declared(), severity('sev1'))
    const again = [declared(), severity('sev1'), ...once, severity('sev2'), severity('sev1')]
    expect(apply([rule({ severity: 'sev1' })], ...again)).toEqual([])
  })

  test('page who is on call for a service, unless the incident is over', () => {
    const pages = (...events: IncidentEvent[]) =>
      apply(
        [rule({ alert: { team: 'db' } }, { do: { page: 'db' } })],
        declared(),
        ...events,
        joins({ team: 'db' }),
      ).map(({ type }) => type)
    expect(pages()).toEqual(['rule_applied', 'page_requested'])
    expect(pages(status('resolved'))).toEqual(['rule_applied'])
    const [, page] = apply([rule({ declared: true }, { do: { page: 'db' } })], declared())
    expect(page).toMatchObject({ ...by, service: 'db', text: 'rule major' })
  })
})

test.each([
  [{ post: { text: 'Read this' } }, 'Rule major: Read this'],
  [
    { post: { text: 'Read this', link: 'https://wiki.example.com' } },
    'Rule major: Read this (open (https://wiki.example.com))',
  ],
  [{ invite: ['U0A'] }, 'Rule major \u00b7 invites one person or group'],
  [{ invite: ['U0A', 'S0B'] }, 'Rule major \u00b7 invites 2 people or groups'],
  [{ announce: { channel: '#support', text: 'x' } }, 'Rule major \u00b7 announced in #support'],
])('%j reads as %s', (actions, sentence) => {
  expect(plain(ruleSentence('major', actions))).toBe(sentence)
})
