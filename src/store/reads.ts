import { sql } from 'kysely'
import type { RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import { readEvents, readIncidents } from './incidents.ts'
import { parts } from './rows.ts'

export type ListOptions = {
  statuses?: string[]
  severity?: string | undefined
  service?: string | undefined
  /** Declared in this time, epoch ms. */
  since?: number | undefined
  until?: number | undefined
  /** Only incidents with a lower number, to continue after the last one of an earlier list. */
  before?: number | undefined
  visibleTo?: string | undefined
  /** Those that were imported are in the list, too. */
  imported?: boolean
  /** Private incidents are left out for every viewer. */
  publicOnly?: boolean
  search?: string
  /** Only those with open action items. */
  withOpenActions?: boolean
  limit?: number
}

/** Incidents, their logs and their alerts, as they stand on disk. */
export const createReads = ({ db }: Connection, damage: Damage) => {
  const first = async (rows: Promise<{ id: string; state: string }[]>): Promise<Incident | undefined> =>
    (await readIncidents(db, await rows, damage))[0]

  return {
    read: async (id: string): Promise<Incident | undefined> =>
      first(db.selectFrom('incidents').select(['id', 'state']).where('id', '=', storable(id)).execute()),

    byChannel: async (channel: string): Promise<Incident | undefined> =>
      first(db.selectFrom('incidents').select(['id', 'state']).where('channel', '=', storable(channel)).execute()),

    /**
     * Newest first. The filters apply before the limit does.
     * @param visibleTo a Slack user id: private incidents of others are left out.
     * @param search part of an id or a title, in any case.
     */
    list: async ({ statuses, visibleTo, search, limit = 50, ...more }: ListOptions = {}): Promise<Incident[]> => {
      let query = db.selectFrom('incidents').select(['id', 'state']).orderBy('number', 'desc').limit(limit)
      if (statuses) query = query.where('status', 'in', statuses)
      if (more.severity !== undefined) query = query.where('severity', '=', more.severity)
      if (more.service !== undefined) query = query.where('service', '=', storable(more.service))
      if (more.since !== undefined) query = query.where('declared_at', '>=', more.since)
      if (more.until !== undefined) query = query.where('declared_at', '<=', more.until)
      if (more.before !== undefined) query = query.where('number', '<', more.before)
      if (!more.imported) query = query.where('opened_by', '<>', sql.lit('import' as const))
      if (more.withOpenActions) query = query.where('open_actions', '>', 0)
      if (more.publicOnly) query = query.where('private', '=', 0)
      // The state is searched as text, which yields some false positives; they are filtered out below.
      if (visibleTo !== undefined)
        query = query.where(({ or, eb }) => or([eb('private', '=', 0), eb('state', 'like', containing(visibleTo))]))
      if (search !== undefined)
        query = query.where(
          ({ fn, cast }) =>
            sql<boolean>`${fn('lower', [cast<string>('state', 'text')])} like ${containing(search.toLowerCase())} escape '!'`,
        )
      const incidents = await readIncidents(db, await query.execute(), damage)
      return incidents.filter(
        (incident) =>
          (visibleTo === undefined || isVisible(incident, visibleTo)) &&
          (search === undefined || matches(incident, search)),
      )
    },

    /** Incidents that are over and whose channels have rested since before then (epoch ms), the longest first. */
    resting: async ({ before, limit }: { before: number; limit: number }): Promise<Incident[]> =>
      readIncidents(
        db,
        await db
          .selectFrom('incidents')
          .select(['id', 'state'])
          .where('rests_since', '<=', before)
          .orderBy('rests_since')
          .limit(limit)
          .execute(),
        damage,
      ),

    /** The log, oldest first, optionally limited to the last `last` events, those before a number, or some types. */
    events: async (
      id: string,
      { last, before, types }: { last?: number; before?: number; types?: readonly string[] } = {},
    ): Promise<RecordedEvent[]> => {
      let query = db.selectFrom('events').select(['seq', 'recorded_at', 'data']).where('incident', '=', id)
      if (before !== undefined) query = query.where('seq', '<', before)
      if (types) query = query.where('type', 'in', types)
      query = last === undefined ? query.orderBy('seq') : query.orderBy('seq', 'desc').limit(last)
      const rows = await query.execute()
      if (last !== undefined) rows.reverse()
      return readEvents(id, rows, damage)
    },

    event: async (id: string, seq: number): Promise<RecordedEvent | undefined> => {
      const rows = await db
        .selectFrom('events')
        .select(['seq', 'recorded_at', 'data'])
        .where('incident', '=', id)
        .where('seq', '=', seq)
        .execute()
      return readEvents(id, rows, damage)[0]
    },

    /** Which of these `once` keys are in the log already. */
    recorded: async (keys: readonly string[]): Promise<Set<string>> => {
      const found = new Set<string>()
      for (const part of parts([...keys])) {
        const rows = await db.selectFrom('events').select('once').where('once', 'in', part.map(storable)).execute()
        for (const { once } of rows) if (once !== null) found.add(once)
      }
      return found
    },

    /** The keys of the alerts on an incident that have one of these states. */
    alertKeys: async (id: string, state?: string): Promise<string[]> => {
      let query = db.selectFrom('alerts').select('key').where('incident', '=', id)
      if (state) query = query.where('state', '=', state)
      return (await query.execute()).map(({ key }) => key)
    },

    /** The keys of the alerts that fire under a fingerprint. */
    firing: async (fingerprint: string): Promise<string[]> => {
      const rows = await db
        .selectFrom('alerts')
        .select('key')
        .where('fingerprint', '=', storable(fingerprint))
        .where('state', '=', 'firing')
        .execute()
      return rows.map(({ key }) => key)
    },
  }
}

/** A pattern for `like`; `!` escapes what would be a wildcard. */
const containing = (text: string): string => `%${storable(text).replace(/[!%_]/g, '!$&')}%`

const isVisible = ({ private: hidden, people }: Incident, person: string): boolean => !hidden || people.includes(person)

const matches = ({ id, title }: Incident, search: string): boolean =>
  [id, title].some((text) => text.toLowerCase().includes(search.toLowerCase()))
