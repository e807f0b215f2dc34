import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../incident/errors.ts'
import type { Store } from '../store/store.ts'
import { type ExportFormat, exportBody, exportFile, FORMATS } from './formats.ts'
import type { Postmortems } from './postmortem.ts'

export type ExportOptions = {
  postmortems: Postmortems
  /** `INC-42`; `42` and `inc-42` are taken too. */
  id: string
  format: ExportFormat
  /** The file to write; without one the text goes to `write`. */
  out?: string | undefined
  /** Standard output. */
  write(body: string | Buffer): void
}

/**
 * `muster export INC-42 --format md|html|json|pdf|confluence|canvas [--out FILE]`. With a file, the charts that a
 * Markdown or Confluence export refers to are written beside it, under the names it uses.
 * @returns what to print on standard error: the files written, and what went wrong without stopping the export.
 * @throws Refusal when there is no such incident.
 */
export const exportIncident = async ({ postmortems, id, format, out, write }: ExportOptions): Promise<string[]> => {
  const number = /^(?:INC-)?(\d{1,9})$/i.exec(id.trim())?.[1]
  if (!number) throw new Refusal(`"${id}" is not an incident; they are named like INC-42.`)
  const incident = `INC-${Number(number)}`
  const body = await exportBody(postmortems, incident, format)
  if (body === undefined) throw new Refusal(`There is no incident ${incident}.`)
  const { warning } = (format === 'json' ? undefined : await postmortems.draft(incident)) ?? {}
  const warnings = warning ? [warning] : []
  if (out === undefined) {
    write(body)
    return warnings
  }
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, body)
  const { pictures, problems } = (format === 'json' ? undefined : await postmortems.files(incident)) ?? NO_PICTURES
  if (!FORMATS[format].pictures) return [...warnings, ...problems, `Wrote ${out}.`]
  for (const { path, bytes } of pictures) {
    const file = join(dirname(out), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
  }
  const beside = pictures.length > 0 ? ` and ${pictures.length} charts beside it` : ''
  return [...warnings, ...problems, `Wrote ${out}${beside}.`]
}

const NO_PICTURES = { pictures: [], problems: [] }

export type ExportAllOptions = {
  postmortems: Postmortems
  store: Pick<Store, 'list'>
  format: ExportFormat
  /** The folder to write to. */
  folder: string
  /** Only incidents declared from then on, epoch ms. */
  since?: number | undefined
}

/** More than anybody has; `list` wants a number. */
const ALL = 1_000_000

/**
 * `muster export --all [--since 2026-01-01]`: every incident that is over and was one, oldest first, a file each.
 * @returns what to print on standard error.
 * @throws Refusal when there is none.
 */
export const exportAll = async ({
  postmortems,
  store,
  format,
  folder,
  since = 0,
}: ExportAllOptions): Promise<string[]> => {
  const over = await store.list({ statuses: ['resolved', 'closed'], limit: ALL })
  const incidents = over.filter(({ declaredAt }) => declaredAt >= since).reverse()
  if (incidents.length === 0)
    throw new Refusal('No incident has been resolved in that time; there is nothing to export.')
  const notes: string[] = []
  for (const { id } of incidents) {
    const out = join(folder, exportFile(id, format))
    notes.push(...(await exportIncident({ postmortems, id, format, out, write: () => {} })))
  }
  return [...notes, `Exported ${incidents.length} ${incidents.length === 1 ? 'incident' : 'incidents'}.`]
}
