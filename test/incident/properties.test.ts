import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addAction, moveAction } from '../../src/incident/action-decisions.ts'
import * as decisions from '../../src/incident/decide.ts'
import { effectsOf } from '../../src/incident/effects-of.ts'
import { Refusal } from '../../src/incident/errors.ts'
import { IncidentEvent } from '../../src/incident/event.ts'
import { evolve, replay } from '../../src/incident/evolve.ts'
import { type Incident, initial } from '../../src/incident/incident.ts'
import { formatDuration } from '../../src/incident/measure.ts'
import { Milestone } from '../../src/incident/milestones.ts'
import { plain } from '../../src/incident/phrase.ts'
import { editPostmortem } from '../../src/incident/prose.ts'
import * as review from '../../src/incident/review.ts'
import { sentenceOf } from '../../src/incident/sentence.ts'
import { WORKING_STATUSES } from '../../src/incident/status.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { formatValue } from '../../src/incident/unit.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { act, alert, declared, T } from './facts.ts'
import { logs } from './logs.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const when = fc.integer({ min: T - 1e7, max: T + 1e7 })
const doing = fc.record({ at: when, by: fc.constantFrom('U0DANA', 'U0EVE', 'muster', 'pagerduty: Eve', '') })
const id = fc.constantFrom('commander', 'scribe', 'constructor', 'sev1')

/** Somebody wants something. */
type Step = (incident: Incident) => IncidentEvent[]
const step: fc.Arbitrary<Step> = fc
  .tuple(
    doing,
    text,
    when,
    id,
    fc.integer({ min: -1, max: 12 }),
    fc.constantFrom(...WORKING_STATUSES),
    fc.constantFrom(...Milestone.options),
  )
  .chain(([by, words, time, name, number, status, milestone]) => {
    const { assignRole, releaseRole, changeStatus, changeSeverity, changeTitle, describeImpact, note } = decisions
    const all: Step[] = [
      (i) => decisions.declare({ title: words, severity: 'sev2' }, by).slice(i.version),
      (i) => assignRole(i, { role: name, responder: words }, by),
      (i) => releaseRole(i, { role: name }, by),
      (i) => changeStatus(i, { status, text: words }, by),
      (i) => changeSeverity(i, { severity: name, reason: words }, by),
      (i) => changeTitle(i, { title: words }, by),
      (i) => describeImpact(i, { text: words }, by),
      (i) => note(i, { text: words, time, link: words }, by),
      (i) => postUpdate(i, { text: words }, by),
      (i) => decisions.setMilestone(i, { milestone, time }, by),
      (i) => decisions.correctTime(i, { seq: number, time }, by),
      (i) => addAction(i, { text: words, owner: words }, by),
      (i) => moveAction(i, { id: number, state: 'done' }, by),
      (i) => decisions.resolve(i, { text: words }, by),
      (i) => decisions.reopen(i, {}, by),
      (i) => decisions.cancel(i, { text: words }, by),
      (i) => decisions.close(i, {}, by),
      (i) => decisions.accept(i, {}, by),
      (i) => decisions.requestEvidence(i, { phase: 'asked' }, by),
      (i) => review.requestPostmortem(i, {}, by),
      (i) => review.requestReview(i, { reviewers: [words] }, by),
      (i) => review.approvePostmortem(i, { text: words }, by),
      (i) => review.publishPostmortem(i, {}, by),
      (i) => review.reopenPostmortem(i, {}, by),
      (i) =>
        editPostmortem(
          i,
          { edits: [{ section: 'summary', text: words, from: { revision: number, shown: '', lines: [], news: [] } }] },
          by,
        ),
      (i) => decisions.retry(i, {}, by),
    ]
    return fc.constantFrom(...all)
  })

test('whatever people do is refused or becomes events that can be stored and replay to the same state', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, held) => {
      const log: IncidentEvent[] = [declared({ status: held ? 'triage' : 'investigating' })]
      let state = replay('INC-1', log)
      for (const decide of steps) {
        try {
          for (const event of decide(state)) {
            expect(IncidentEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
            log.push(event)
            state = evolve(state, event)
          }
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      }
      expect(replay('INC-1', JSON.parse(JSON.stringify(log)))).toEqual(state)
      expect(state.version).toBe(log.length)
    }),
  )
})

const anyEvent = fc
  .tuple(fc.constantFrom(...logs.flatMap(({ events }) => events)), doing)
  .map(([event, stamp]): IncidentEvent => ({ ...event, ...stamp }))

test('events in any order can be folded, yield a list of effects, and render as text', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let state = initial('INC-1')
      for (const event of events) {
        state = evolve(state, event)
        expect(Array.isArray(effectsOf(event, state))).toBe(true)
        expect(plain(sentenceOf(event) ?? [])).not.toMatch(/undefined|NaN|\[object/)
      }
      expect(JSON.parse(JSON.stringify(state))).toMatchObject({ version: events.length })
      const recorded = events.map((event, i) => ({ ...event, seq: i + 1, recordedAt: T }))
      const times = timeline(recorded).map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }),
  )
})

test('evolve does not mutate its input', () => {
  const freeze = <Value>(value: Value): Value => {
    if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze)
    return value
  }
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      events
        .map((event) => freeze(structuredClone(event)))
        .reduce((state, event) => freeze(evolve(state, event)), freeze(initial('INC-1')))
    }),
  )
})

test('ten thousand alerts leave the state as small as a hundred do', () => {
  const size = (count: number) => {
    let state = replay('INC-1', [declared()])
    for (let i = 0; i < count; i++) {
      const key = `pagerduty:${String(i).padStart(6, '0')}`
      state = evolve(state, { ...act(), type: 'alert_joined', alert: alert(key), reason: 'same service' })
      state = evolve(state, { ...act(), type: 'alert_activity', alertKey: key, activity: 'other', text: key })
      state = evolve(state, { ...act(), type: 'alert_resolved', alertKey: key, title: key })
    }
    return JSON.stringify(state).length
  }
  expect(size(10_000) - size(100)).toBeLessThan(20)
})

test('durations and values of any size are formatted as readable text', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, 999.9996, 1e21, 1e308, -1e308, 5e-324, Infinity, NaN))
  fc.assert(
    fc.property(number, fc.constantFrom('s', 'ms', '%', 'ratio', 'bytes', 'req/s', ''), (value, unit) => {
      expect(formatValue(value, unit)).not.toMatch(/NaN|Infinity|undefined/)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e11 }), (ms) => {
      expect(formatDuration(ms)).toMatch(/^\d+ (s|min|h \d\d min|d \d+ h)$/)
    }),
  )
})
