import { writeFile } from 'node:fs/promises'
import type { Config } from '../config/config.ts'
import { csvOf } from '../learning/csv.ts'
import { createIndexer } from '../learning/indexer.ts'
import { createLog } from '../platform/log.ts'
import { openStoreToRead } from '../store/store.ts'

/**
 * `muster insights --csv [--since DAY] [--out FILE]`: one row per incident that everybody may see; drills and cancelled
 * ones are there, too, with a column that says so.
 * @returns how many incidents.
 */
export const exportInsights = async (
  { env, file }: Config,
  { since, out, write }: { since?: number | undefined; out?: string | undefined; write(text: string): void },
): Promise<number> => {
  const store = await openStoreToRead(env.DATABASE_URL, Date.now)
  try {
    await createIndexer({ store, log: createLog('silent'), severities: file.severities }).everything()
    const facts = await store.index.facts({ from: since ?? 0, to: Date.now() })
    const csv = csvOf(facts)
    if (out === undefined) write(csv)
    else await writeFile(out, csv)
    return facts.length
  } finally {
    await store.close()
  }
}
