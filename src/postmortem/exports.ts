import { type RequestHandler, type Response, Router } from 'express'
import { EXPORT_FORMATS, type ExportFormat, exportBody, exportFile, exportPath, FORMATS } from './formats.ts'
import { signLink } from './links.ts'
import type { Postmortems } from './postmortem.ts'
import { expiredPage, type Renew, refusalOf, renewalPolicy, renewedPage } from './renewal.ts'
import { refuse, type Signing, signedRoute } from './signed-route.ts'
import { statusPagePath } from './status-page-route.ts'
import { HTML_POLICY } from './style.ts'

/**
 * Serves `GET` and `HEAD /incidents/INC-42/postmortem.md|.html|.json|...` to clients with a link signed by `signLink`.
 */
export const exportRoutes = ({
  postmortems,
  renew,
  privateSince = async () => undefined,
  ...signing
}: Signing & {
  postmortems: Postmortems
  renew?: Renew
  /** When an incident became private, epoch ms: links from before no longer work. */
  privateSince?(id: string): Promise<number | undefined>
}): Router => {
  const router = Router()
  if (renew) router.post(exportPath(':id', 'html'), renewalRoute(renew, signing))
  for (const format of EXPORT_FORMATS) {
    const handler = signedRoute(signing, {
      path: (id) => exportPath(id, format),
      policy: `${HTML_POLICY}; frame-ancestors 'none'; sandbox allow-popups`,
      ...(renew && format === 'html' ? { expired: showExpired } : {}),
      command: 'postmortem links',
      what: 'The postmortem',
      async answer(id, response, expiresAt) {
        if (expiresAt - LINK_LIFE_MS < ((await privateSince(id)) ?? 0))
          return refuse(response, 403, 'The incident has become private; people in its channel can get a new link.')
        const body = await exportBody(postmortems, id, format)
        if (body === undefined) return refuse(response, 404, `There is no incident ${id}.`)
        // A page and a PDF are read in the browser, the others are kept.
        const disposition = format === 'html' || format === 'pdf' ? 'inline' : 'attachment'
        response
          .set('Content-Disposition', `${disposition}; filename="${exportFile(id, format)}"`)
          .set('Content-Type', FORMATS[format].type)
          .send(body)
      },
    })
    router.get(exportPath(':id', format), handler)
  }
  return router
}

const POLICY = `${HTML_POLICY}; frame-ancestors 'none'`

const showExpired = async (id: string, response: Response): Promise<void> => {
  response.set('Content-Security-Policy', renewalPolicy(POLICY)).status(403).type('html').send(expiredPage(id))
}

/** The button of the page that an expired link shows; a link that still works may press it, too. */
const renewalRoute = (renew: Renew, signing: Signing): RequestHandler => {
  const post = async (id: string, response: Response): Promise<void> => {
    try {
      response.type('html').send(renewedPage(id, await renew(id)))
    } catch (error) {
      const reason = refusalOf(error)
      if (reason === undefined) throw error
      refuse(response, 409, reason)
    }
  }
  return signedRoute(signing, {
    path: (id) => exportPath(id, 'html'),
    policy: POLICY,
    command: 'postmortem links',
    what: 'The link to the postmortem',
    answer: post,
    expired: post,
  })
}

/** How long a link to a document works; one that shows a private incident outside its channel ends sooner. */
const LINK_LIFE_MS = 30 * 24 * 3_600_000
const PRIVATE_LINK_LIFE_MS = 24 * 3_600_000

/** Addresses of an incident's documents and status page, each signed. */
export type DocumentLinks = {
  markdown: string
  html: string
  json: string
  pdf: string
  /** The read-only status page; it stops working when the incident becomes private. */
  status: string
  /** The status page of a private incident, for a member who requests it. */
  privateStatus: string
}

/** Signed links to an incident's documents; undefined when Muster has no address that people reach. */
export const documentLinks =
  ({ secret, baseUrl, now }: { secret: string; baseUrl: string | undefined; now: () => number }) =>
  (id: string): DocumentLinks | undefined => {
    if (!baseUrl) return undefined
    const link = (path: string, life = LINK_LIFE_MS) => signLink({ secret, baseUrl, path, expiresAt: now() + life })
    const document = (format: ExportFormat) => link(exportPath(id, format))
    return {
      markdown: document('md'),
      html: document('html'),
      json: document('json'),
      pdf: document('pdf'),
      status: link(statusPagePath(id, 'everybody')),
      privateStatus: link(statusPagePath(id, 'members'), PRIVATE_LINK_LIFE_MS),
    }
  }
