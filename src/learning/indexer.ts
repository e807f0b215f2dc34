import type { Snapshot } from '../incident/evidence.ts'
import type { IndexEntry } from '../incident/index-entry.ts'
import type { Severity } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { entryOf, SHAPE } from './entry.ts'

/** Incidents indexed in one transaction; between two, other work gets its turn. */
const AT_ONCE = 20
/** What a person who searches waits for at the most; the rest follows in the background. */
const BEFORE_READING = 200
/** Events read of one incident. */
const LATEST_EVENTS = 5_000
const MOST_LOGS = 3
/** Messages of its channel, the latest. */
const LATEST_MESSAGES = 1_000
const EVERY_MS = 60_000

export type IndexerOptions = { store: Store; log: Log; severities: readonly Severity[]; readOnly?: boolean }

/**
 * Keeps the index up to date from the log: in the background, and before each query. Nothing is queued for it, so an
 * append costs nothing more, and incidents from before the index existed are found and indexed like any other.
 * @param readOnly for a process alongside the server: it leaves the index as the server maintains it.
 */
export const createIndexer = ({ store, log, severities, readOnly = false }: IndexerOptions) => {
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()

  const logsOf = async (hashes: readonly string[]): Promise<Snapshot[]> => {
    const found = await Promise.all(hashes.map((hash) => store.snapshot(hash)))
    return found.filter((snapshot) => snapshot !== undefined)
  }

  const entry = async (id: string): Promise<IndexEntry | undefined> => {
    const incident = await store.read(id)
    if (!incident) return undefined
    const hashes = incident.evidence
      .filter(({ kind }) => kind === 'logs')
      .slice(0, MOST_LOGS)
      .map(({ hash }) => hash)
    // Before the messages are read: one that comes in between is indexed next time.
    const touched = await store.messages.touched(id)
    const { messages } = await store.messages.of(id, { last: LATEST_MESSAGES })
    const [events, logs] = await Promise.all([store.events(id, { last: LATEST_EVENTS }), logsOf(hashes)])
    return entryOf(incident, events, logs, { messages, touched, severities })
  }

  /** @returns how many were out of date, of at most `limit`, and how many of those could be indexed. */
  const catchUp = async (limit = BEFORE_READING): Promise<{ stale: number; indexed: number }> => {
    const ids = readOnly ? [] : await store.index.stale(SHAPE, limit)
    let indexed = 0
    for (let i = 0; i < ids.length && !stopped; i += AT_ONCE) {
      const entries: IndexEntry[] = []
      for (const id of ids.slice(i, i + AT_ONCE)) entries.push(...[await entry(id)].filter((one) => one !== undefined))
      await store.index.put(entries, SHAPE)
      indexed += entries.length
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    return { stale: ids.length, indexed }
  }

  const everything = async (): Promise<void> => {
    try {
      // What cannot be read stays out of date for ever: without progress there is no next round.
      for (let more = true; more && !stopped; ) {
        const { stale, indexed } = await catchUp()
        more = stale === BEFORE_READING && indexed > 0
      }
    } catch (error) {
      if (!stopped) log.warn('the index of incidents could not be brought up to date', { error })
    }
  }
  let timer: NodeJS.Timeout | undefined

  return {
    entry,
    catchUp,
    everything,
    /** Begins to index in the background. */
    start: (): void => {
      running = everything()
      timer = setInterval(() => {
        running = running.then(everything)
      }, EVERY_MS).unref()
    },
    /** Resolves when nothing is being indexed any more. */
    stop: async (): Promise<void> => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

export type Indexer = ReturnType<typeof createIndexer>
