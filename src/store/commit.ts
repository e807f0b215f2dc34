import type { Transaction } from 'kysely'
import { initial } from '../incident/incident.ts'
import { type Connection, storable } from './connection.ts'
import type { Damage } from './damage.ts'
import { type Facts, findOut, viewOf } from './known.ts'
import { add, fold, newRows, type Rows, type Times } from './pending-rows.ts'
import { checkedEvent } from './rows.ts'
import type { Database } from './schema.ts'
import { keepEarlyEnds } from './sightings.ts'
import { isRouted, type Outcome, type Write } from './write.ts'
import { writeRows } from './write-rows.ts'

/**
 * Executes writes in one transaction: what happened, the incident's new state, what must happen next. Writes that are
 * refused fail alone. The state is read inside the transaction, so a decision always sees the latest; the unique
 * (incident, seq) guards against another process.
 */
export const commitAll = async (
  connection: Connection,
  tx: Transaction<Database>,
  writes: readonly Write[],
  times: Times,
  damage: Damage,
): Promise<PromiseSettledResult<Outcome>[]> => {
  const facts = await findOut(connection, tx, writes, { now: times.now, damage })
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
