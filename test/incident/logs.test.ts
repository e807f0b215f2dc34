import { describe, expect, test } from 'vitest'
import { effectsOf } from '../../src/incident/effects-of.ts'
import { evolve, replay } from '../../src/incident/evolve.ts'
import { initial } from '../../src/incident/incident.ts'
import { spans } from '../../src/incident/milestones.ts'
import { plain } from '../../src/incident/phrase.ts'
import { timeline } from '../../src/incident/timeline.ts'
import { EVENT_TYPES, logs } from './logs.ts'

describe.each(logs)('the log of $name', ({ name, incident, events }) => {
  test('replays, and every line of its timeline renders', async () => {
    const state = replay(incident, events)
    expect(state.version).toBe(events.length)
    const lines = timeline(events).map(
      ({ at, by, phrases }) => `${new Date(at).toISOString().slice(11, 16)}  ${plain(phrases)}  [${by}]`,
    )
    expect(lines.every((line) => !/undefined|NaN|\[object/.test(line))).toBe(true)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./__snapshots__/${name}.timeline.txt`)
  })

  test('folds to the same state, causes the same effects, and yields the same durations', async () => {
    let state = initial(incident)
    const effects = events.map((event) => {
      state = evolve(state, event)
      return `${event.seq} ${event.type}: ${effectsOf(event, state)
        .map(({ type }) => type)
        .join(', ')}`
    })
    const replayed = { effects, spans: spans(state.milestones), state }
    await expect(`${JSON.stringify(replayed, null, 2)}\n`).toMatchFileSnapshot(`./__snapshots__/${name}.state.snap`)
  })
})

test('the newest log contains every event type', () => {
  expect(new Set(logs.at(-1)?.events.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES))
})
