import { describe, expect, test } from 'vitest'
import { assignRole, declare, note } from '../../src/incident/decide.ts'
import { Permanent, Refusal } from '../../src/incident/errors.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { replay } from '../../src/incident/evolve.ts'
import type { DirectWrite, Store, Write } from '../../src/store/store.ts'
import { act, alert, channelOpened, DANA, EVE } from '../incident/facts.ts'
import { file, memory, opened, postgres, T } from './databases.ts'
import { routed } from './routing.ts'

const declaring = (title = 'Checkout is slow', more: Partial<DirectWrite> = {}): DirectWrite => ({
  to: 'new',
  decide: () => declare({ title, severity: 'sev2' }, act()),
  ...more,
})
const noting = (text: string, more: Partial<DirectWrite> = {}): DirectWrite => ({
  to: 'INC-1',
  decide: (incident) => note(incident, { text }, act()),
  ...more,
})
const settle = (store: Store, writes: Write[]) => Promise.allSettled(writes.map((write) => store.write(write)))

for (const kind of [memory, file, postgres]) {
  describe.skipIf(kind.missing)(kind.name, () => {
    const open = async () => opened(await kind.fresh())

    test('returns the stored events, and the state they fold to', async () => {
      const store = await open()
      await store.write(declaring())
      await store.write({ to: 'INC-1', decide: () => [channelOpened] })
      await store.write({ to: 'INC-1', decide: (i) => assignRole(i, { role: 'commander', responder: EVE }, act()) })
      const events = await store.events('INC-1')
      expect(events.map(({ seq, type, recordedAt }) => [seq, type, recordedAt])).toEqual([
        [1, 'declared', T],
        [2, 'channel_opened', T],
        [3, 'role_assigned', T],
      ])
      const incident = await store.read('INC-1')
      expect(incident).toEqual(replay('INC-1', events))
      expect(await store.byChannel('C0INC1')).toEqual(incident)
      expect(await store.event('INC-1', 2)).toEqual(events[1])
      expect(await store.events('INC-1', { last: 2 })).toEqual(events.slice(1))
      expect(await store.read('INC-9')).toBeUndefined()
    })

    test('lists the newest first, filtered by status', async () => {
      const store = await open()
      await settle(store, [declaring('a'), declaring('b'), declaring('c')])
      await store.write({
        to: 'INC-2',
        decide: () => [{ ...act(), type: 'status_changed', status: 'resolved' }],
      })
      expect((await store.list()).map(({ id }) => id)).toEqual(['INC-3', 'INC-2', 'INC-1'])
      expect((await store.list({ statuses: ['resolved'] })).map(({ id }) => id)).toEqual(['INC-2'])
      expect((await store.list({ limit: 1 })).map(({ id }) => id)).toEqual(['INC-3'])
    })

    test('records a key once: within a batch, later, and for another incident', async () => {
      const store = await open()
      const first = await Promise.all([1, 2, 3].map(() => store.write(declaring('Slow', { once: 'a' }))))
      expect(first.map(({ incident, repeated }) => [incident?.id, repeated])).toEqual([
        ['INC-1', false],
        ['INC-1', true],
        ['INC-1', true],
      ])
      await store.write(declaring('Another'))
      const later = await store.write(noting('said twice', { to: 'INC-2', once: 'a' }))
      expect(later).toMatchObject({ repeated: true, events: [], incident: { id: 'INC-1' } })
      expect(await store.events('INC-2')).toHaveLength(1)
    })

    test('a refusal in a batch fails alone and uses no number', async () => {
      const store = await open()
      const results = await settle(store, [
        declaring('first'),
        declaring('  '),
        { to: 'INC-77', decide: () => [] },
        declaring('second'),
        noting('on the one declared in this very batch'),
      ])
      expect(results.map((r) => (r.status === 'fulfilled' ? r.value.incident?.id : r.reason.constructor))).toEqual([
        'INC-1',
        Refusal,
        Error,
        'INC-2',
        'INC-1',
      ])
      expect(await store.events('INC-1')).toHaveLength(2)
    })

    test('an event that could not be read back is never written, and leaves no trace', async () => {
      const store = await open()
      await store.write(declaring())
      const unreadable = { ...act(), type: 'severity_changed', severity: 'SEV 1!' } as IncidentEvent
      const results = await settle(store, [{ to: 'INC-1', decide: () => [channelOpened, unreadable] }, noting('fine')])
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
      expect((results[0] as PromiseRejectedResult).reason.message).toMatch(/severity_changed cannot be recorded/)
      expect((await store.events('INC-1')).map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'declared'],
        [2, 'noted'],
      ])
      expect((await store.read('INC-1'))?.channel).toBeUndefined()
    })

    test('a decision without events writes nothing', async () => {
      const store = await open()
      expect(await store.write({ to: 'new', decide: () => [] })).toEqual({
        incident: undefined,
        events: [],
        repeated: false,
      })
      expect(await store.write({ route: () => ({ result: 'nowhere' }) })).toEqual({
        incident: undefined,
        events: [],
        repeated: false,
        result: 'nowhere',
      })
      expect(await store.list()).toEqual([])
    })

    test('a channel that belongs to another incident is rejected permanently, without affecting other writes', async () => {
      const store = await open()
      await settle(store, [declaring('a'), declaring('b')])
      await store.write({ to: 'INC-1', decide: () => [channelOpened] })
      let decided = 0
      const results = await settle(store, [
        noting('before'),
        {
          to: 'INC-2',
          decide: () => {
            decided += 1
            return [channelOpened]
          },
        },
        noting('after'),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(Permanent)
      expect(decided).toBeLessThanOrEqual(2)
    })

    test('assigns numbers without gaps under concurrent declarations', async () => {
      const store = await open()
      await Promise.all(Array.from({ length: 250 }, (_, i) => store.write(declaring(`number ${i}`))))
      const ids = (await store.list({ limit: 1000 })).map(({ id }) => id).reverse()
      expect(ids).toEqual(Array.from({ length: 250 }, (_, i) => `INC-${i + 1}`))
    })

    test('ten deliveries of one alert and eight concurrent declarations make nine incidents', async () => {
      const store = await open()
      const deliveries = Array.from({ length: 10 }, () => routed('pagerduty:P1'))
      const people = Array.from({ length: 8 }, (_, i) => declaring(`by person ${i}`))
      const writes = deliveries.flatMap((one, i) => [one, ...people.slice(i, i + 1)])
      const outcomes = await Promise.all(writes.map((write) => store.write(write)))
      expect((await store.list()).map(({ id }) => id).sort()).toEqual(
        Array.from({ length: 9 }, (_, i) => `INC-${i + 1}`),
      )
      expect(outcomes.filter(({ repeated }) => repeated)).toHaveLength(9)
      expect(await store.alertKeys('INC-1', 'firing')).toEqual(['pagerduty:P1'])
    })

    test('alerts that arrive together join the incident opened by the first of them', async () => {
      const store = await open()
      await Promise.all(Array.from({ length: 30 }, (_, i) => store.write(routed(`pagerduty:P${i}`))))
      const [incident, ...others] = await store.list()
      expect(others).toEqual([])
      expect(incident?.alerts.total).toBe(30)
      expect(await store.alertKeys('INC-1')).toHaveLength(30)
    })

    test("a source's group belongs to its last alert's incident, even when that alert resolved in the same batch", async () => {
      const store = await open()
      const one = alert('alertmanager:a', { group: '{}:{job="web"}' })
      await settle(store, [
        { to: 'new', decide: () => declare({ title: 'Web', severity: 'sev2', alert: one }, act()) },
        {
          to: 'INC-1',
          decide: () => [{ ...act(), type: 'alert_resolved', alertKey: one.key, title: one.title }],
        },
      ])
      const seen: unknown[] = []
      const look = () =>
        store.write({
          alertKeys: [one.key],
          groups: [one.group as string],
          route: (known) => {
            seen.push([known.owner(one.key), known.open().map(({ incident, groups }) => [incident.id, groups])])
            return { result: undefined }
          },
        })
      await look()
      await store.write({
        to: 'new',
        decide: () =>
          declare({ title: 'Split', severity: 'sev2', alert: { ...one, key: 'alertmanager:b' } }, act(T, DANA)),
      })
      await look()
      expect(seen).toEqual([
        [{ incident: 'INC-1', state: 'resolved', changedAt: T, beganAt: one.startsAt }, [['INC-1', [one.group]]]],
        [
          { incident: 'INC-1', state: 'resolved', changedAt: T, beganAt: one.startsAt },
          [
            ['INC-1', []],
            ['INC-2', [one.group]],
          ],
        ],
      ])
    })

    test('closing during writes loses nothing that was acknowledged', async () => {
      const url = await kind.fresh()
      const store = await opened(url)
      await store.write(declaring())
      const notes = Array.from({ length: 300 }, (_, i) => store.write(noting(`note ${i}`)))
      const closed = store.close()
      const acknowledged = (await Promise.allSettled(notes)).filter(({ status }) => status === 'fulfilled')
      await closed
      expect(acknowledged).toHaveLength(300)
      await expect(store.write(noting('after closing'))).rejects.toThrow()
      if (!kind.shared) return
      const again = await opened(url)
      expect(await again.events('INC-1')).toHaveLength(301)
    })
  })
}
