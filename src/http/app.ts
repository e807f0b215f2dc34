import { createServer, type RequestListener, type Server } from 'node:http'
import express, { type ErrorRequestHandler, type IRouter, type RequestHandler, type Response } from 'express'
import { messageOf } from '../incident/errors.ts'
import { within } from '../platform/time-limit.ts'
import { createWebhooks, type WebhookOptions } from './webhooks.ts'

/** Whoever asks whether Muster is ready does not wait long either. */
const READY_WITHIN_MS = 4_000

export type HttpOptions = WebhookOptions & {
  /** Whether everything needed to answer is there; a sentence when not. */
  ready(): Promise<string | undefined>
  /** What a person asking `/readyz` should know though Muster can work, a sentence each. */
  notes?(): string[]
  /** Routers of others on the same port: Slack in HTTP mode, exports. They read their bodies themselves. */
  routers: readonly IRouter[]
}

/** Everything on the one port: webhooks, health, metrics, and what others mount. Never a hang, never a stack trace. */
export const createHttp = (options: HttpOptions): RequestListener => {
  const { ready, routers, metrics, log } = options
  const takesWebhook = createWebhooks(options)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  for (const router of routers) app.use(router)

  app.get('/healthz', (_request, response) => sentence(response, 200, 'ok'))
  app.get('/readyz', async (_request, response) => {
    const trouble = await within(READY_WITHIN_MS, ready().catch(messageOf), 'The store is too slow.')
    if (trouble) sentence(response, 503, trouble)
    else sentence(response, 200, ['ready', ...(options.notes?.() ?? [])].join('\n'))
  })
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })

  app.use(((_request, response) => sentence(response, 404, 'There is nothing here.')) satisfies RequestHandler)
  app.use(((error: { status?: number; message?: string }, request, response, _next) => {
    const status = error.status ?? 500
    if (response.headersSent) return void response.end()
    if (status === 413) return sentence(response, 413, 'The body is over 1 MiB.')
    if (status >= 400 && status < 500) return sentence(response, status, 'The request cannot be read.')
    log.error('request failed', { path: request.path, error })
    return sentence(response, 500, 'Something went wrong here; it is logged.')
  }) satisfies ErrorRequestHandler)

  return (request, response) => {
    if (!takesWebhook(request, response)) app(request, response)
  }
}

const sentence = (response: Response, status: number, text: string): void => {
  if (status === 503) response.setHeader('Retry-After', '10')
  response.status(status).type('text/plain').send(`${text}\n`)
}

/** Opens the port. @throws one sentence when it is taken. */
export const listen = (http: RequestListener, port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(http).listen(port, host)
    // Longer than any answer takes, shorter than for ever.
    server.requestTimeout = 30_000
    server.once('listening', () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken; set PORT to another one.`) : error),
    )
  })
