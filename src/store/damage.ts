import { messageOf } from '../incident/errors.ts'

/** A row that cannot be read. */
export type DamagedRow = { table: string; key: string; reason: string }

/** At most this many are kept; further ones are counted. */
const MOST_REMEMBERED = 100

/**
 * Rows that cannot be read: each is set aside, reported once, and stops nothing else. A database that a disk or a hand
 * has damaged is still the only record there is.
 */
export const createDamage = (listener: (row: DamagedRow) => void = () => {}) => {
  const seen = new Map<string, DamagedRow>()
  const report = (table: string, key: string, error: unknown): void => {
    const name = `${table}/${key}`
    if (seen.has(name) || seen.size >= MOST_REMEMBERED) return
    const row = { table, key, reason: messageOf(error) }
    seen.set(name, row)
    listener(row)
  }

  return {
    /** Reports a row; a second report of the same one is silent. */
    report,
    /** A row's parsed content, or undefined, with a report, when it cannot be read. */
    guard: <Value>(table: string, key: string, read: () => Value): Value | undefined => {
      try {
        return read()
      } catch (error) {
        report(table, key, error)
        return undefined
      }
    },
    /** What was found since the start. */
    rows: (): DamagedRow[] => [...seen.values()],
  }
}

export type Damage = ReturnType<typeof createDamage>
