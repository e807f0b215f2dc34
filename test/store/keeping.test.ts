import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinAlert } from '../../src/incident/alert-decisions.ts'
import type { Change } from '../../src/incident/change.ts'
import { declare, note } from '../../src/incident/decide.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import { act, alert } from '../incident/facts.ts'
import { file, memory, opened, postgres, T } from './databases.ts'

const chart: Snapshot = {
  kind: 'chart',
  source: 'prometheus',
  title: 'P90 latency',
  query: 'histogram_quantile(0.9, rate(x[5m]))',
  unit: 's',
  from: T - 1000,
  to: T,
  series: [
    {
      name: 'p90',
      labels: { job: 'web' },
      points: [
        [T, 1.5],
        [T + 1, null],
      ],
    },
  ],
  notes: [],
}
const change = (key: string, at: number): Change => ({
  key,
  source: 'github',
  kind: 'deploy',
  title: `Deploy ${key}`,
  at,
})

/** What PostgreSQL refuses or UTF-8 cannot carry, and what merely looks odd. */
const NASTY = [
  'a\0b',
  '\0',
  'half \ud83d',
  '\ude00 half',
  '\ud83d\ude00',
  'line\u2028\u0085\u202e',
  '\\u0000',
  "'; --",
  '',
]

for (const kind of [memory, file, postgres]) {
  describe.skipIf(kind.missing)(`${kind.name} stores`, () => {
    const open = async (now?: () => number) => opened(await kind.fresh(), now)

    test('a snapshot under the hash of its content, once', async () => {
      const store = await open()
      const hash = await store.freeze(chart)
      expect(await store.freeze(structuredClone(chart))).toBe(hash)
      expect(await store.freeze({ ...chart, title: 'Other' })).not.toBe(hash)
      expect(await store.snapshot(hash)).toEqual(chart)
      expect(await store.snapshot('nothing')).toBeUndefined()
    })

    test('no snapshot that could not be read back', async () => {
      const store = await open()
      await expect(store.freeze({ ...chart, threshold: Number.NaN })).rejects.toThrow()
    })

    test('each change once, and returns those of a time window, newest first', async () => {
      const store = await open()
      const kept = []
      for (const one of [change('a', T - 10), change('b', T - 5), change('a', T - 10), change('c', T + 1)])
        kept.push(await store.keepChange(one, one.key === 'b' ? 'checkout' : undefined))
      expect(kept).toEqual([true, true, false, true])
      expect(await store.changes({ from: T - 10, to: T })).toEqual([
        { change: change('b', T - 5), service: 'checkout' },
        { change: change('a', T - 10), service: undefined },
      ])
      expect(await store.changes({ from: T - 10, to: T + 1, limit: 1 })).toMatchObject([{ change: { key: 'c' } }])
      // Filter and order come before the limit.
      for (let i = 0; i < 120; i++) await store.keepChange(change(`other ${i}`, T + 2 + i), 'other')
      await store.keepChange(change('ours', T + 1), 'ours')
      const window = { from: T - 10, to: T + 1_000 }
      expect(await store.changes({ ...window, services: ['ours'], limit: 1 })).toMatchObject([
        { change: { key: 'ours' } },
      ])
      expect(await store.changes({ ...window, near: T + 50, limit: 1 })).toMatchObject([
        { change: { key: 'other 48' } },
      ])
      expect(await store.changes({ ...window, services: [] })).toEqual([])
    })

    test('small values across restarts, the newest for each key', async () => {
      let now = T
      const store = await open(() => now)
      expect(await store.recall('team')).toBeUndefined()
      await store.remember('team', 'one')
      now += 5
      await store.remember('team', 'two')
      expect(await store.recall('team')).toEqual({ value: 'two', writtenAt: T + 5 })
    })

    test.each(NASTY)('%j in any text member, without loss', async (text) => {
      const store = await open()
      const one = alert(`pagerduty:${text}`, { title: text, group: text, service: text })
      const opening = {
        to: 'new' as const,
        once: `alert:${text}`,
        decide: () => declare({ title: `x${text}`, severity: 'sev2', service: text, alert: one }, act()),
      }
      const [first, again] = await Promise.all([store.write(opening), store.write(opening)])
      expect([first.repeated, again.repeated]).toEqual([false, true])
      expect(await store.write(opening)).toMatchObject({ repeated: true, incident: { id: 'INC-1' } })
      await store.write({
        alertKeys: [one.key],
        groups: [text],
        route: (known) => ({
          result: undefined,
          to: known.open()[0]?.groups.length === 1 ? (known.owner(one.key)?.incident as string) : 'new',
          decide: (incident) => [
            ...note(incident, { text: `x${text}`, link: text }, act()),
            ...joinAlert(incident, { alert: one, reason: text }, act()),
            { ...act(), type: 'channel_opened', channel: `C${text}`, name: text },
          ],
        }),
      })
      const events = await store.events('INC-1')
      expect(events).toMatchObject([{ alert: one }, { text: `x${text}` }, { alert: one, reason: text }, { name: text }])
      expect(await store.byChannel(`C${text}`)).toMatchObject({ id: 'INC-1', alert: one })
      await store.remember(text, text)
      expect((await store.recall(text))?.value).toBe(text)
      expect(await store.keepChange({ ...change(`k${text}`, T), title: text }, text)).toBe(true)
      expect(await store.keepChange({ ...change(`k${text}`, T), title: text }, text)).toBe(false)
      expect((await store.changes({ from: T, to: T }))[0]?.change.title).toBe(text)
      expect(await store.snapshot(await store.freeze({ ...chart, title: text }))).toMatchObject({ title: text })
      const [claimed] = await store.outbox.claim({ owner: 'one', limit: 1, leaseMs: 1, now: T })
      await store.outbox.postpone({
        id: claimed?.id as string,
        owner: 'one',
        dueAt: T,
        now: T,
        error: text,
        counts: true,
      })
    })

    test('arbitrary text', async () => {
      const store = await open()
      await store.write({ to: 'new', decide: () => declare({ title: 'Slow', severity: 'sev2' }, act()) })
      const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 200, seed: 42 })
      await Promise.all(
        texts.map((text, i) =>
          store.write({ to: 'INC-1', once: `${i}:${text}`, decide: () => [{ ...act(), type: 'noted', text }] }),
        ),
      )
      const kept = (await store.events('INC-1')).flatMap((event) => (event.type === 'noted' ? [event.text] : []))
      expect(kept).toEqual(texts)
    })

    test('a title of ten thousand characters', async () => {
      const store = await open()
      const title = '\ud83d\udd25'.repeat(5000)
      await store.write({ to: 'new', decide: () => declare({ title, severity: 'sev2' }, act()) })
      expect((await store.read('INC-1'))?.title).toBe(title)
    })
  })
}
