import { describe, expect, test } from 'vitest'
import { heldUp } from '../../src/held-up.ts'
import { declare, note } from '../../src/incident/decide.ts'
import type { DamagedRow } from '../../src/store/damage.ts'
import { connect, openStore } from '../../src/store/store.ts'
import { act, channelOpened } from '../incident/facts.ts'
import { file, postgres, T } from './databases.ts'
import { routed } from './routing.ts'

for (const kind of [file, postgres]) {
  describe.skipIf(kind.missing)(`a row that cannot be read, on ${kind.name}`, () => {
    const world = async () => {
      const url = await kind.fresh()
      const reported: DamagedRow[] = []
      const store = await openStore(
        url,
        () => T,
        () => T,
        (row) => reported.push(row),
      )
      const { db } = await connect(url)
      for (const title of ['One', 'Two'])
        await store.write({ to: 'new', decide: () => declare({ title, severity: 'sev2' }, act()) })
      await store.write({ to: 'INC-1', decide: () => [channelOpened] })
      const damageState = () =>
        db.updateTable('incidents').set({ state: '{"id":"INC-1' }).where('id', '=', 'INC-1').execute()
      return {
        store,
        db,
        reported,
        damageState,
        [Symbol.asyncDispose]: async () => {
          await db.destroy()
          await store.close()
        },
      }
    }

    test('an unreadable state is rebuilt from the event log, once, and reported', async () => {
      await using w = await world()
      const before = await w.store.read('INC-1')
      await w.damageState()
      expect(await w.store.read('INC-1')).toEqual(before)
      expect(await w.store.byChannel('C0INC1')).toEqual(before)
      expect((await w.store.list()).map(({ title }) => title)).toEqual(['Two', 'One'])
      expect(w.reported).toMatchObject([{ table: 'incidents', key: 'INC-1' }])
      const row = await w.db.selectFrom('incidents').select('state').where('id', '=', 'INC-1').executeTakeFirst()
      expect(JSON.parse(row?.state as string)).toMatchObject({ id: 'INC-1', title: 'One' })
    })

    test('an unreadable state of one open incident rejects no alert and no command', async () => {
      await using w = await world()
      await w.damageState()
      const outcome = await w.store.write(routed('pagerduty:Q1'))
      expect(outcome.events.length).toBeGreaterThan(0)
      await w.damageState()
      const noted = await w.store.write({ to: 'INC-1', decide: (one) => note(one, { text: 'seen' }, act()) })
      expect(noted.events).toMatchObject([{ type: 'noted', text: 'seen' }])
      expect((await w.store.read('INC-1'))?.version).toBe(noted.events.at(-1)?.seq)
    })

    test('an unreadable event does not affect the others of its incident', async () => {
      await using w = await world()
      await w.store.write({ to: 'INC-1', decide: (one) => note(one, { text: 'seen' }, act()) })
      await w.db.updateTable('events').set({ data: '{' }).where('incident', '=', 'INC-1').where('seq', '=', 2).execute()
      await w.damageState()
      expect((await w.store.events('INC-1')).map(({ seq }) => seq)).toEqual([1, 3])
      expect(await w.store.read('INC-1')).toMatchObject({ title: 'One', version: 3 })
      const after = await w.store.write({ to: 'INC-1', decide: (one) => note(one, { text: 'again' }, act()) })
      expect(after.events).toMatchObject([{ seq: 4 }])
    })

    test('an unreadable effect is set aside and reported; its lane and all others go on', async () => {
      await using w = await world()
      await w.db.updateTable('outbox').set({ effect: '{"type":' }).where('id', '=', 'INC-1/2/0').execute()
      await w.store.write({
        to: 'INC-1',
        decide: () => [{ ...act(), type: 'message_posted', message: 'summary', channel: 'C0INC1', ts: '1.2' }],
      })
      await w.store.write({ to: 'INC-1', decide: (one) => note(one, { text: 'x' }, act()) })
      const claimed = await w.store.outbox.claim({ owner: 'one', limit: 100, leaseMs: 1_000, now: T })
      expect(claimed.map(({ id }) => id)).not.toContain('INC-1/2/0')
      expect(claimed.length).toBeGreaterThan(8)
      expect(w.reported).toMatchObject([{ table: 'outbox', key: 'INC-1/2/0' }])
      expect(await w.store.outbox.unreadable()).toBe(1)
      const count = await w.store.outbox.count()
      for (const { id, incident } of claimed) await w.store.write({ to: incident, decide: () => [], done: id })
      expect(await w.store.outbox.count()).toBe(count - claimed.length)
      // Behind it in its lane:
      await w.store.write({ to: 'INC-1', decide: () => [{ ...act(), type: 'title_changed', title: 'Slower' }] })
      const behind = await w.store.outbox.claim({ owner: 'one', limit: 100, leaseMs: 1_000, now: T + 1_000 })
      expect(behind.map(({ effect }) => effect.type)).toContain('refresh_summary')
      expect(await heldUp(w.store, T)).toEqual(['1 effect is set aside: unreadable rows in outbox'])
    })

    test('unreadable data stored beside the log counts as missing', async () => {
      await using w = await world()
      await w.store.remember('muster:pause', 'x')
      await w.db.updateTable('memory').set({ value: '{' }).where('key', '=', 'muster:pause').execute()
      expect(await w.store.recall('muster:pause')).toBeUndefined()
      expect(w.reported).toMatchObject([{ table: 'memory', key: 'muster:pause' }])
    })
  })
}
