import { expect, test } from 'vitest'
import { CallTemplate, callLink } from '../../src/incident/call-link.ts'
import { Refusal } from '../../src/incident/errors.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import { checkFirstStep, type FirstSteps, firstStepsOf, openFirstSteps } from '../../src/incident/first-steps.ts'
import { act, channelOpened, DANA, declared, EVE, MINUTE, status, T } from './facts.ts'

const STOP = 'Stop the harm first'
const TELL = 'Update the status page'
const QUEUE = 'Look at the dead-letter queue'
const rules: FirstSteps[] = [
  { severity: ['sev1', 'sev2'], steps: [STOP, TELL] },
  { service: 'orders', steps: [STOP, QUEUE] },
]
const given = (...events: IncidentEvent[]) => replay('INC-42', [declared(), ...events])
const checked = (step: string, done = true, by = EVE): IncidentEvent => ({
  ...act(T + MINUTE, by),
  type: 'first_step_checked',
  step,
  done,
})

test('the steps of every matching entry apply, each once, in file order', () => {
  expect(firstStepsOf(given(), rules)).toEqual([STOP, TELL])
  expect(firstStepsOf(replay('INC-1', [declared({ service: 'orders' })]), rules)).toEqual([STOP, TELL, QUEUE])
  expect(firstStepsOf(replay('INC-1', [declared({ service: 'orders', severity: 'sev4' })]), rules)).toEqual([
    STOP,
    QUEUE,
  ])
  expect(firstStepsOf(replay('INC-1', [declared({ severity: 'sev4' })]), rules)).toEqual([])
  expect(firstStepsOf(given(), [{ steps: ['Breathe'] }])).toEqual(['Breathe'])
  expect(firstStepsOf(given())).toEqual([])
})

test('a ticked step is no longer open; unticking reopens it', () => {
  expect(openFirstSteps(given(checked(STOP)), rules)).toEqual([TELL])
  expect(given(checked(STOP)).firstSteps).toEqual([{ step: STOP, by: EVE, at: T + MINUTE }])
  expect(openFirstSteps(given(checked(STOP), checked(STOP, false)), rules)).toEqual([STOP, TELL])
})

test('a tick records who and when, and a second one records nothing', () => {
  const at = act(T + 2 * MINUTE)
  expect(checkFirstStep(given(), { step: STOP, done: true }, at)).toEqual([
    { ...at, type: 'first_step_checked', step: STOP, done: true },
  ])
  expect(checkFirstStep(given(checked(STOP)), { step: STOP, done: true }, at)).toEqual([])
  expect(checkFirstStep(given(), { step: STOP, done: false }, at)).toEqual([])
  expect(checkFirstStep(given(checked(STOP)), { step: STOP, done: false }, at)).toMatchObject([{ done: false }])
})

test.each(['cancelled', 'merged'] as const)('the steps of an incident that is %s cannot be ticked', (ended) => {
  expect(() => checkFirstStep(given(status(ended)), { step: STOP, done: true }, act())).toThrow(Refusal)
})

test('the state keeps the latest 50 ticks', () => {
  const many = Array.from({ length: 60 }, (_, i) => checked(`step ${i}`, true, DANA))
  expect(given(...many).firstSteps?.map(({ step }) => step)).toEqual(
    Array.from({ length: 50 }, (_, i) => `step ${i + 10}`),
  )
})

test('the call address is filled in, with each part URL-encoded', () => {
  const open = given({ ...channelOpened, name: 'inc-42-caf\u00e9' } as IncidentEvent)
  expect(callLink('https://meet.example.com/{id}?n={number}', open)).toBe('https://meet.example.com/INC-42?n=42')
  expect(callLink('https://app.slack.com/huddle/T1/{channel}', open)).toBe('https://app.slack.com/huddle/T1/C0INC1')
  expect(callLink('https://x.example/{name}', open)).toBe('https://x.example/inc-42-caf%C3%A9')
  expect(callLink(undefined, open)).toBeUndefined()
})

test('a call that needs the channel waits until it is open', () => {
  expect(callLink('https://app.slack.com/huddle/T1/{channel}', given())).toBeUndefined()
  expect(callLink('https://meet.example.com/{id}', given())).toBe('https://meet.example.com/INC-42')
})

test.each([
  ['https://meet.example.com/{id}', true],
  ['https://zoom.example.com/j/123', true],
  ['https://meet.example.com/{incident}', false],
  ['zoommtg://x/{id}', false],
  ['{id}', false],
  ['javascript:alert(1)', false],
])('call address %s is accepted: %s', (template, accepted) => {
  expect(CallTemplate.safeParse(template).success).toBe(accepted)
})
