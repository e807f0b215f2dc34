import type { Insertable, Transaction } from 'kysely'
import type { Candidate } from '../incident/correlate.ts'
import { absorbs, delayMsOf, laneOf } from '../incident/effect.ts'
import { effectsOf } from '../incident/effects-of.ts'
import { VersionConflict } from '../incident/errors.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import { evolve } from '../incident/evolve.ts'
import { type Incident, initial } from '../incident/incident.ts'
import { isActive } from '../incident/status.ts'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'
import type { Known, Outcome, Write } from './write.ts'

/** A row limit below what both databases take in one statement. */
const ROWS_AT_ONCE = 500

/**
 * Carries out writes in one transaction: what happened, the incident as it now stands, what must happen next. Writes
 * that refuse fail alone. The state is read inside the transaction, so a decision always sees the newest; (incident, seq)
 * being unique is what holds against another process.
 */
export const commitAll = async (
  { lock, forUpdate }: Connection,
  tx: Transaction<Database>,
  writes: readonly Write[],
  times: Times,
): Promise<PromiseSettledResult<Outcome>[]> => {
  if (writes.some(({ to }) => typeof to === 'function')) await lock(tx, 'muster:intake')
  const states = new Map<string, Incident>()
  const load = async (ids: string[]) => {
    const missing = [...new Set(ids)].filter((id) => !states.has(id)).sort()
    if (missing.length === 0) return
    const rows = await forUpdate(
      tx.selectFrom('incidents').select('state').where('id', 'in', missing).orderBy('id'),
    ).execute()
    for (const { state } of rows) remember(JSON.parse(state) as Incident)
  }
  const remember = (incident: Incident) => states.set(incident.id, incident)

  const repeated = await ownersOfOnce(tx, writes)
  const known = await whatIsKnown(tx, writes, remember)
  await load([
    ...writes.flatMap(({ to }) => (typeof to === 'string' && to !== 'new' ? [to] : [])),
    ...repeated.values(),
  ])
  await load([...known.owners.values()].map(({ incident }) => incident))
  let latest = writes.some(({ to }) => to === 'new' || typeof to === 'function') ? await latestNumber(tx) : 0

  const rows = newRows()
  const results = writes.map((write): PromiseSettledResult<Outcome> => {
    try {
      const owner = write.once === undefined ? undefined : repeated.get(write.once)
      if (owner !== undefined) {
        if (write.done) rows.done.push(write.done)
        return fulfilled({ incident: states.get(owner), events: [], repeated: true })
      }
      const to = typeof write.to === 'function' ? write.to(viewOf(known, states)) : write.to
      if (to === undefined) return fulfilled({ incident: undefined, events: [], repeated: false })
      const before = to === 'new' ? initial(`INC-${latest + 1}`) : states.get(to)
      if (!before) throw new Error(`There is no incident ${to}.`)
      if (write.expect !== undefined && write.expect !== before.version)
        throw new VersionConflict(`${to} is at version ${before.version}, not ${write.expect}.`)
      const events = write.decide(before)
      if (write.done) rows.done.push(write.done)
      if (events.length === 0)
        return fulfilled({ incident: to === 'new' ? undefined : before, events: [], repeated: false })
      const after = add(rows, before, events, write.once, times)
      if (to === 'new') latest += 1
      remember(after.incident)
      if (write.once !== undefined) repeated.set(write.once, after.incident.id)
      for (const { key, state, group } of alertsOf(events)) {
        known.owners.set(key, { incident: after.incident.id, state })
        if (group) known.groups.set(after.incident.id, [...(known.groups.get(after.incident.id) ?? []), group])
      }
      return fulfilled({ ...after, repeated: false })
    } catch (reason) {
      return { status: 'rejected', reason }
    }
  })
  await writeRows(tx, rows, states)
  return results
}

const fulfilled = (value: Outcome): PromiseFulfilledResult<Outcome> => ({ status: 'fulfilled', value })

/** Epoch ms: what is written into the log, and what effects are due by. They differ only in the sandbox. */
export type Times = { now: number; due: number }

type Rows = {
  touched: Set<string>
  events: Insertable<Database['events']>[]
  outbox: Insertable<Database['outbox']>[]
  alerts: Map<string, Insertable<Database['alerts']>>
  done: string[]
}
const newRows = (): Rows => ({ touched: new Set(), events: [], outbox: [], alerts: new Map(), done: [] })

/** Folds the events into the state and lines up every row they mean. */
const add = (
  rows: Rows,
  before: Incident,
  events: readonly IncidentEvent[],
  once: string | undefined,
  { now, due }: Times,
) => {
  let incident = before
  const recorded: RecordedEvent[] = []
  events.forEach((event, i) => {
    incident = evolve(incident, event)
    const seq = incident.version
    rows.events.push({
      incident: incident.id,
      seq,
      type: event.type,
      at: event.at,
      recorded_at: now,
      once: i === 0 ? (once ?? null) : null,
      data: JSON.stringify(event),
    })
    recorded.push({ ...event, seq, recordedAt: now })
    effectsOf(event, incident).forEach((effect, position) => {
      rows.outbox.push({
        id: `${incident.id}/${seq}/${position}`,
        incident: incident.id,
        seq,
        position,
        lane: laneOf(effect),
        effect: JSON.stringify(effect),
        absorb: absorbs(effect) ? `${incident.id}/${effect.type}` : null,
        state: 'queued',
        due_at: due + delayMsOf(effect),
        attempts: 0,
        created_at: now,
      })
    })
  })
  for (const { key, state, group } of alertsOf(events))
    rows.alerts.set(key, { key, incident: incident.id, state, alert_group: group ?? null, joined_at: now })
  rows.touched.add(incident.id)
  return { incident, events: recorded }
}

