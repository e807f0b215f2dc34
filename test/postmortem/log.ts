import { readFileSync } from 'node:fs'
import { IncidentEvent } from '../../src/incident/event.ts'
import { Snapshot } from '../../src/incident/evidence.ts'
import { openStore, type Store } from '../../src/store/store.ts'

type WrittenEvent = { recordedAt: string; snapshots?: { snapshot?: string }[] } & Record<string, unknown>
type WrittenLog = { names: Record<string, string>; snapshots: Record<string, unknown>; events: WrittenEvent[] }

/** A log of `test/fixtures/postmortem/` in a real store of its own, written event by event at the time it names. */
export const storedLog = async (
  file: string,
  database = 'sqlite::memory:',
): Promise<{ store: Store; names: Record<string, string> }> => {
  const url = new URL(`../fixtures/postmortem/${file}.json`, import.meta.url)
  const log = JSON.parse(readFileSync(url, 'utf8'), instants) as WrittenLog
  let now = 0
  const store = await openStore(database, () => now)
  const hashes = new Map<string, string>()
  for (const [name, snapshot] of Object.entries(log.snapshots))
    hashes.set(name, await store.freeze(Snapshot.parse(snapshot)))
  for (const [i, { recordedAt, ...written }] of log.events.entries()) {
    now = Number(recordedAt)
    const snapshots = written.snapshots?.map((one) => ({ ...one, ...hashOf(hashes, one.snapshot) }))
    const event = IncidentEvent.parse({ ...written, ...(snapshots ? { snapshots } : {}) })
    await store.write({ to: i === 0 ? 'new' : 'INC-1', decide: () => [event] })
  }
  return { store, names: log.names }
}

const hashOf = (hashes: Map<string, string>, name: string | undefined) => (name ? { hash: hashes.get(name) } : {})

/** Fixtures write instants for people, `2026-03-14T03:00:05Z`. */
const instants = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : value
