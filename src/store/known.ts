import type { Transaction } from 'kysely'
import type { Candidate } from '../incident/correlate.ts'
import type { Incident } from '../incident/incident.ts'
import { isActive, OPEN_STATUSES } from '../incident/status.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import { readIncidents } from './incidents.ts'
import { parts } from './rows.ts'
import type { Database } from './schema.ts'
import { earlyEndsOf, newSighting, sightingsOf } from './sightings.ts'
import { isRouted, type Known, type Owner, type RoutedWrite, type Sighting, type Write } from './write.ts'

/** What a transaction knows; each write finds it as the one before left it. */
export type Facts = {
  /** The incidents written to, those that own a repeated key or a known alert, and the open ones when alerts are routed. */
  states: Map<string, Incident>
  /** `once` key -> the incident whose log has it */
  repeated: Map<string, string>
  /** alert key -> where it belongs */
  owners: Map<string, Owner>
  /** an alert's fingerprint that a write names -> where its occurrences are */
  sightings: Map<string, Sighting>
  /** alerts whose end was reported before their beginning -> when they ended, epoch ms */
  earlyEnds: Map<string, number>
  /** a source's group that a write names -> the open incident that an alert of it joined last */
  groups: Map<string, string>
  /** When alerts opened incidents lately, epoch ms, or had them held: what the budget for new ones is counted from. */
  openings: { at: number; held: boolean }[]
  /** The highest incident number in use. */
  latest: number
}

/**
 * Reads, and locks, everything needed to decide the writes, in as many statements for two hundred writes as for one.
 */
export const findOut = async (
  { lock, forUpdate }: Connection,
  tx: Transaction<Database>,
  writes: readonly Write[],
  { now, damage }: { now: number; damage: Damage },
): Promise<Facts> => {
  const routed = writes.filter(isRouted)
  const routing = routed.length > 0
  if (routing) await lock(tx, 'muster:intake')
  const repeated = await ownersOfOnce(tx, writes)
  const owners = await ownersOfAlerts(tx, routed)
  const sightings = await sightingsOf(tx, routed)
  const earlyEnds = await earlyEndsOf(tx, routed, now)
  const ids = new Set([
    ...writes.flatMap((write) => (isRouted(write) || write.to === 'new' ? [] : [write.to])),
    ...routed.flatMap(({ incidents = [] }) => incidents),
    ...repeated.values(),
    ...[...owners.values()].map(({ incident }) => incident),
    ...[...sightings.values()].flatMap(({ firing }) => [...firing.values()].map(({ incident }) => incident)),
  ])
  const states = new Map<string, Incident>()
  // All at once and in one order: two processes that take the same locks in two orders would wait for each other for ever.
  const rows =
    ids.size > 0 || routing
      ? await forUpdate(
          tx
            .selectFrom('incidents')
            .select(['id', 'state'])
            .where(({ or, eb }) =>
              or([
                ...(ids.size > 0 ? [eb('id', 'in', [...ids])] : []),
                ...(routing ? [eb('status', 'in', OPEN_STATUSES)] : []),
              ]),
            )
            .orderBy('id'),
        ).execute()
      : []
  for (const incident of await readIncidents(tx, rows, damage)) states.set(incident.id, incident)
  const groups = await openOnesOfGroups(tx, routed)
  const latest = routing || writes.some((write) => !isRouted(write) && write.to === 'new') ? await latestNumber(tx) : 0
  const openings = routing ? await openingsSince(tx, now - LONGEST_BUDGET_MS) : []
  return { states, repeated, owners, sightings, earlyEnds, groups, openings, latest }
}

/** Queries available to the routing of an alert. */
export const viewOf = ({ states, owners, sightings, earlyEnds, groups, openings }: Facts): Known => ({
  owner: (key) => owners.get(storable(key)),
  sighting: (fingerprint) => sightings.get(storable(fingerprint)) ?? newSighting(),
  endedEarly: (name) => earlyEnds.get(storable(name)),
  incident: (id) => states.get(id),
  openedSince: (since) => {
    const recent = openings.filter(({ at }) => at >= since)
    const held = recent.filter((one) => one.held).length
    return { open: recent.length - held, held }
  },
  open: () => {
    const groupsOf = Map.groupBy(groups, ([, incident]) => incident)
    return [...states.values()]
      .filter(({ status }) => isActive(status))
      .map((incident): Candidate => ({ incident, groups: (groupsOf.get(incident.id) ?? []).map(([group]) => group) }))
  },
})

/** Which of the writes' `once` keys are in the log already, and whose they are. */
const ownersOfOnce = async (tx: Transaction<Database>, writes: readonly Write[]): Promise<Map<string, string>> => {
  const keys = writes.flatMap(({ once }) => (once === undefined ? [] : [storable(once)]))
  if (keys.length === 0) return new Map()
  const rows = await tx.selectFrom('events').select(['once', 'incident']).where('once', 'in', keys).execute()
  return new Map(rows.map(({ once, incident }) => [once as string, incident]))
}

const ownersOfAlerts = async (
  tx: Transaction<Database>,
  writes: readonly RoutedWrite<unknown>[],
): Promise<Facts['owners']> => {
  const owners: Facts['owners'] = new Map()
  for (const part of parts(writes.flatMap(({ alertKeys = [] }) => alertKeys.map(storable)))) {
    const rows = await tx
      .selectFrom('alerts')
      .select(['key', 'incident', 'state', 'changed_at', 'began_at'])
      .where('key', 'in', part)
      .execute()
    for (const { key, incident, state, changed_at, began_at } of rows)
      owners.set(key, { incident, state, changedAt: changed_at, beganAt: began_at ?? undefined })
  }
  return owners
}

/** Only the groups that the writes name: an incident may have one for each of ten thousand alerts. */
const openOnesOfGroups = async (
  tx: Transaction<Database>,
  writes: readonly RoutedWrite<unknown>[],
): Promise<Facts['groups']> => {
  const found: Facts['groups'] = new Map()
  for (const part of parts([...new Set(writes.flatMap(({ groups = [] }) => groups.map(storable)))])) {
    const rows = await tx
      .selectFrom('alert_groups')
      .innerJoin('incidents', 'incidents.id', 'alert_groups.incident')
      .select(['alert_groups.name', 'alert_groups.incident'])
      .where('alert_groups.name', 'in', part)
      .where('incidents.status', 'in', OPEN_STATUSES)
      .execute()
    for (const { name, incident } of rows) found.set(name, incident)
  }
  return found
}

/** A budget is over minutes; an hour covers every one. */
const LONGEST_BUDGET_MS = 3_600_000

const openingsSince = async (tx: Transaction<Database>, since: number): Promise<Facts['openings']> => {
  const rows = await tx
    .selectFrom('incidents')
    .select(['declared_at', 'opened_by'])
    .where('declared_at', '>=', since)
    .where('opened_by', 'in', ['alert', 'held'])
    .execute()
  return rows.map(({ declared_at, opened_by }) => ({ at: declared_at, held: opened_by === 'held' }))
}

const latestNumber = async (tx: Transaction<Database>): Promise<number> => {
  const row = await tx
    .selectFrom('incidents')
    .select(({ fn }) => fn.max('number').as('latest'))
    .executeTakeFirst()
  return Number(row?.latest ?? 0)
}
