import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '../store/store.ts'
import { type CaseFile, inputOf, readCase } from '../suspects/case-file.ts'
import { rankSuspects } from '../suspects/rank.ts'
import type { Ranking, Suspect } from '../suspects/result.ts'
import { type Clock, sentencesOf, signalText } from '../suspects/sentence.ts'

/** Output of the command. */
export type RankFilesOptions = {
  /** One line of JSON per file instead of tables. */
  json: boolean
  write: (line: string) => void
  writeError: (line: string) => void
}

/**
 * `muster suspects rank FILE...`: ranks incidents saved as files. A file that cannot be read or parsed costs one
 * sentence and exit code 1; the others are ranked all the same.
 */
export const rankFiles = async (
  files: readonly string[],
  { json, write, writeError }: RankFilesOptions,
): Promise<0 | 1> => {
  let exitCode: 0 | 1 = 0
  for (const file of files) {
    const read = await readFile(file, 'utf8').then(readCase, (error: Error) => `cannot be read: ${error.message}`)
    if (typeof read === 'string') {
      writeError(`${file}: ${read}`)
      exitCode = 1
      continue
    }
    const ranking = rankSuspects(inputOf(read))
    write(json ? JSON.stringify(jsonOf(read, ranking)) : table(read, ranking))
  }
  return exitCode
}

const jsonOf = ({ id }: CaseFile, { suspects, label, unread, read }: Ranking) => ({ id, suspects, label, unread, read })

/** Rows shown in the table; further ones are rarely of interest. */
const ROWS = 5

const table = (file: CaseFile, ranking: Ranking): string => {
  const clock = beside(file)
  const rows = ranking.suspects.slice(0, ROWS).map((suspect, index) => row(suspect, index, clock))
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))
  const widths = [0, 1, 2, 3].map(width)
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [file.id, sentencesOf(ranking, clock), ...lines.map((line) => `  ${line}`), ''].join('\n')
}

const row = ({ service, score, label, signals, explainedBy }: Suspect, index: number, clock: Clock): string[] => [
  `${index + 1}. ${service}`,
  score.toFixed(2),
  label,
  explainedBy ? `<- ${explainedBy.service}` : '',
  signals.map((signal) => signalText(signal, service, clock)).join('; '),
]

/** Case files carry no time of day; their instants are given relative to the alert. */
const beside =
  ({ onsetIndex, stepSeconds }: CaseFile): Clock =>
  (at) => {
    const minutes = Math.round((at / 1000 - onsetIndex * stepSeconds) / 60)
    if (minutes === 0) return 'the alert'
    return `${Math.abs(minutes)} min ${minutes < 0 ? 'before' : 'after'} the alert`
  }

export type ExportCasesOptions = {
  store: Pick<Store, 'list' | 'events' | 'frozenCase'>
  /** Where the files go; it is made where it is missing. */
  folder: string
  /** Only incidents declared since then, epoch ms. */
  since?: number | undefined
}

/** More incidents than anybody has verdicts for. */
const MOST_INCIDENTS = 100_000

/**
 * `muster suspects export`: every frozen ranking of incidents (drills aside) whose cause people have named, as case files with
 * that cause as the truth, for `muster suspects rank` and the bench. Returns the paths written.
 */
export const exportCases = async ({ store, folder, since = 0 }: ExportCasesOptions): Promise<string[]> => {
  await mkdir(folder, { recursive: true })
  const written: string[] = []
  for (const { id, cause, declaredAt, drill } of await store.list({ limit: MOST_INCIDENTS })) {
    if (!cause || drill || declaredAt < since) continue
    for (const event of await store.events(id)) {
      if (event.type !== 'suspects_ranked' || event.case === undefined) continue
      const body = await store.frozenCase(event.case)
      if (body === undefined) continue
      const file = { ...(JSON.parse(body) as CaseFile), id: `${id}/${event.seq}`, truth: { service: cause.service } }
      const path = join(folder, `${id}-${event.seq}.json`)
      await writeFile(path, `${JSON.stringify(file)}\n`)
      written.push(path)
    }
  }
  return written
}
