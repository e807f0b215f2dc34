import type { Transaction } from 'kysely'
import { storable } from './connection.ts'
import { parts } from './rows.ts'
import type { Database } from './schema.ts'
import type { RoutedWrite, Sighting } from './write.ts'

/** How long a resolution waits for its firing report, ms: Amazon SNS retries for an hour, the others give up sooner. */
export const EARLY_FOR_MS = 3_600_000

export const newSighting = (): Sighting => ({ incidents: new Map(), firing: new Map() })

/** Of the fingerprints that the writes name. */
export const sightingsOf = async (
  tx: Transaction<Database>,
  writes: readonly RoutedWrite<unknown>[],
): Promise<Map<string, Sighting>> => {
  const found = new Map<string, Sighting>()
  const of = (fingerprint: string | null): Sighting => {
    const sighting = found.get(fingerprint as string) ?? newSighting()
    found.set(fingerprint as string, sighting)
    return sighting
  }
  for (const part of parts([...new Set(writes.flatMap(({ fingerprints = [] }) => fingerprints.map(storable)))])) {
    const known = await tx
      .selectFrom('alerts')
      .select(({ fn }) => ['fingerprint', 'incident', fn.max('changed_at').as('changed_at')])
      .where('fingerprint', 'in', part)
      .groupBy(['fingerprint', 'incident'])
      .execute()
    for (const row of known) of(row.fingerprint).incidents.set(row.incident, Number(row.changed_at))
    // An alert that was never seen before is firing nowhere.
    if (known.length === 0) continue
    const firing = await tx
      .selectFrom('alerts')
      .select(['fingerprint', 'key', 'incident', 'began_at'])
      .where('fingerprint', 'in', part)
      .where('state', '=', 'firing')
      .execute()
    for (const { fingerprint, key, incident, began_at } of firing)
      of(fingerprint).firing.set(key, { incident, beganAt: began_at ?? undefined })
  }
  return found
}

/** Of the alerts that the writes name: which have ended before their beginning was received, and when (epoch ms). */
export const earlyEndsOf = async (
  tx: Transaction<Database>,
  writes: readonly RoutedWrite<unknown>[],
  now: number,
): Promise<Map<string, number>> => {
  const names = writes.flatMap(({ alertKeys = [], fingerprints = [] }) => [...alertKeys, ...fingerprints])
  const found = new Map<string, number>()
  for (const part of parts([...new Set(names.map(storable))])) {
    const rows = await tx
      .selectFrom('early_ends')
      .select(['name', 'ended_at'])
      .where('name', 'in', part)
      .where('heard_at', '>=', now - EARLY_FOR_MS)
      .execute()
    for (const { name, ended_at } of rows) found.set(name, ended_at)
  }
  return found
}

/** Stores resolutions without a firing report, and drops those that waited long enough. */
export const keepEarlyEnds = async (
  tx: Transaction<Database>,
  ends: ReadonlyMap<string, number>,
  now: number,
): Promise<void> => {
  if (ends.size === 0) return
  await tx
    .deleteFrom('early_ends')
    .where('heard_at', '<', now - EARLY_FOR_MS)
    .execute()
  for (const part of parts([...ends].sort(([a], [b]) => (a < b ? -1 : 1))))
    await tx
      .insertInto('early_ends')
      .values(part.map(([name, ended_at]) => ({ name, ended_at, heard_at: now })))
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet(({ ref }) => ({ ended_at: ref('excluded.ended_at'), heard_at: ref('excluded.heard_at') })),
      )
      .execute()
}
