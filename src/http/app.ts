import type { RequestListener } from 'node:http'
import express, {
  type ErrorRequestHandler,
  type IRouter,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { bearsOneOf } from '../incident/proof.ts'
import type { Readiness } from './readiness.ts'
import { createWebhooks, type WebhookOptions } from './webhooks.ts'

export type HttpOptions = WebhookOptions & {
  ready: Readiness
  /** Bearer tokens for `/metrics` and for the reasons in `/readyz`; without one both stay closed. */
  metricsTokens?: readonly string[] | undefined
  /** Routers of others on the same port: Slack in HTTP mode, exports. They read their bodies themselves. */
  routers: readonly IRouter[]
}

/** Everything on the one port: webhooks, health, metrics, and what others mount. Never a hang, never a stack trace. */
export const createHttp = (options: HttpOptions): RequestListener => {
  const { ready, routers, metrics, metricsTokens = [], log } = options
  const handleWebhook = createWebhooks(options)
  const mayLookInside = ({ headers }: Request) =>
    bearsOneOf({ headers: { authorization: headers.authorization } }, metricsTokens)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  for (const router of routers) app.use(router)

  app.get('/healthz', (_request, response) => sendLine(response, 200, 'ok'))
  app.get('/readyz', async (request, response) => {
    const { failure, notes } = await ready()
    // Names of upstream systems and database errors are for operators: the port may be open to the Internet.
    const details = mayLookInside(request) ? [...(failure ? [failure] : []), ...notes] : []
    sendLine(response, failure ? 503 : 200, [failure ? 'not ready' : 'ready', ...details].join('\n'))
  })
  app.get('/metrics', async (request, response) => {
    if (metricsTokens.length === 0) return sendLine(response, 404, 'Metrics are off; METRICS_TOKEN turns them on.')
    if (!mayLookInside(request)) {
      response.setHeader('WWW-Authenticate', 'Bearer')
      return sendLine(response, 401, 'Metrics need METRICS_TOKEN as a bearer token.')
    }
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })

  app.use(((_request, response) => sendLine(response, 404, 'There is nothing here.')) satisfies RequestHandler)
  app.use(((error: { status?: number; message?: string }, request, response, _next) => {
    const status = error.status ?? 500
    if (response.headersSent) return void response.end()
    if (status === 413) return sendLine(response, 413, 'The body is over 1 MiB.')
    if (status >= 400 && status < 500) return sendLine(response, status, 'The request cannot be read.')
    log.error('request failed', { path: request.path, error })
    return sendLine(response, 500, 'Something went wrong here; it is logged.')
  }) satisfies ErrorRequestHandler)

  return (request, response) => {
    if (!handleWebhook(request, response)) app(request, response)
  }
}

const sendLine = (response: Response, status: number, text: string): void => {
  if (status === 503) response.setHeader('Retry-After', '10')
  response.status(status).type('text/plain').send(`${text}\n`)
}
