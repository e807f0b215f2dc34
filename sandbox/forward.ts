import { Readable } from 'node:stream'
import express, { type Router } from 'express'

/** How long Muster may take, in milliseconds: the page must not hang when it has been killed. */
const WAIT_MS = 10_000

/**
 * Muster's documents and figures on the sandbox's own address, so that a link to them works wherever the page does.
 * `musterUrl` is asked at each request: after a restart it may be another.
 */
export function forwardToMuster(musterUrl: () => string, metricsToken: string): Router {
  const routes = express.Router()
  routes.get(['/incidents/*path', '/metrics', '/healthz', '/readyz'], async (request, response) => {
    try {
      const answer = await fetch(musterUrl() + request.originalUrl, {
        headers: { authorization: `Bearer ${metricsToken}` },
        signal: AbortSignal.timeout(WAIT_MS),
      })
      response.status(answer.status)
      for (const name of ['content-type', 'content-disposition', 'content-security-policy']) {
        const value = answer.headers.get(name)
        // The page shows documents in a frame of its own; nobody else may.
        if (value) response.setHeader(name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'"))
      }
      if (answer.body) Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response)
      else response.end()
    } catch {
      response.status(503).type('text/plain').send('Muster does not answer at the moment.\n')
    }
  })
  return routes
}
