import { setImmediate as nextTurn } from 'node:timers/promises'

/** Entries started in one turn of the event loop: a body of 5,000 alerts must not hold up everybody else's requests. */
const SLICE = 50

/** Starts `ingest` for every entry, a slice at a time. Resolves when all are written; rejects with the first failure. */
export const ingestInSlices = async <Entry>(
  entries: readonly Entry[],
  ingest: (entry: Entry) => Promise<unknown>,
): Promise<void> => {
  const writes: Promise<unknown>[] = []
  for (const [i, entry] of entries.entries()) {
    if (i > 0 && i % SLICE === 0) await nextTurn()
    const write = ingest(entry)
    // An early failure waits for `Promise.all` below without counting as unhandled.
    write.catch(() => {})
    writes.push(write)
  }
  await Promise.all(writes)
}
