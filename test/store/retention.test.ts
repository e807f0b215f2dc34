import { describe, expect, test } from 'vitest'
import { createRetentionJob, latestRun } from '../../src/engine/retention.ts'
import { joinAlert } from '../../src/incident/alert-decisions.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Store } from '../../src/store/store.ts'
import { alert, declared } from '../incident/facts.ts'
import { file, opened, postgres, T } from './databases.ts'

const DAY = 86_400_000
const MIB = 1024 * 1024

const picture = (title: string, bytes = 10): Snapshot => ({
  kind: 'image',
  source: 'grafana',
  title,
  mediaType: 'image/png',
  base64: 'A'.repeat(bytes),
  notes: [],
})
const logs = (title: string): Snapshot => ({
  kind: 'logs',
  source: 'loki',
  title,
  query: '{a="b"}',
  from: T,
  to: T,
  lines: [],
  notes: [],
})

for (const kind of [file, postgres]) {
  describe.skipIf(kind.missing)(`${kind.name} deletes`, () => {
    let time = T
    /** A store with an incident that has ended (INC-1) and one that goes on (INC-2). */
    const start = async (): Promise<Store> => {
      time = T
      const store = await opened(await kind.fresh(), () => time)
      await store.write({ to: 'new', decide: () => [declared()] })
      await store.write({ to: 'new', decide: () => [declared()] })
      await store.write({
        to: 'INC-1',
        decide: () => [{ type: 'status_changed', status: 'resolved', at: T, by: 'U0DANA' }],
      })
      return store
    }
    const nothing = { looseBefore: 0, evidenceBytes: Number.MAX_SAFE_INTEGER }
    const kept = async (store: Store, hashes: Record<string, string>) => {
      const names: string[] = []
      for (const [name, hash] of Object.entries(hashes)) if (await store.snapshot(hash)) names.push(name)
      return names
    }

    test('evidence of incidents that ended long ago, log lines sooner, and nothing of an open one', async () => {
      const store = await start()
      const hashes = {
        ended: await store.freeze(picture('ended'), 'INC-1'),
        lines: await store.freeze(logs('ended'), 'INC-1'),
        open: await store.freeze(picture('open'), 'INC-2'),
        unknown: await store.freeze(picture('unknown')),
      }
      expect((await store.retention.forget(nothing)).snapshots).toBe(0)
      expect((await store.retention.forget({ ...nothing, logLinesBefore: T })).snapshots).toBe(0)
      expect((await store.retention.forget({ ...nothing, logLinesBefore: T + 1 })).snapshots).toBe(1)
      expect(await kept(store, hashes)).toEqual(['ended', 'open', 'unknown'])
      expect((await store.retention.forget({ ...nothing, evidenceBefore: T + 1 })).snapshots).toBe(1)
      expect(await kept(store, hashes)).toEqual(['open', 'unknown'])
    })

    test('nothing of an incident with recent evidence, nor what a later incident shows as well', async () => {
      const store = await start()
      const first = await store.freeze(picture('first'), 'INC-1')
      const shared = await store.freeze(picture('shared'), 'INC-1')
      time = T + 5 * DAY
      await store.freeze(picture('last'), 'INC-1')
      expect((await store.retention.forget({ ...nothing, evidenceBefore: T + DAY })).snapshots).toBe(0)
      await store.freeze(picture('shared'), 'INC-2')
      expect((await store.retention.forget({ ...nothing, evidenceBefore: T + 6 * DAY })).snapshots).toBe(2)
      expect(await kept(store, { first, shared })).toEqual(['shared'])
    })

    test('the oldest evidence first where there is too much, but none of an open incident', async () => {
      const store = await start()
      const hashes: Record<string, string> = {}
      for (const [name, incident] of Object.entries({ open: 'INC-2', one: 'INC-1', two: 'INC-1', three: 'INC-1' })) {
        time += 1000
        hashes[name] = await store.freeze(picture(name, MIB), incident)
      }
      expect(await store.retention.evidenceBytes()).toBeGreaterThan(4 * MIB)
      await store.retention.forget({ ...nothing, evidenceBytes: 2.5 * MIB })
      expect(await kept(store, hashes)).toEqual(['open', 'three'])
      await store.retention.forget({ ...nothing, evidenceBytes: 0 })
      expect(await kept(store, hashes)).toEqual(['open'])
    })

    test('old changes and resolved alerts, many of them, and keeps the others', async () => {
      const store = await start()
      const change = (key: string, at: number) => ({ key, source: 'github', kind: 'deploy', title: key, at })
      for (let i = 0; i < 450; i++) await store.keepChange(change(`old${i}`, T), undefined)
      await store.keepChange(change('new', T + 40 * DAY), undefined)
      await store.write({
        to: 'INC-2',
        decide: (incident) =>
          joinAlert(incident!, { alert: alert('grafana:A'), reason: 'same' }, { at: T, by: 'grafana' }),
      })
      await store.write({
        to: 'INC-1',
        decide: () => [
          { type: 'alert_joined', alert: alert('grafana:B'), reason: 'same', at: T, by: 'grafana' },
          { type: 'alert_resolved', alertKey: 'grafana:B', title: 'B', at: T, by: 'grafana' },
        ],
      })
      const removed = await store.retention.forget({ ...nothing, looseBefore: T + 10 * DAY })
      expect(removed).toMatchObject({ changes: 450, alerts: 1 })
      expect(await store.alertKeys('INC-1')).toEqual([])
      expect((await store.changes({ from: 0, to: T + 50 * DAY })).map(({ change: { key } }) => key)).toEqual(['new'])
      expect(await store.alertKeys('INC-2')).toEqual(['grafana:A'])
    })

    test('once a day, and records how much it deleted', async () => {
      const store = await start()
      const rules = { snapshotsDays: 30, looseDays: 30, evidenceMegabytes: 10 }
      const metrics = createMetrics()
      const job = createRetentionJob({
        store,
        rules,
        keepPrivateMessages: false,
        now: () => time,
        log: createLog('silent'),
        metrics,
      })
      const hash = await store.freeze(picture('ended'), 'INC-1')
      time = T + 29 * DAY
      await job.runWhenDue()
      expect(await latestRun(store)).toMatchObject({ at: time, removed: { snapshots: 0 } })
      time = T + 31 * DAY
      await job.runWhenDue()
      expect(await latestRun(store)).toEqual({
        at: time,
        evidenceBytes: 0,
        removed: { snapshots: 1, changes: 0, alerts: 0, messages: 0 },
      })
      expect(await store.snapshot(hash)).toBeUndefined()
      expect(await metrics.registry.metrics()).toContain('muster_removed_total{kind="snapshots"} 1')
      time += 20 * 3_600_000
      await job.runWhenDue()
      expect((await latestRun(store))?.removed.snapshots).toBe(1)
      await job.stop()
    })
  })
}
