import { type Request, type Response, Router } from 'express'
import type { Log } from '../platform/log.ts'
import { signLink, verifyLink } from './links.ts'
import type { Postmortems } from './postmortem.ts'
import { HTML_POLICY } from './style.ts'

export type ExportFormat = 'md' | 'html' | 'json'

/** The path of an export, as it is signed. */
export const exportPath = (id: string, format: ExportFormat): string => `/incidents/${id}/postmortem.${format}`

/** An export as text; undefined when there is no such incident. */
export const exportText = async (
  postmortems: Postmortems,
  id: string,
  format: ExportFormat,
): Promise<string | undefined> => {
  if (format === 'md') return postmortems.markdown(id)
  if (format === 'html') return postmortems.html(id)
  const json = await postmortems.json(id)
  return json && `${JSON.stringify(json, undefined, 2)}\n`
}

const TYPES: Record<ExportFormat, string> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** Serves `GET` and `HEAD /incidents/INC-42/postmortem.md|.html|.json` to whoever holds a link signed by `signLink`. */
export const exportRoutes = ({
  postmortems,
  secret,
  now,
  log,
}: {
  postmortems: Postmortems
  /** `MUSTER_SECRET` */
  secret: string
  /** The clock, epoch ms. */
  now(): number
  log: Log
}): Router => {
  const router = Router()
  const refuse = (response: Response, status: number, sentence: string) => {
    response.status(status).type('text/plain').send(`${sentence}\n`)
  }

  const serve = async (id: string, format: ExportFormat, request: Request, response: Response) => {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `${HTML_POLICY}; frame-ancestors 'none'; sandbox allow-popups`,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    // The signature comes first: without one nobody learns which incidents there are.
    const { expires, signature } = request.query
    const verdict = verifyLink({ secret, path: exportPath(id, format), expires, signature, now: now() })
    if (verdict === 'expired')
      return refuse(response, 403, 'This link has expired; /incident postmortem in Slack gives a new one.')
    if (verdict === 'wrong')
      return refuse(response, 403, 'This link is not valid; /incident postmortem in Slack gives one that is.')
    const text = await exportText(postmortems, id, format)
    if (text === undefined) return refuse(response, 404, `There is no incident ${id}.`)
    // A page is looked at, the other two are kept.
    const disposition = format === 'html' ? 'inline' : 'attachment'
    response
      .set('Content-Disposition', `${disposition}; filename="${id}-postmortem.${format}"`)
      .set('Content-Type', TYPES[format])
      .send(text)
  }

  for (const format of ['md', 'html', 'json'] as const)
    router.get(`/incidents/:id/postmortem.${format}`, (request, response) => {
      const { id } = request.params
      if (!/^INC-\d{1,9}$/.test(id)) return refuse(response, 404, 'There is no such incident.')
      serve(id, format, request, response).catch((error: unknown) => {
        log.error('postmortem could not be exported', { incident: id, format, error })
        if (response.headersSent) response.destroy()
        else refuse(response, 500, `The postmortem of ${id} could not be written; Muster's log says why.`)
      })
    })
  return router
}

/** How long a link to a document works. */
const LINK_LIFE_MS = 30 * 24 * 3_600_000

/** Signed links to an incident's documents; undefined when Muster has no address that people reach. */
export const documentLinks =
  ({ secret, baseUrl, now }: { secret: string; baseUrl: string | undefined; now: () => number }) =>
  (id: string): { markdown: string; html: string; json: string } | undefined => {
    if (!baseUrl) return undefined
    const link = (format: ExportFormat) =>
      signLink({ secret, baseUrl, path: exportPath(id, format), expiresAt: now() + LINK_LIFE_MS })
    return { markdown: link('md'), html: link('html'), json: link('json') }
  }
