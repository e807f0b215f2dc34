import { afterEach } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import { createPostmortems, type PostmortemOptions, type Postmortems } from '../../src/postmortem/postmortem.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { storedLog } from './log.ts'

/** When the incidents of `logged` are declared. */
export const NOW = Date.parse('2026-03-14T03:45:00Z')
export const MINUTE = 60_000
/** The smallest picture there is. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let stores: Store[] = []
afterEach(async () => {
  for (const store of stores) await store.close()
  stores = []
})

/** Postmortems over a log of `test/fixtures/postmortem/`. */
export const written = async (file: string, options: Partial<PostmortemOptions> = {}): Promise<Postmortems> => {
  const { store, names } = await storedLog(file)
  stores.push(store)
  return createPostmortems({
    store,
    nameOf: async (id) => names[id] ?? id,
    chartPng: async () => PNG,
    timezone: 'UTC',
    labels: { service: (id) => ({ shipping: 'Shipping', api: 'API' })[id] ?? id },
    ...options,
  })
}

/** Postmortems over an incident of these events; `snapshots` are frozen, and `event` receives their hashes. */
export const logged = async (
  events: IncidentEvent[] | ((hashes: string[]) => IncidentEvent[]),
  options: Partial<PostmortemOptions> = {},
  snapshots: Snapshot[] = [],
): Promise<Postmortems> => {
  const store = await openStore('sqlite::memory:', () => NOW)
  stores.push(store)
  const hashes: string[] = []
  for (const snapshot of snapshots) hashes.push(await store.freeze(snapshot))
  await store.write({ to: 'new', decide: () => (typeof events === 'function' ? events(hashes) : events) })
  return createPostmortems({ store, nameOf: async (id) => id, chartPng: async () => PNG, timezone: 'UTC', ...options })
}

export const declared = (title = 'Checkout is down', by = 'U0ADA0001'): IncidentEvent => ({
  type: 'declared',
  at: NOW,
  by,
  title,
  severity: 'sev2',
  status: 'investigating',
  service: 'checkout',
  private: false,
  drill: false,
})

type Chart = Extract<Snapshot, { kind: 'chart' }>

/** A graph with a value a minute from 60 min before `NOW`; `values` gets the minute relative to it. */
export const graph = (
  title: string,
  unit: string,
  value: (minute: number) => number,
  more: Partial<Chart> = {},
): Chart => {
  const minutes = Array.from({ length: 121 }, (_, i) => i - 60)
  return {
    kind: 'chart',
    source: 'prometheus',
    title,
    query: title,
    unit,
    notes: [],
    from: NOW - 60 * MINUTE,
    to: NOW + 60 * MINUTE,
    series: [{ name: '', labels: {}, points: minutes.map((minute) => [NOW + minute * MINUTE, value(minute)]) }],
    ...more,
  }
}

/** The event of a look at graphs, by the hashes they were frozen under. */
export const looked = (snapshots: Snapshot[], hashes: string[], minutes = 60): IncidentEvent => ({
  type: 'evidence_collected',
  at: NOW + minutes * MINUTE,
  by: 'muster',
  phase: 'closing',
  snapshots: snapshots.map(({ kind, source, title, ...rest }, i) => ({
    hash: String(hashes[i]),
    kind,
    source,
    title,
    ...('query' in rest ? { query: rest.query } : {}),
    ...('unit' in rest ? { unit: rest.unit } : {}),
  })),
})
