import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Status } from '../incident/status.ts'
import type { Connection } from './connection.ts'
import type { Database } from './schema.ts'

/** What may be deleted; all times epoch ms. Absent members keep their data. */
export type RetentionLimits = {
  /** Frozen evidence of incidents that ended and collected nothing since then. */
  evidenceBefore?: number | undefined
  /** The same for its log lines alone. */
  logLinesBefore?: number | undefined
  /** Messages of incidents that ended and had none since then. */
  messagesBefore?: number | undefined
  /** Messages of private incidents: all of them. */
  messagesOfPrivate?: boolean
  /** Changes, and alerts that have ended. */
  looseBefore: number
  /** Frozen evidence beyond this many bytes, the oldest first. That of open incidents stays. */
  evidenceBytes: number
}

/** When frozen evidence of an incident was last deleted, epoch ms, and for how long it had been kept; null: for lack of space. */
export type EvidenceRemoval = { at: number; keptDays: number | null }

/** How much went. */
export type Removed = { snapshots: number; changes: number; alerts: number; messages: number }

/** Rows per statement: while it runs, nobody else writes to SQLite. */
const SLICE = 200
/** One run ends even where others write as fast as it removes. */
const MOST_SLICES = 5_000
const ENDED: Status[] = ['resolved', 'closed', 'cancelled', 'merged']

const DAY_MS = 24 * 3_600_000

type Snapshots = SelectQueryBuilder<Database, 'snapshots', { hash: string; incident: string | null }>

type Memory = {
  recall(key: string): Promise<{ value: string; writtenAt: number } | undefined>
  remember(key: string, value: string): Promise<void>
}

