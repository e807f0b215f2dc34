import type { Insertable, Transaction } from 'kysely'
import { absorbs, delayMsOf, laneOf } from '../incident/effect.ts'
import { effectsOf } from '../incident/effects-of.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import { evolve } from '../incident/evolve.ts'
import { type Incident, initial } from '../incident/incident.ts'
import { type Connection, storable } from './connection.ts'
import { type Facts, findOut, viewOf } from './known.ts'
import { checkedEvent, incidentRow, parts } from './rows.ts'
import type { Database } from './schema.ts'
import { keepEarlyEnds, newSighting } from './sightings.ts'
import { isRouted, type Outcome, type Write } from './write.ts'

/**
 * Carries out writes in one transaction: what happened, the incident as it now stands, what must happen next. Writes
 * that refuse fail alone. The state is read inside the transaction, so a decision always sees the newest; (incident, seq)
 * being unique is what holds against another process.
 */
export const commitAll = async (
  connection: Connection,
  tx: Transaction<Database>,
  writes: readonly Write[],
  times: Times,
): Promise<PromiseSettledResult<Outcome>[]> => {
  const facts = await findOut(connection, tx, writes, times.now)
  const rows = newRows()
  const results = writes.map((write): PromiseSettledResult<Outcome> => {
    try {
      return { status: 'fulfilled', value: carryOut(write, facts, rows, times) }
    } catch (reason) {
      return { status: 'rejected', reason }
    }
  })
  await writeRows(tx, rows, facts.states)
  await keepEarlyEnds(tx, rows.earlyEnds, times.now)
  return results
}

/** Decides one write on the facts as the writes before it left them. What throws leaves no trace in facts and rows. */
const carryOut = (write: Write, facts: Facts, rows: Rows, times: Times): Outcome => {
  const { states } = facts
  const once = write.once === undefined ? undefined : storable(write.once)
  const owner = once === undefined ? undefined : facts.repeated.get(once)
  if (owner !== undefined) {
    if (write.done) rows.done.push(write.done)
    return { incident: states.get(owner), events: [], repeated: true }
  }
  const destination = isRouted(write) ? write.route(viewOf(facts)) : { ...write, result: undefined }
  const { to, result } = destination
  if (to === undefined) {
    const { names = [], at = 0 } = destination.ended ?? {}
    for (const name of names.map(storable)) {
      rows.earlyEnds.set(name, at)
      facts.earlyEnds.set(name, at)
    }
    return { incident: undefined, events: [], repeated: false, result }
  }
  const before = to === 'new' ? initial(`INC-${facts.latest + 1}`) : states.get(to)
  if (!before) throw new Error(`There is no incident ${to}.`)
  const events = destination.decide(before).map(checkedEvent)
  const added = fold(before, events, once, times)
  if (write.done) rows.done.push(write.done)
  if (events.length === 0) return { incident: to === 'new' ? undefined : before, events: [], repeated: false, result }
  if (to === 'new') facts.latest += 1
  states.set(added.incident.id, added.incident)
  if (once !== undefined) facts.repeated.set(once, added.incident.id)
  add(rows, facts, added, times.now)
  return { incident: added.incident, events: added.recorded, repeated: false, result }
}

/** Epoch ms: what is written into the log, and what effects are due by. They differ only in the sandbox. */
export type Times = { now: number; due: number }

type OutboxRow = Insertable<Database['outbox']>
type Rows = {
  touched: Set<string>
  events: Insertable<Database['events']>[]
  /** By what they absorb with, or by id: a batch brings one of each kind at the most. */
  outbox: Map<string, OutboxRow>
  alerts: Map<string, Insertable<Database['alerts']>>
  groups: Map<string, string>
  earlyEnds: Map<string, number>
  done: string[]
}
const newRows = (): Rows => ({
  touched: new Set(),
  events: [],
  outbox: new Map(),
  alerts: new Map(),
  groups: new Map(),
  earlyEnds: new Map(),
  done: [],
})

type Added = {
  incident: Incident
  recorded: RecordedEvent[]
  events: Insertable<Database['events']>[]
  outbox: OutboxRow[]
}

/** Folds the events into the state and lines up what they mean. */
const fold = (
  before: Incident,
  events: readonly IncidentEvent[],
  once: string | undefined,
  { now, due }: Times,
): Added => {
  const added: Added = { incident: before, recorded: [], events: [], outbox: [] }
  events.forEach((event, i) => {
    const incident = evolve(added.incident, event)
    const seq = incident.version
    added.incident = incident
    added.recorded.push({ ...event, seq, recordedAt: now })
    added.events.push({
      incident: incident.id,
      seq,
      type: event.type,
      at: event.at,
      recorded_at: now,
      once: i === 0 ? (once ?? null) : null,
      data: JSON.stringify(event),
    })
    effectsOf(event, incident).forEach((effect, position) => {
      added.outbox.push({
        id: `${incident.id}/${seq}/${position}`,
        incident: incident.id,
        seq,
        position,
        lane: laneOf(effect),
        effect: JSON.stringify(effect),
        absorb: absorbs(effect) ? `${incident.id}/${effect.type}` : null,
        state: 'queued',
        due_at: due + delayMsOf(effect, now),
        attempts: 0,
        created_at: now,
      })
    })
  })
  return added
}

