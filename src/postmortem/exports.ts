import { type Request, type Response, Router } from 'express'
import type { Log } from '../platform/log.ts'
import { EXPORT_FORMATS, type ExportFormat, exportBody, exportFile, exportPath, FORMATS } from './formats.ts'
import { signLink, verifyLink } from './links.ts'
import type { Postmortems } from './postmortem.ts'
import { HTML_POLICY } from './style.ts'

/** Serves `GET` and `HEAD /incidents/INC-42/postmortem.md|.html|.json|...` to whoever holds a link signed by `signLink`. */
export const exportRoutes = ({
  postmortems,
  secret,
  privateSince,
  now,
  log,
}: {
  postmortems: Postmortems
  /** `MUSTER_SECRET` */
  secret: string
  /** When an incident became private, epoch ms: links from before no longer work. */
  privateSince(id: string): Promise<number | undefined>
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
    if (Number(expires) * 1000 - LINK_LIFE_MS < ((await privateSince(id)) ?? 0))
      return refuse(response, 403, 'The incident has become private; people in its channel can get a new link.')
    const body = await exportBody(postmortems, id, format)
    if (body === undefined) return refuse(response, 404, `There is no incident ${id}.`)
    // A page and a PDF are read in the browser, the others are kept.
    const disposition = format === 'html' || format === 'pdf' ? 'inline' : 'attachment'
    response
      .set('Content-Disposition', `${disposition}; filename="${exportFile(id, format)}"`)
      .set('Content-Type', FORMATS[format].type)
      .send(body)
  }

  for (const format of EXPORT_FORMATS)
    router.get(exportPath(':id', format), (request, response) => {
      const id = String(request.params.id)
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
  (id: string): { markdown: string; html: string; json: string; pdf: string } | undefined => {
    if (!baseUrl) return undefined
    const link = (format: ExportFormat) =>
      signLink({ secret, baseUrl, path: exportPath(id, format), expiresAt: now() + LINK_LIFE_MS })
    return { markdown: link('md'), html: link('html'), json: link('json'), pdf: link('pdf') }
  }
