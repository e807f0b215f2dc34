import { describe, expect, test } from 'vitest'
import { appointCommander, type CommandRules, claimRole, commandDue } from '../../src/incident/commander.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { act, channelOpened, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const severity = (id: string, more: object = {}) => ({
  id,
  name: id.toUpperCase(),
  description: '',
  emoji: '',
  ...more,
})
const severities = [severity('sev1'), severity('sev2'), severity('sev3')]
const rules: CommandRules = {
  noCommanderMs: 5 * MINUTE,
  severities,
  canPage: (service) => service === 'shipping',
  serviceName: () => 'Shipping',
  escalateTo: ['unknown', 'U0BOSS'],
}
const opened = declared({ service: 'shipping' })
const given = (...events: IncidentEvent[]) => replay('INC-1', [opened, channelOpened, ...events])
const takes: IncidentEvent = { ...act(), type: 'role_assigned', role: 'commander', responder: DANA }
const sent = (page: number, at: number): IncidentEvent => ({ by: 'pagerduty', at, type: 'paged', name: 'x', page })
const declined = (page: number, at: number): IncidentEvent => ({
  by: 'pagerduty',
  at,
  type: 'page_answered',
  page,
  answer: 'declined',
})

describe('while nobody is in command', () => {
  test("pages the service's on-call, then the list, then warns #incidents, and starts over", () => {
    const log: IncidentEvent[] = [opened, channelOpened]
    const story: string[] = []
    for (let minute = 1; minute <= 45; minute++) {
      const at = T + minute * MINUTE
      for (const { events } of commandDue(replay('INC-1', log), at, rules)) {
        for (const event of events) {
          log.push(event)
          story.push(`${minute} ${event.type === 'page_requested' ? (event.service ?? event.responder) : event.type}`)
          if (event.type === 'page_requested') log.push(sent(log.length, at), declined(log.length, at))
        }
      }
    }
    expect(story).toEqual([
      '10 shipping',
      '15 U0BOSS',
      '20 command_unclaimed',
      '30 shipping',
      '35 U0BOSS',
      '40 command_unclaimed',
    ])
    const warning = log.findLast(({ type }) => type === 'command_unclaimed') as IncidentEvent
    expect(effectsOf(warning, replay('INC-1', log)).map(({ type }) => type)).toContain('warn_unpaged')
  })

  test('pages nobody else while an earlier page may still be answered', () => {
    const [due] = commandDue(given(), T + 10 * MINUTE, rules)
    expect(commandDue(given(due?.events[0] as IncidentEvent), T + 60 * MINUTE, rules)).toEqual([])
  })

  test.each([
    ['is somebody in command', given(takes)],
    ['is it a drill', replay('INC-1', [declared({ drill: true, service: 'shipping' })])],
    ['is it private', replay('INC-1', [declared({ private: true, service: 'shipping' })])],
    ['is it less than urgent', replay('INC-1', [declared({ severity: 'sev3', service: 'shipping' })])],
    ['does it wait in triage', replay('INC-1', [declared({ status: 'triage' })])],
    ['is it resolved', given(status('resolved'))],
  ])('does nothing when %s', (_why, incident) => {
    expect(commandDue(incident, T + 60 * MINUTE, rules)).toEqual([])
  })

  test('counts the time from when command was given up', () => {
    const left: IncidentEvent = { ...act(T + 60 * MINUTE), type: 'role_released', role: 'commander', responder: DANA }
    expect(commandDue(given(takes, left), T + 69 * MINUTE, rules)).toEqual([])
    expect(commandDue(given(takes, left), T + 70 * MINUTE, rules)).toHaveLength(1)
  })
})

describe('the initial commander', () => {
  const found: IncidentEvent = {
    by: 'pagerduty',
    at: T,
    type: 'responder_found',
    responder: EVE,
    name: 'Eve',
    why: 'on call',
  }
  const appointed = (commander: string, ...events: IncidentEvent[]) =>
    appointCommander(given(...events), { severities: [severity('sev2', { commander })] }, act(T, 'muster')).flatMap(
      (event) => ('responder' in event ? [event.responder] : []),
    )
  test('is the person on call, whoever declared the incident, or nobody, as the severity says', () => {
    expect(appointed('suggest', found)).toEqual([])
    expect(appointed('on-call')).toEqual([])
    expect(appointed('on-call', found)).toEqual([EVE])
    expect(appointed('declarer')).toEqual([DANA])
  })

  test('is nobody once somebody has held the role, and appointing acknowledges no page', () => {
    const left: IncidentEvent = { ...act(), type: 'role_released', role: 'commander', responder: DANA }
    expect(appointed('on-call', found, takes, left)).toEqual([])
    const byMuster: IncidentEvent = { ...takes, by: 'muster', responder: EVE }
    expect(effectsOf(byMuster, given(byMuster)).map(({ type }) => type)).not.toContain('acknowledge_page')
    expect(given(byMuster).milestones.acknowledged).toBeUndefined()
  })
})

test('a role that somebody holds cannot be claimed', () => {
  expect(claimRole(given(), { role: 'commander' }, act(T, EVE))).toHaveLength(1)
  expect(claimRole(given(takes), { role: 'commander' }, act(T, EVE))).toEqual([])
  expect(() => claimRole(given(status('resolved')), { role: 'commander' }, act())).toThrow(/INC-1 is resolved/)
})