/** Deletes what is older than the operator's retention. The log itself always stays. */
export const createRetention = ({ db }: Connection, { recall, remember }: Memory, now: () => number) => {
  /** Documents written later can say why a picture is missing. */
  const recordRemoval = async (rows: readonly { incident: string | null }[], before?: number): Promise<void> => {
    const keptDays = before === undefined ? null : Math.round((now() - before) / DAY_MS)
    for (const incident of new Set(rows.flatMap(({ incident }) => incident ?? [])))
      await remember(removalKey(incident), JSON.stringify({ keptDays }))
  }

  const ended = (before: number) => (eb: ExpressionBuilder<Database, 'snapshots'>) =>
    eb('incident', 'in', ({ selectFrom }) =>
      selectFrom('incidents')
        .select('id')
        .where('status', 'in', ENDED)
        // The time of its last collected evidence tells when it ended.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('snapshots as later')
                .select('later.hash')
                .whereRef('later.incident', '=', 'incidents.id')
                .where('later.created_at', '>=', before),
            ),
          ),
        ),
    )

  /** Slices, until there are no more rows; each is a statement of its own. */
  const inSlices = async (slice: () => Promise<number>): Promise<number> => {
    let removed = 0
    for (let i = 0; i < MOST_SLICES; i++) {
      const gone = await slice()
      removed += gone
      if (gone < SLICE) break
    }
    return removed
  }

  const removeSnapshots = (before: number, choose: (query: Snapshots) => Snapshots): Promise<number> =>
    inSlices(async () => {
      const rows = await choose(db.selectFrom('snapshots').select(['hash', 'incident']))
        .limit(SLICE)
        .execute()
      if (rows.length === 0) return 0
      await db
        .deleteFrom('snapshots')
        .where(
          'hash',
          'in',
          rows.map(({ hash }) => hash),
        )
        .execute()
      await recordRemoval(rows, before)
      return rows.length
    })

  const evidenceBytes = async (): Promise<number> => {
    const row = await db
      .selectFrom('snapshots')
      .select(sql<number | string | null>`sum(octet_length(body))`.as('bytes'))
      .executeTakeFirst()
    return Number(row?.bytes ?? 0)
  }

  /** The oldest evidence of finished incidents, until the rest fits. */
  const removeExcess = async (bytes: number, looseBefore: number): Promise<number> => {
    let excess = (await evidenceBytes()) - bytes
    if (excess <= 0) return 0
    return inSlices(async () => {
      if (excess <= 0) return 0
      const rows = await db
        .selectFrom('snapshots')
        .select(['hash', 'incident', sql<number | string>`octet_length(body)`.as('bytes')])
        .where((eb) =>
          eb.or([
            eb('incident', 'in', eb.selectFrom('incidents').select('id').where('status', 'in', ENDED)),
            // Frozen before it was written down whose it is.
            eb.and([eb('incident', 'is', null), eb('created_at', '<', looseBefore)]),
          ]),
        )
        .orderBy('created_at')
        .limit(SLICE)
        .execute()
      const gone: typeof rows = []
      for (const row of rows) {
        if (excess <= 0) break
        excess -= Number(row.bytes)
        gone.push(row)
      }
      if (gone.length === 0) return 0
      const hashes = gone.map(({ hash }) => hash)
      await db.deleteFrom('snapshots').where('hash', 'in', hashes).execute()
      await recordRemoval(gone)
      return gone.length
    })
  }

  /** All messages of one incident after the other. */
  const removeMessages = async ({ messagesBefore, messagesOfPrivate }: RetentionLimits): Promise<number> => {
    const of = db
      .selectFrom('messages')
      .innerJoin('incidents', 'incidents.id', 'messages.incident')
      .select('incidents.id')
      .groupBy('incidents.id')
    const chosen = [
      ...(messagesOfPrivate ? await of.where('incidents.private', '=', 1).execute() : []),
      ...(messagesBefore === undefined
        ? []
        : await of
            .where('incidents.status', 'in', ENDED)
            .having(({ eb, fn }) => eb(fn.max('messages.at'), '<', messagesBefore))
            .execute()),
    ]
    let removed = 0
    for (const { id } of chosen) {
      const [result] = await db.deleteFrom('messages').where('incident', '=', id).execute()
      removed += Number(result?.numDeletedRows ?? 0)
      // Their words leave the index, too.
      await db.updateTable('incident_index').set({ version: 0 }).where('id', '=', id).execute()
    }
    return removed
  }

  return {
    /** Bytes of frozen evidence. */
    evidenceBytes,

    /** The latest deletion of an incident's evidence; undefined when all of it is there. */
    evidenceRemoved: async (incident: string): Promise<EvidenceRemoval | undefined> => {
      const known = await recall(removalKey(incident))
      return known && { at: known.writtenAt, keptDays: (JSON.parse(known.value) as EvidenceRemoval).keptDays }
    },

    /** Deletes expired data, in small batches that block nobody for long. Running it twice is harmless. */
    forget: async (limits: RetentionLimits): Promise<Removed> => {
      const { evidenceBefore, logLinesBefore, looseBefore } = limits
      const old =
        evidenceBefore === undefined
          ? 0
          : await removeSnapshots(evidenceBefore, (all) => all.where(ended(evidenceBefore)))
      const lines =
        logLinesBefore === undefined
          ? 0
          : await removeSnapshots(logLinesBefore, (all) =>
              all.where(ended(logLinesBefore)).where('body', 'like', '{"kind":"logs"%'),
            )
      const beyond = await removeExcess(limits.evidenceBytes, looseBefore)
      const changes = await inSlices(async () => {
        const keys = db.selectFrom('changes').select('key').where('at', '<', looseBefore).limit(SLICE)
        const [result] = await db.deleteFrom('changes').where('key', 'in', keys).execute()
        return Number(result?.numDeletedRows ?? 0)
      })
      const alerts = await inSlices(async () => {
        const keys = db
          .selectFrom('alerts')
          .select('key')
          .where('state', '=', 'resolved')
          .where('changed_at', '<', looseBefore)
          .where('incident', 'in', (eb) => eb.selectFrom('incidents').select('id').where('status', 'in', ENDED))
          .limit(SLICE)
        const [result] = await db.deleteFrom('alerts').where('key', 'in', keys).execute()
        return Number(result?.numDeletedRows ?? 0)
      })
      const messages = await removeMessages(limits)
      await db.deleteFrom('early_ends').where('heard_at', '<', looseBefore).execute()
      return { snapshots: old + lines + beyond, changes, alerts, messages }
    },
  }
}

const removalKey = (incident: string) => `evidence removed: ${incident}`
