import type { Insertable } from 'kysely'
import { laneOf } from '../incident/effect.ts'
import { absorbs, delayMsOf, importanceOf } from '../incident/effect-schedule.ts'
import { effectsOf } from '../incident/effects-of.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import { evolve } from '../incident/evolve.ts'
import type { Incident } from '../incident/incident.ts'
import { storable } from './connection.ts'
import type { Facts } from './known.ts'
import type { Database } from './schema.ts'
import { newSighting } from './sightings.ts'

/** Epoch ms: the timestamps of the log, and the clock that effects are due by. They differ only in the sandbox. */
export type Times = { now: number; due: number }

type OutboxRow = Insertable<Database['outbox']>
/** What a batch of writes will insert, collected while they are decided. */
export type Rows = {
  touched: Set<string>
  events: Insertable<Database['events']>[]
  /** By what they absorb with, or by id: a batch brings one of each kind at the most. */
  outbox: Map<string, OutboxRow>
  alerts: Map<string, Insertable<Database['alerts']>>
  groups: Map<string, string>
  earlyEnds: Map<string, number>
  done: string[]
}
export const newRows = (): Rows => ({
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

/** Folds the events into the state and lines up the rows and effects that follow. */
export const fold = (
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
        scheduled_at: due,
        importance: importanceOf(effect),
        attempts: 0,
        created_at: now,
      })
    })
  })
  return added
}

/** Takes over what one write brought, so that the next write of the batch sees it. */
export const add = (rows: Rows, facts: Facts, { incident, recorded, events, outbox }: Added, now: number): void => {
  rows.touched.add(incident.id)
  rows.events.push(...events)
  for (const row of outbox) {
    const key = row.absorb ?? row.id
    if (!rows.outbox.has(key)) rows.outbox.set(key, row)
  }
  for (const event of recorded)
    if (event.type === 'declared' && incident.origin === 'alert')
      facts.openings.push({ at: event.at, held: incident.status === 'triage' })
  for (const alert of alertsOf(recorded)) {
    const { key, state, group } = alert
    // A resolution repeats neither; in one batch with its beginning it must not take them away.
    const before = rows.alerts.get(key)
    const fingerprint = alert.fingerprint ?? before?.fingerprint ?? null
    const began_at = alert.beganAt ?? before?.began_at ?? null
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

/** The associations in the events: which alert, and which of the source's groups, belongs to which incident. */
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
