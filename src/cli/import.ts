import { readFile } from 'node:fs/promises'
import type { Config } from '../config/config.ts'
import { messageOf, Refusal } from '../incident/errors.ts'
import { isPerson } from '../incident/phrase.ts'
import { maskSecrets } from '../incident/secrets.ts'
import type { ImportFormat } from '../learning/import/mappings.ts'
import { type Plan, planImport } from '../learning/import/plan.ts'
import { readRecords } from '../learning/import/read.ts'
import { COLUMNS } from '../learning/import/row.ts'
import { openStoreToRead, type Store } from '../store/store.ts'

export type ImportOptions = {
  file: string
  format: ImportFormat
  /** What the source is called, for csv and json. */
  from?: string | undefined
  /** For rows whose severity is missing or unknown. */
  severity?: string | undefined
  /** Without it, only what would be imported is printed. */
  write: boolean
  say(line: string): void
  /** Epoch ms. */
  now(): number
}

/** Incidents written in one transaction. */
const AT_ONCE = 100
const PROGRESS_EVERY = 1_000
const MOST_PROBLEMS = 50
const MOST_NAMED = 10

/**
 * `muster import FILE --as FORMAT [--write]`: incidents that were kept elsewhere, each once, however often the file is
 * imported. Rows that cannot be imported are named, and the others are.
 * @returns whether every row was fine.
 * @throws Refusal when the whole file cannot be read; one sentence when the database fails half-way.
 */
export const importIncidents = async ({ env, file: settings, catalogue }: Config, options: ImportOptions) => {
  const { file, format, severity, say, now } = options
  const from = options.from ?? (format === 'csv' || format === 'json' ? 'import' : format)
  if (isPerson(from) || from === 'muster') throw new Refusal(`--from ${from}: choose the name of the other system.`)
  const { severities } = settings
  if (severity !== undefined && !severities.some(({ id }) => id === severity))
    throw new Refusal(`--severity: expected one of ${severities.map(({ id }) => id).join(', ')}, found "${severity}".`)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Refusal(`${file} cannot be read: ${messageOf(error)}.`)
  })
  const records = readRecords(text, format)
  const plan = planImport(records, {
    format,
    from,
    catalogue,
    severities,
    severity,
    now: now(),
    mask: maskSecrets,
    priorities: settings.pagerduty.priorities,
    zone: settings.timezone,
  })
  for (const { place, reason } of plan.problems.slice(0, MOST_PROBLEMS)) say(`${place}: ${reason}`)
  if (plan.problems.length > MOST_PROBLEMS) say(`... and ${plan.problems.length - MOST_PROBLEMS} more`)
  const unused = format === 'csv' ? records.columns.filter((name) => !COLUMNS.includes(name)) : []
  if (unused.length > 0) say(`Columns that are not used: ${listed(unused)}.`)
  if (plan.unknownServices.length > 0)
    say(`Services that the catalogue does not list, imported by these names: ${listed(plan.unknownServices)}.`)

  const store = await openStoreToRead(env.DATABASE_URL, now)
  try {
    const known = await store.recorded(plan.planned.map(({ once }) => once))
    const wanted = plan.planned.filter(({ once }) => !known.has(once))
    if (options.write) await writeAll(store, wanted, say)
    else if (wanted.length > 0) say(`Severities: ${counted(wanted.map((one) => one.severity))}; ${span(wanted)}.`)
    say(summary({ plan, fresh: wanted.length, write: options.write }))
  } finally {
    await store.close()
  }
  return plan.problems.length === 0
}

const writeAll = async (store: Store, wanted: Plan['planned'], say: (line: string) => void): Promise<void> => {
  let written = 0
  for (let i = 0; i < wanted.length; i += AT_ONCE) {
    // Writes of one moment share a transaction; the server gets its turn in between.
    const part = wanted.slice(i, i + AT_ONCE)
    const results = await Promise.allSettled(
      part.map(({ once, events }) => store.write({ to: 'new', decide: () => events, once })),
    )
    const failure = results.find((result) => result.status === 'rejected')
    written += results.filter((result) => result.status === 'fulfilled').length
    if (failure)
      throw new Error(
        `${messageOf(failure.reason)} ${written} incidents were imported before that; run the same command again to continue.`,
        { cause: failure.reason },
      )
    if (Math.floor(written / PROGRESS_EVERY) > Math.floor(i / PROGRESS_EVERY) && written < wanted.length)
      say(`${written} of ${wanted.length} ...`)
  }
}

const summary = ({ plan, fresh, write }: { plan: Plan; fresh: number; write: boolean }): string => {
  const before = plan.planned.length - fresh
  return [
    `${write ? 'Imported' : 'Would import'} ${incidents(fresh)}.`,
    ...(before > 0 ? [`${incidents(before)} ${before === 1 ? 'was' : 'were'} imported before.`] : []),
    ...(plan.problems.length > 0
      ? [`${plan.problems.length} ${plan.problems.length === 1 ? 'row was' : 'rows were'} left out, as said above.`]
      : []),
    ...(write
      ? fresh > 0
        ? ['`muster serve` indexes them within minutes.']
        : []
      : fresh > 0
        ? ['Nothing was written; --write imports them.']
        : []),
  ].join(' ')
}

const incidents = (count: number): string => `${count} ${count === 1 ? 'incident' : 'incidents'}`

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`

const counted = (values: readonly string[]): string =>
  [...Map.groupBy(values, (value) => value)]
    .map(([value, group]) => `${value} ${group.length}`)
    .sort()
    .join(', ')

/** `2024-01-03 to 2026-10-01`. */
const span = (planned: Plan['planned']): string => {
  const day = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString().slice(0, 10))
  return `${day(planned[0]?.declaredAt)} to ${day(planned.at(-1)?.declaredAt)}`
}
