import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { mitigationPrompt, snoozeMitigation } from '../../src/incident/mitigation.ts'
import type { Severity } from '../../src/incident/status.ts'
import { act, declared, MINUTE, status, T } from './facts.ts'

const at = (minutes: number) => act(T + minutes * MINUTE)
const severities = ['sev1', 'sev2', 'sev3'].map((id) => ({ id, name: id.toUpperCase() })) as Severity[]
const given = (severity: string, ...events: IncidentEvent[]) => replay('INC-1', [declared({ severity }), ...events])
const prompt = (incident: ReturnType<typeof given>, minutes: number, of = severities) =>
  mitigationPrompt(incident, T + minutes * MINUTE, of)

describe('how to stop the harm is asked', () => {
  test('while the cause is unknown, after 10 min of the worst severity and 15 min of the next', () => {
    expect(prompt(given('sev1'), 12)).toEqual({
      since: T,
      dueAt: [T + 10 * MINUTE],
      text: 'The cause is unknown after 12 min. How do we stop the harm, before we know why?',
    })
    expect(prompt(given('sev2'), 12)?.dueAt).toEqual([T + 15 * MINUTE])
    expect(prompt(given('sev3'), 60)).toBeUndefined()
    expect(prompt(given('sev9'), 60)).toBeUndefined()
  })
  test('after the time that the operator set for the severity, 0 for never', () => {
    const set = severities.map((one, i) => ({ ...one, askForMitigationMinutes: [0, 15, 30][i] as number }))
    expect(prompt(given('sev3'), 60, set)?.dueAt).toEqual([T + 30 * MINUTE])
    expect(prompt(given('sev1'), 60, set)).toBeUndefined()
  })
  test('not once the cause is identified, and again when it is not the cause after all', () => {
    const identified = status('identified', at(5))
    expect(prompt(given('sev1', identified), 60)).toBeUndefined()
    const again = given('sev1', identified, status('investigating', at(20)))
    expect(prompt(again, 32)).toMatchObject({ since: T + 20 * MINUTE, dueAt: [T + 30 * MINUTE] })
    expect(prompt(again, 32)?.text).toContain('unknown after 12 min')
  })
  test('at the end of a snooze, unless investigating began anew since', () => {
    const [snoozed] = snoozeMitigation(given('sev1'), { minutes: 20 }, at(5)) as [IncidentEvent]
    expect(snoozed).toEqual({ ...at(5), type: 'mitigation_snoozed', until: T + 25 * MINUTE })
    expect(prompt(given('sev1', snoozed), 26)).toMatchObject({ since: T + 25 * MINUTE, dueAt: [T + 25 * MINUTE] })
    const later = [status('identified', at(26)), status('investigating', at(30))]
    expect(prompt(given('sev1', snoozed, ...later), 41)?.dueAt).toEqual([T + 40 * MINUTE])
  })
})

describe('a snooze', () => {
  const snooze = (minutes: number) => () => snoozeMitigation(given('sev1'), { minutes }, at(1))
  test('lasts four hours at most', () => {
    expect(snooze(240)()).toMatchObject([{ until: T + 241 * MINUTE }])
    for (const minutes of [0, -5, 241, Number.NaN]) expect(snooze(minutes)).toThrow(/four hours at most/)
  })
  test('is refused once the incident is over', () => {
    const over = given('sev1', status('resolved'))
    expect(() => snoozeMitigation(over, { minutes: 10 }, at(1))).toThrow(/^INC-1 is resolved/)
  })
})
