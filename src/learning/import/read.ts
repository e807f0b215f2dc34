import { parse as parseCsv } from 'csv-parse/sync'
import { messageOf, Refusal } from '../../incident/errors.ts'
import type { ImportFormat } from './mappings.ts'
import type { RawRow } from './row.ts'

/** A record of the file and where it is: `line 12` of a table, `entry 3` of a list. */
export type Placed = { place: string; record: RawRow }
export type Problem = { place: string; reason: string }
export type Records = { records: Placed[]; problems: Problem[]; columns: string[] }

/** Members under which the exports of PagerDuty and incident.io, and our own shape, keep their list. */
const LISTS = ['incidents', 'data']

/**
 * Parses the records of a file. An invalid row of a table is reported with its line, and the rest is read.
 * @throws Refusal when the file as a whole is not in the stated format.
 */
export const readRecords = (text: string, format: ImportFormat): Records => {
  const body = text.replace(/^\uFEFF/, '')
  const isJson = format === 'json' || (format !== 'csv' && /^\s*[[{]/.test(body))
  if (!isJson && format === 'incidentio')
    throw new Refusal('incident.io describes only the JSON of its API. Bring a table into the shape of --as csv.')
  return isJson ? fromJson(body) : fromCsv(body)
}

const fromJson = (body: string): Records => {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch (error) {
    throw new Refusal(`The file is not JSON: ${messageOf(error)}.`)
  }
  const list = Array.isArray(parsed)
    ? parsed
    : LISTS.map((name) => (parsed as RawRow | null)?.[name]).find(Array.isArray)
  if (!list) throw new Refusal('The file holds no list: expected [ {...}, ... ] or { "incidents": [ ... ] }.')
  const problems: Problem[] = []
  const records = list.flatMap((record: unknown, i): Placed[] => {
    const place = `entry ${i + 1}`
    if (typeof record === 'object' && record !== null && !Array.isArray(record))
      return [{ place, record: record as RawRow }]
    problems.push({ place, reason: 'is no object' })
    return []
  })
  return { records, problems, columns: [...new Set(records.flatMap(({ record }) => Object.keys(record)))] }
}

const fromCsv = (body: string): Records => {
  const problems: Problem[] = []
  let columns: string[] = []
  type Parsed = { record: Record<string, string>; info: { lines: number } }
  try {
    // RFC 4180, with the semicolons and tabs that spreadsheets write in some countries.
    const parsed = parseCsv(body, {
      columns: (header: string[]) => {
        columns = header.map((name) =>
          name
            .trim()
            .toLowerCase()
            .replace(/[\s-]+/g, '_'),
        )
        return columns
      },
      delimiter: delimiterOf(body),
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        problems.push({
          place: `line ${error?.lines ?? '?'}`,
          reason: (error?.message ?? 'cannot be read').replace(/\.$/, ''),
        })
        return undefined
      },
    }) as unknown as Parsed[]
    return { records: parsed.map(({ record, info }) => ({ place: `line ${info.lines}`, record })), problems, columns }
  } catch (error) {
    throw new Refusal(`The file is no table: ${messageOf(error)}.`)
  }
}

const delimiterOf = (body: string): string => {
  const [header = ''] = body.split('\n', 1)
  const count = (one: string) => header.split(one).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}
