import type { Postmortems } from './postmortem.ts'

/** A format people export: the ending of its file, and how it is sent over HTTP. */
type Format = { extension: string; type: string /** Pictures lie beside it. */; pictures: boolean }

export const FORMATS = {
  md: { extension: 'md', type: 'text/markdown; charset=utf-8', pictures: true },
  html: { extension: 'html', type: 'text/html; charset=utf-8', pictures: false },
  json: { extension: 'json', type: 'application/json; charset=utf-8', pictures: false },
  pdf: { extension: 'pdf', type: 'application/pdf', pictures: false },
  confluence: { extension: 'confluence.xml', type: 'application/xhtml+xml; charset=utf-8', pictures: true },
  canvas: { extension: 'canvas.md', type: 'text/markdown; charset=utf-8', pictures: false },
} as const satisfies Record<string, Format>

export type ExportFormat = keyof typeof FORMATS
export const EXPORT_FORMATS = Object.keys(FORMATS) as ExportFormat[]

/** The path of an export, as it is signed. */
export const exportPath = (id: string, format: ExportFormat): string =>
  `/incidents/${id}/postmortem.${FORMATS[format].extension}`

/** The name of an export as a file. */
export const exportFile = (id: string, format: ExportFormat): string => `${id}-postmortem.${FORMATS[format].extension}`

/** An export as text, or as bytes of a PDF; undefined when there is no such incident. */
export const exportBody = async (
  postmortems: Postmortems,
  id: string,
  format: ExportFormat,
): Promise<string | Buffer | undefined> => {
  if (format === 'md') return postmortems.markdown(id)
  if (format !== 'json') return postmortems[format](id)
  const json = await postmortems.json(id)
  return json && `${JSON.stringify(json, undefined, 2)}\n`
}

/** Exports in these formats and the pictures they refer to, by file name; undefined when there is no such incident. */
export const exportFiles = async (
  postmortems: Postmortems,
  id: string,
  formats: readonly ExportFormat[],
): Promise<Map<string, Buffer> | undefined> => {
  const files = new Map<string, Buffer>()
  for (const format of formats) {
    const body = await exportBody(postmortems, id, format)
    if (body === undefined) return undefined
    files.set(exportFile(id, format), Buffer.from(body))
  }
  if (!formats.some((format) => FORMATS[format].pictures)) return files
  const { pictures } = (await postmortems.files(id)) ?? { pictures: [] }
  for (const { path, bytes } of pictures) files.set(path, bytes)
  return files
}
