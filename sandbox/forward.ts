import { Readable } from 'node:stream'
import express, { type Router } from 'express'

/** Time limit in milliseconds: the page must not hang while Muster is down. */
const WAIT_MS = 10_000

/**
 * Proxies Muster's documents and metrics under the sandbox's own address, so that links to them work wherever the page
 * does. `musterUrl` is read on every request: a restart may change it.
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
        // The page shows documents in an iframe; other sites must not.
        if (value) response.setHeader(name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'"))
      }
      if (answer.body) Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response)
      else response.end()
    } catch {
      response.status(503).type('text/plain').send('Muster is not responding.\n')
    }
  })
  return routes
}
