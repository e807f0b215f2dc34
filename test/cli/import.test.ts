import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { importIncidents } from '../../src/cli/import.ts'
import { type Config, catalogueOf, Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { Refusal } from '../../src/incident/errors.ts'
import { spans } from '../../src/incident/milestones.ts'
import { plain } from '../../src/incident/phrase.ts'
import { timeline } from '../../src/incident/timeline.ts'
import type { ImportFormat } from '../../src/learning/import/mappings.ts'
import { openStore } from '../../src/store/store.ts'
import { add, learningOf } from '../learning/past.ts'
import { file, opened, postgres, T } from '../store/databases.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const written = (text: string): string => {
  const path = join(folder, `${++files}.txt`)
  writeFileSync(path, text)
  return path
}
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/import/${name}`, import.meta.url))

const SETTINGS = {
  timezone: 'Europe/Kyiv',
  services: { checkout: { name: 'Checkout' }, mail: { pagerdutyService: 'PIJ90N7' } },
}
const TABLE = `id,title,declared_at,resolved_at,impact_started_at,severity,service,alert,outcome,url,team
A-1,Checkout is slow,2025-03-01T10:00:00Z,2025-03-01T11:00:00Z,2025-03-01T09:50:00Z,SEV1,Checkout,PoolExhausted,Restarted the pool; password=hunter22,https://wiki.example/1,Web
A-2,Search is down,2025-04-01 10:00,2025-04-01 12:30,,,search,,,,Search
`

for (const kind of [file, postgres])
  describe.skipIf(kind.missing)(`muster import into ${kind.name}`, () => {
    const world = async () => {
      const url = await kind.fresh()
      await (await openStore(url, () => T)).close()
      const settings = MusterFile.parse(SETTINGS)
      const config: Config = { env: Env.parse({ DATABASE_URL: url }), file: settings, catalogue: catalogueOf(settings) }
      const run = async (
        path: string,
        format: ImportFormat,
        more: { severity?: string; from?: string; write?: boolean } = {},
      ) => {
        const output: string[] = []
        const options = {
          file: path,
          format,
          write: true,
          ...more,
          say: (line: string) => output.push(line),
          now: () => T,
        }
        return { fine: await importIncidents(config, options), output: output.join('\n') }
      }
      return { run, store: () => opened(url) }
    }

    test('prints what it would do, does so on request, and imports nothing twice', async () => {
      const { run, store } = await world()
      const path = written(TABLE)
      const dry = await run(path, 'csv', { write: false })
      expect(dry).toEqual({
        fine: true,
        output: [
          'Columns that are not used: team.',
          'Services that the catalogue does not list, imported by these names: search.',
          'Severities: sev1 1, sev4 1; 2025-03-01 to 2025-04-01.',
          'Would import 2 incidents. Nothing was written; --write imports them.',
        ].join('\n'),
      })
      expect(await (await store()).list({ imported: true })).toEqual([])
      expect((await run(path, 'csv')).output).toContain('Imported 2 incidents.')
      expect((await run(path, 'csv')).output).toContain('Imported 0 incidents. 2 incidents were imported before.')
      const kept = await store()
      expect((await kept.list({ imported: true })).map(({ id, status }) => `${id} ${status}`)).toEqual([
        'INC-2 closed',
        'INC-1 closed',
      ])
    })

    test("stores the row's data, marked as imported, and triggers no effects", async () => {
      const { run, store } = await world()
      await run(written(TABLE), 'csv', { from: 'Old wiki' })
      const kept = await store()
      const first = await kept.read('INC-1')
      expect(first).toMatchObject({
        title: 'Checkout is slow',
        severity: 'sev1',
        service: 'checkout',
        outcome: 'Restarted the pool; password=[secret]',
        imported: { from: 'Old wiki', url: 'https://wiki.example/1' },
        alerts: { total: 1, firing: 0, rules: ['PoolExhausted @ checkout'] },
      })
      const known = Object.fromEntries(spans(first!.milestones).map(({ name, ms }) => [name, ms / 60_000]))
      expect(known).toEqual({ 'Time to mitigate': 70, 'Time to resolve': 70 })
      expect(timeline(await kept.events('INC-1')).map(({ phrases }) => plain(phrases))).toEqual([
        'Imported from Old wiki: Checkout is slow (sev1)',
        'Old wiki resolved the incident: Restarted the pool; password=[secret]',
        'Old wiki closed the incident',
      ])
      // Without a zone a time is one of muster.yaml's: 10:00 in Kyiv is 07:00 UTC in April.
      expect(new Date((await kept.read('INC-2'))!.declaredAt).toISOString()).toBe('2025-04-01T07:00:00.000Z')
      expect(await kept.outbox.count()).toBe(0)
    })

    test('includes imported incidents in search, similarity and insights, and in no list', async () => {
      const { run, store } = await world()
      await run(written(TABLE), 'csv')
      const kept = await store()
      const learning = learningOf(kept)
      const tonight = await add(kept, {
        title: 'Slow again',
        service: 'checkout',
        rule: 'PoolExhausted',
        at: T,
        outcome: null,
      })
      expect(await learning.similar(tonight)).toMatchObject([
        {
          incident: 'INC-1',
          reasons: ['same alert', 'same service'],
          fix: { known: 'outcome' },
          imported: { from: 'import', url: 'https://wiki.example/1' },
        },
      ])
      expect((await learning.find('search down', () => false)).found).toMatchObject([
        { id: 'INC-2', imported: { from: 'import' } },
      ])
      expect(await learning.insights({ from: 0, to: T })).toMatchObject({ incidents: 3, imported: 2 })
      expect((await kept.list()).map(({ id }) => id)).toEqual([tonight.id])
    })

    test("reads the JSON of PagerDuty's API and analytics, and the CSV of its reports", async () => {
      const { run, store } = await world()
      const api = await run(fixture('pagerduty-incidents.json'), 'pagerduty')
      expect(api.fine).toBe(false)
      expect(api.output).toContain('entry 2 (PT4OPEN): is acknowledged at PagerDuty; only what is over is imported')
      expect(api.output).toContain('Imported 1 incident. 1 row was left out')
      await run(fixture('pagerduty-analytics.json'), 'pagerduty')
      const report = await run(fixture('pagerduty-report.csv'), 'pagerduty')
      expect(report.output).toContain('line 3 (Q1REPORT0002): is not resolved at PagerDuty')
      const kept = await store()
      expect(await kept.read('INC-1')).toMatchObject({
        title: 'The server is on fire.',
        service: 'mail',
        severity: 'sev2',
        imported: { from: 'pagerduty', url: 'https://subdomain.pagerduty.com/incidents/PT4KHLK' },
        milestones: {
          impact_started: { source: 'start of the first alert' },
          resolved: { at: Date.UTC(2025, 9, 6, 21, 38, 23) },
        },
      })
      const second = await kept.read('INC-2')
      expect(second).toMatchObject({ title: 'Disk of db-7 is full', severity: 'sev1', service: 'mail' })
      // PagerDuty's analytics write UTC without saying so.
      expect(second!.declaredAt).toBe(Date.UTC(2025, 8, 1))
      expect(second!.milestones.acknowledged!.at).toBe(Date.UTC(2025, 8, 1, 0, 4))
      const third = await kept.read('INC-3')
      expect(third).toMatchObject({ title: 'Queue "orders" grows, and grows', service: 'Orders' })
      expect(third!.milestones.acknowledged!.at - third!.declaredAt).toBe(95_000)
      expect(third!.declaredAt).toBe(Date.UTC(2025, 7, 3, 14))
    })

    test("reads incident.io's API, and skips private, test and unfinished incidents", async () => {
      const { run, store } = await world()
      const { output } = await run(fixture('incidentio.json'), 'incidentio')
      expect(output).toContain('entry 2 (INC-124): is private at incident.io')
      expect(output).toContain('entry 3 (INC-125): is a test incident')
      expect(output).toContain('entry 4 (INC-126): is not over at incident.io')
      const one = await (await store()).read('INC-1')
      expect(one).toMatchObject({
        title: 'Our database is sad',
        severity: 'sev2',
        service: 'checkout',
        status: 'closed',
        imported: { from: 'incidentio', url: 'https://app.incident.io/incidents/123' },
      })
      const known = Object.fromEntries(spans(one!.milestones).map(({ name, ms }) => [name, Math.round(ms / 60_000)]))
      expect(known).toEqual({ 'Time to detect': 28, 'Time to mitigate': 60, 'Time to resolve': 60 })
    })

    test('reports a row with a mistake, and imports the others', async () => {
      const { run } = await world()
      const { output, fine } = await run(
        written(
          [
            'id;title;declared_at;resolved_at;severity',
            'B-1;;2025-03-01T10:00:00Z;2025-03-01T11:00:00Z;',
            'B-2;Soon over;2025-03-01T10:00:00Z;soon;',
            'B-3;"Two\nlines";2025-02-31T10:00:00Z;2025-03-01T11:00:00Z;',
            'B-4;Backwards;2025-03-01T10:00:00Z;2025-03-01T09:00:00Z;',
            'B-5;Later;2025-03-01T10:00:00Z;2125-03-01T09:00:00Z;',
            'B-6;Odd;2025-03-01T10:00:00Z;2025-03-01T11:00:00Z;Blocker',
            'B-7;Too;many;cells;in;it',
            'B-8;Good;2025-03-01T10:00:00Z;2025-03-01T11:00:00Z;sev2',
            'B-8;Again;2025-03-01T10:00:00Z;2025-03-01T11:00:00Z;sev2',
          ].join('\n'),
        ),
        'csv',
      )
      expect(fine).toBe(false)
      for (const sentence of [
        'line 2 (B-1): title is missing',
        'line 3 (B-2): resolved_at is no instant like 2026-01-31T08:00:00Z: "soon"',
        'line 5 (B-3): declared_at is no instant',
        'line 6 (B-4): resolved_at is before declared_at',
        'line 7 (B-5): resolved_at is in the future',
        'line 8 (B-6): severity "Blocker" is none of SEV1, SEV2, SEV3, SEV4; `--severity` imports such rows',
        'line 9: Invalid Record Length',
        'line 11 (B-8): id is that of line 10',
        'Imported 1 incident. 8 rows were left out',
      ])
        expect(output).toContain(sentence)
      const other = await run(
        written('id,title,declared_at,resolved_at,severity\nC,Odd,2025-03-01T10:00Z,2025-03-01T11:00Z,Blocker\n'),
        'csv',
        {
          severity: 'sev3',
        },
      )
      expect(other).toMatchObject({ fine: true, output: expect.stringContaining('Imported 1 incident.') })
    })

    test('accepts a timeline and action items in JSON', async () => {
      const { run, store } = await world()
      const one = {
        id: 7,
        title: 'Slow',
        declared_at: '2025-03-01T10:00:00Z',
        resolved_at: '2025-03-01T11:00:00Z',
        cause: 'mail',
        timeline: [{ at: '2025-03-01T10:05:00Z', text: 'Looked at <@U0EVE00001>' }],
        action_items: [{ text: 'Alert on the pool', done: true }, { text: 'Raise the limit' }],
      }
      await run(written(JSON.stringify([one])), 'json')
      const kept = await store()
      expect(await kept.read('INC-1')).toMatchObject({
        cause: { service: 'mail' },
        actions: [
          { id: 1, text: 'Alert on the pool', done: true },
          { id: 2, text: 'Raise the limit', done: false },
        ],
      })
      const [, note] = timeline(await kept.events('INC-1'))
      expect(note?.phrases).not.toContainEqual({ person: 'U0EVE00001' })
    })

    test('reports an unreadable file or an invalid choice in one sentence', async () => {
      const { run } = await world()
      await expect(run(join(folder, 'none'), 'csv')).rejects.toThrow(Refusal)
      await expect(run(written('{"incidents": {}}'), 'json')).rejects.toThrow('holds no list')
      await expect(run(written('[1'), 'json')).rejects.toThrow('The file is not JSON')
      await expect(run(written('id,name'), 'incidentio')).rejects.toThrow('describes only the JSON of its API')
      await expect(run(written(TABLE), 'csv', { severity: 'p1' })).rejects.toThrow('expected one of sev1, sev2')
      await expect(run(written(TABLE), 'csv', { from: 'U0DANA0001' })).rejects.toThrow('the name of the other system')
    })
  })
