import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../incident/errors.ts'
import { type ExportFormat, exportText } from './exports.ts'
import type { Postmortems } from './postmortem.ts'

export type ExportOptions = {
  postmortems: Postmortems
  /** `INC-42`; `42` and `inc-42` are taken too. */
  id: string
  format: ExportFormat
  /** The file to write; without one the text goes to `write`. */
  out?: string | undefined
  /** Standard output. */
  write(text: string): void
}

/**
 * `muster export INC-42 --format md|html|json [--out FILE]`. With a file, the charts of a Markdown export are written
 * beside it, under the names it uses.
 * @returns what to tell on standard error: the files written, and what went wrong without stopping the export.
 * @throws Refusal when there is no such incident.
 */
export const exportIncident = async ({ postmortems, id, format, out, write }: ExportOptions): Promise<string[]> => {
  const number = /^(?:INC-)?(\d{1,9})$/i.exec(id.trim())?.[1]
  if (!number) throw new Refusal(`"${id}" is not an incident; they are named like INC-42.`)
  const incident = `INC-${Number(number)}`
  const text = await exportText(postmortems, incident, format)
  if (text === undefined) throw new Refusal(`There is no incident ${incident}.`)
  const { warning } = (format === 'json' ? undefined : await postmortems.draft(incident)) ?? {}
  const warnings = warning ? [warning] : []
  if (out === undefined) {
    write(text)
    return warnings
  }
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, text)
  const { pictures, problems } = (format === 'json' ? undefined : await postmortems.files(incident)) ?? NO_PICTURES
  if (format !== 'md') return [...warnings, ...problems, `Wrote ${out}.`]
  for (const { path, bytes } of pictures) {
    const file = join(dirname(out), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
  }
  const beside = pictures.length > 0 ? ` and ${pictures.length} charts beside it` : ''
  return [...warnings, ...problems, `Wrote ${out}${beside}.`]
}

const NO_PICTURES = { pictures: [], problems: [] }