/** What the events say about which alert belongs where. */
const alertsOf = (events: readonly IncidentEvent[]) =>
  events.flatMap((event) => {
    if (event.type === 'alert_joined' || (event.type === 'declared' && event.alert)) {
      const { key, state, group } = event.alert!
      return [{ key, state: state as string, group }]
    }
    return event.type === 'alert_resolved' ? [{ key: event.alertKey, state: 'resolved', group: undefined }] : []
  })

const writeRows = async (tx: Transaction<Database>, rows: Rows, states: Map<string, Incident>): Promise<void> => {
  const incidents = [...rows.touched].map((id) => incidentRow(states.get(id)!))
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
  for (const part of parts(rows.outbox))
    await tx
      .insertInto('outbox')
      .values(part)
      .onConflict((conflict) => conflict.column('absorb').doNothing())
      .execute()
  for (const part of parts([...rows.alerts.values()]))
    await tx
      .insertInto('alerts')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet(({ ref }) => ({ incident: ref('excluded.incident'), state: ref('excluded.state') })),
      )
      .execute()
  for (const part of parts(rows.done)) await tx.deleteFrom('outbox').where('id', 'in', part).execute()
}

const incidentRow = (incident: Incident): Insertable<Database['incidents']> => ({
  id: incident.id,
  number: Number(incident.id.slice('INC-'.length)),
  version: incident.version,
  status: incident.status,
  severity: incident.severity,
  service: incident.service ?? null,
  channel: incident.channel?.id ?? null,
  declared_at: incident.declaredAt,
  state: JSON.stringify(incident),
})

const parts = <Row>(rows: Row[]): Row[][] => {
  const cut: Row[][] = []
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) cut.push(rows.slice(i, i + ROWS_AT_ONCE))
  return cut
}

/** Which of the writes' `once` keys are in the log already, and whose they are. */
const ownersOfOnce = async (tx: Transaction<Database>, writes: readonly Write[]): Promise<Map<string, string>> => {
  const keys = writes.flatMap(({ once }) => (once === undefined ? [] : [once]))
  if (keys.length === 0) return new Map()
  const rows = await tx.selectFrom('events').select(['once', 'incident']).where('once', 'in', keys).execute()
  return new Map(rows.map(({ once, incident }) => [once as string, incident]))
}

const latestNumber = async (tx: Transaction<Database>): Promise<number> => {
  const row = await tx
    .selectFrom('incidents')
    .select(({ fn }) => fn.max('number').as('latest'))
    .executeTakeFirst()
  return Number(row?.latest ?? 0)
}

type Facts = { owners: Map<string, { incident: string; state: string }>; groups: Map<string, string[]> }

/** What routing alerts needs: who owns which alert, and every open incident with its alerts' groups. */
const whatIsKnown = async (
  tx: Transaction<Database>,
  writes: readonly Write[],
  remember: (incident: Incident) => void,
): Promise<Facts> => {
  const facts: Facts = { owners: new Map(), groups: new Map() }
  const keys = writes.flatMap(({ alertKeys = [] }) => alertKeys)
  if (keys.length > 0) {
    const rows = await tx.selectFrom('alerts').select(['key', 'incident', 'state']).where('key', 'in', keys).execute()
    for (const { key, incident, state } of rows) facts.owners.set(key, { incident, state })
  }
  if (!writes.some(({ to }) => typeof to === 'function')) return facts
  const open = await tx.selectFrom('incidents').select(['id', 'state']).where('status', 'in', OPEN).execute()
  for (const { state } of open) remember(JSON.parse(state) as Incident)
  if (open.length === 0) return facts
  const groups = await tx
    .selectFrom('alerts')
    .select(['incident', 'alert_group'])
    .distinct()
    .where(
      'incident',
      'in',
      open.map(({ id }) => id),
    )
    .where('alert_group', 'is not', null)
    .execute()
  for (const { incident, alert_group } of groups)
    facts.groups.set(incident, [...(facts.groups.get(incident) ?? []), alert_group as string])
  return facts
}

const OPEN = ['triage', 'investigating', 'identified', 'mitigated']

const viewOf = (facts: Facts, states: Map<string, Incident>): Known => ({
  owner: (key) => facts.owners.get(key),
  incident: (id) => states.get(id),
  open: () =>
    [...states.values()]
      .filter(({ status }) => isActive(status))
      .map((incident): Candidate => ({ incident, groups: facts.groups.get(incident.id) ?? [] })),
})