const add = (rows: Rows, facts: Facts, { incident, recorded, events, outbox }: Added, now: number): void => {
  rows.touched.add(incident.id)
  rows.events.push(...events)
  for (const row of outbox) {
    const key = row.absorb ?? row.id
    if (!rows.outbox.has(key)) rows.outbox.set(key, row)
  }
  for (const event of recorded)
    if (event.type === 'declared' && incident.origin === 'alert')
      facts.openings.push({ at: event.at, held: incident.status === 'triage' })
  for (const told of alertsOf(recorded)) {
    const { key, state, group } = told
    // A resolution repeats neither; in one batch with its beginning it must not take them away.
    const before = rows.alerts.get(key)
    const fingerprint = told.fingerprint ?? before?.fingerprint ?? null
    const began_at = told.beganAt ?? before?.began_at ?? null
    rows.alerts.set(key, { key, incident: incident.id, state, fingerprint, began_at, changed_at: now })
    const beganAt = began_at ?? facts.owners.get(key)?.beganAt
    facts.owners.set(key, { incident: incident.id, state, changedAt: now, beganAt })
    see(facts.sightings, { key, fingerprint, incident: incident.id, firing: state === 'firing', beganAt, now })
    if (group === undefined) continue
    rows.groups.set(group, incident.id)
    facts.groups.set(group, incident.id)
  }
}

type Seen = {
  key: string
  fingerprint: string | null
  incident: string
  firing: boolean
  beganAt: number | undefined
  now: number
}

const see = (sightings: Facts['sightings'], { key, fingerprint, incident, firing, beganAt, now }: Seen): void => {
  if (!firing) for (const sighting of sightings.values()) sighting.firing.delete(key)
  if (fingerprint === null) return
  const sighting = sightings.get(fingerprint) ?? newSighting()
  sightings.set(fingerprint, sighting)
  sighting.incidents.set(incident, now)
  if (firing) sighting.firing.set(key, { incident, beganAt })
}

/** What the events say about which alert, and which of the source's groups, belongs where. */
const alertsOf = (events: readonly IncidentEvent[]) =>
  events.flatMap((event) => {
    if (event.type === 'alert_joined' || (event.type === 'declared' && event.alert)) {
      const { key, state, group, fingerprint, startsAt } = event.alert!
      const instead = event.type === 'alert_joined' ? (event.instead ?? []) : []
      return [
        ...instead.map(over),
        {
          key: storable(key),
          state: state as string,
          group: group === undefined ? undefined : storable(group),
          fingerprint: fingerprint === undefined ? null : storable(fingerprint),
          beganAt: startsAt,
        },
      ]
    }
    return event.type === 'alert_resolved' ? [over(event.alertKey)] : []
  })

const over = (alertKey: string) => {
  const key = storable(alertKey)
  return { key, state: 'resolved', group: undefined, fingerprint: null, beganAt: undefined }
}

/** Rows that two processes may both write go in the order of their keys, or each could wait for the other. */
const writeRows = async (tx: Transaction<Database>, rows: Rows, states: Map<string, Incident>): Promise<void> => {
  const incidents = [...rows.touched].map((id) => incidentRow(states.get(id)!)).sort((a, b) => a.number - b.number)
  for (const part of parts(incidents))
    await tx
      .insertInto('incidents')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          version: ref('excluded.version'),
          status: ref('excluded.status'),
          severity: ref('excluded.severity'),
          service: ref('excluded.service'),
          channel: ref('excluded.channel'),
          state: ref('excluded.state'),
        })),
      )
      .execute()
  for (const part of parts(rows.events)) await tx.insertInto('events').values(part).execute()
  for (const part of parts([...rows.outbox.values()]))
    await tx
      .insertInto('outbox')
      .values(part)
      // Absorbed: rewritten as it is, which holds it until we are done. Claimed now, it would show the state before us.
      .onConflict((conflict) =>
        conflict.column('absorb').doUpdateSet(({ ref }) => ({ absorb: ref('excluded.absorb') })),
      )
      .execute()
  for (const part of parts([...rows.alerts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))))
    await tx
      .insertInto('alerts')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(({ ref, fn }) => ({
          incident: ref('excluded.incident'),
          state: ref('excluded.state'),
          // A resolution does not repeat these; they stay what they were.
          fingerprint: fn.coalesce('excluded.fingerprint', 'alerts.fingerprint'),
          began_at: fn.coalesce('excluded.began_at', 'alerts.began_at'),
          changed_at: ref('excluded.changed_at'),
        })),
      )
      .execute()
  for (const part of parts([...rows.groups].sort(([a], [b]) => (a < b ? -1 : 1))))
    await tx
      .insertInto('alert_groups')
      .values(part.map(([name, incident]) => ({ name, incident })))
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(({ ref }) => ({ incident: ref('excluded.incident') })),
      )
      .execute()
  for (const part of parts(rows.done)) await tx.deleteFrom('outbox').where('id', 'in', part).execute()
}
