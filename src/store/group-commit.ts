import { setImmediate as nextTurn } from 'node:timers/promises'
import { Permanent, VersionConflict } from '../incident/errors.ts'
import { commitAll } from './commit.ts'
import { blamesOneWrite, type Connection, isChannelTaken, lostToAnother, withReason } from './connection.ts'
import type { Damage } from './damage.ts'
import type { DirectWrite, Outcome, RoutedWrite, Write } from './write.ts'

/** How many writes share one transaction at the most. */
const WRITES_AT_ONCE = 200
/** How often a write is tried again after another process was faster. */
const CONFLICTS = 20

/** How long after a failed transaction the store counts as failing though a rehearsal succeeds, ms. */
const TROUBLE_FOR_MS = 5_000

export type GroupCommitOptions = {
  connection: Connection
  damage: Damage
  /** What events are stamped with, epoch ms. */
  now: () => number
  /** What effects are due by, epoch ms. */
  scheduleNow: () => number
}

type Waiting = { write: Write; resolve(outcome: Outcome): void; reject(reason: unknown): void }

/** Ends a rehearsal: nothing of it stays. */
class TakenBack extends Error {}

/** A new incident with its effects, as an alert opens one. */
const rehearsal = (at: number): Write => ({
  to: 'new',
  decide: () => [
    {
      type: 'declared',
      by: 'muster',
      at,
      title: 'Rehearsal',
      severity: 'sev1',
      status: 'investigating',
      private: true,
      drill: true,
    },
  ],
})

/** Writes that arrive within one turn of the event loop share one transaction and one trip to the disk. */
export const createGroupCommit = ({ connection, damage, now, scheduleNow }: GroupCommitOptions) => {
  const { db } = connection
  let waiting: Waiting[] = []
  let flushing: Promise<void> | undefined
  /** Why the latest transaction failed as a whole, and when (monotonic ms). */
  let trouble: { error: unknown; at: number } | undefined

  const transact = (writes: Write[]) =>
    db.transaction().execute((tx) => commitAll(connection, tx, writes, { now: now(), due: scheduleNow() }, damage))

  /** Does all that a new incident does, and takes it back. @throws what a webhook's write would fail with. */
  const rehearse = async (): Promise<void> => {
    try {
      await db.transaction().execute(async (tx) => {
        const times = { now: now(), due: scheduleNow() }
        const [result] = await commitAll(connection, tx, [rehearsal(times.now)], times, damage)
        throw result?.status === 'rejected' ? result.reason : new TakenBack()
      })
    } catch (error) {
      // Beaten by another process, which therefore can write.
      if (!(error instanceof TakenBack || lostToAnother(error))) throw withReason(error)
    }
  }

  /** One write on its own: after losing to another process it decides again on the newer state. */
  const alone = async (write: Write): Promise<PromiseSettledResult<Outcome>> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await transact([write]))[0] as PromiseSettledResult<Outcome>
      } catch (error) {
        if (isChannelTaken(error))
          return {
            status: 'rejected',
            reason: new Permanent('Its channel belongs to another incident already.', { cause: error }),
          }
        if (!lostToAnother(error)) return { status: 'rejected', reason: withReason(error) }
        if (attempt === CONFLICTS)
          return { status: 'rejected', reason: new VersionConflict('Others kept changing it.', { cause: error }) }
      }
    }
  }

  const together = async (batch: Waiting[]): Promise<PromiseSettledResult<Outcome>[]> => {
    try {
      const results = await transact(batch.map(({ write }) => write))
      trouble = undefined
      return results
    } catch (reason) {
      // Another process took a number or a version first, or a value cannot be stored; whichever write it was, the
      // others must not suffer for it.
      if (!blamesOneWrite(reason)) {
        const error = withReason(reason)
        trouble = { error, at: performance.now() }
        return batch.map(() => ({ status: 'rejected', reason: error }))
      }
      const results: PromiseSettledResult<Outcome>[] = []
      for (const { write } of batch) results.push(await alone(write))
      return results
    }
  }

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = batch.splice(WRITES_AT_ONCE)
      const results = await together(batch)
      results.forEach((result, i) => {
        const { resolve, reject } = batch[i] as Waiting
        if (result.status === 'fulfilled') resolve(result.value)
        else reject(result.reason)
      })
      // With SQLite a transaction is one turn of the event loop; others get theirs between two of them.
      if (waiting.length > 0) await nextTurn()
    }
    // In the same tick as the check of `waiting`, or a write could slip in between and never be flushed.
    flushing = undefined
  }

  return {
    /** Queues one write. Resolves when its transaction is on disk. */
    write: <Result = undefined>(write: DirectWrite | RoutedWrite<Result>): Promise<Outcome<Result>> =>
      new Promise((resolve, reject) => {
        // A batch mixes writes of all results; each gets back its own.
        waiting.push({ write, resolve: resolve as Waiting['resolve'], reject })
        flushing ??= new Promise<void>((ready) => setImmediate(ready)).then(flush)
      }),

    /**
     * Throws what the latest transaction failed with, until another one succeeds, or a rehearsal shows that it would.
     */
    assertWorking: async (): Promise<void> => {
      const known = trouble
      if (!known) return
      if (performance.now() - known.at < TROUBLE_FOR_MS) throw known.error
      await rehearse()
      if (trouble === known) trouble = undefined
    },

    /** Resolves when nothing is being written. */
    idle: async (): Promise<void> => flushing,
  }
}
