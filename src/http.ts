import express, { type ErrorRequestHandler, type IRouter, type RequestHandler, type Response } from 'express'
import type { AlertSource, Delivery, Signal } from './incident/alert.ts'
import type { Change, ChangeSource } from './incident/change.ts'
import { messageOf } from './incident/errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Bodies over this are refused: PagerDuty promises at most 256 KB, the others are far below. */
const LARGEST_BODY = '1mb'
/** PagerDuty gives up after 5 s; before that we say that we could not, so that it comes again. */
const ANSWER_WITHIN_MS = 4_000
/** Deliveries under way at once; more wait outside, with their senders. */
const MOST_AT_ONCE = 2_000
const RETRY_AFTER_SECONDS = 10

export type HttpOptions = {
  alertSources: readonly AlertSource[]
  changeSources: readonly ChangeSource[]
  takeSignal(signal: Signal): Promise<unknown>
  takeChange(change: Change): Promise<unknown>
  /** Whether everything needed to answer is there; a sentence when not. */
  ready(): Promise<string | undefined>
  /** What a person asking `/readyz` should know though Muster can work, a sentence each. */
  notes?(): string[]
  /** Routers of others on the same port: Slack in HTTP mode, exports. They come before any body is read. */
  routers: readonly IRouter[]
  metrics: Metrics
  log: Log
  now: () => number
}

/** The one HTTP app: webhooks, health, metrics, and what others mount. Never a hang, never a stack trace. */
export const createHttp = (options: HttpOptions): express.Express => {
  const { alertSources, changeSources, takeSignal, takeChange, ready, routers, metrics, log } = options
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  for (const router of routers) app.use(router)

  const alerts = new Map(alertSources.map((source) => [source.name, source]))
  const changes = new Map(changeSources.map((source) => [source.name, source]))
  const raw = express.raw({ type: () => true, limit: LARGEST_BODY })

  app.post(['/webhooks/alerts/:name', '/webhooks/:source'], raw, async (request, response) => {
    const { source: named, name } = request.params as { source?: string; name?: string }
    const path = named ?? 'alerts'
    const alertSource = alerts.get(path)
    const changeSource = changes.get(path)
    if (!alertSource && !changeSource) {
      sentence(
        response,
        404,
        `Nothing is configured at /webhooks/${path}. Muster says at its start which webhooks are on.`,
      )
      return
    }
    await receive(
      options,
      path,
      delivery(request, options.now(), name),
      response,
      async (parsed, about) => {
        if (changeSource) {
          const { changes: found, understood, notes = [] } = await changeSource.read(parsed, about)
          return { understood, notes, writes: found.map((change) => () => takeChange(change)) }
        }
        const { signals, understood, notes = [] } = await (alertSource as AlertSource).read(parsed, about)
        return { understood, notes, writes: signals.map((signal) => () => takeSignal(signal)) }
      },
      (about) => (alertSource ?? (changeSource as ChangeSource)).verify(about),
    )
  })

  app.get('/healthz', (_request, response) => sentence(response, 200, 'ok'))
  app.get('/readyz', async (_request, response) => {
    const trouble = await within(ANSWER_WITHIN_MS, ready().catch(messageOf), 'The store is too slow.')
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
  return app
}

const sentence = (response: Response, status: number, text: string): void => {
  if (status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
  response.status(status).type('text/plain').send(`${text}\n`)
}

const delivery = (request: express.Request, receivedAt: number, name: string | undefined): Delivery => ({
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([header, value]) => [header, Array.isArray(value) ? value.join(',') : value]),
  ),
  body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  receivedAt,
  ...(name ? { name } : {}),
  query: Object.fromEntries(
    Object.entries(request.query).map(([key, value]) => [key, typeof value === 'string' ? value : undefined]),
  ),
})

/** What work comes to, or `late` when it takes too long; a failure afterwards has nobody else to hear it. */
const within = async <Value, Late>(ms: number, work: Promise<Value>, late: Late): Promise<Value | Late> => {
  work.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, ms, late)
  })
  const first = await Promise.race([work, limit])
  clearTimeout(timer)
  return first
}

type Read = { understood: boolean; notes: string[]; writes: (() => Promise<unknown>)[] }

let underWay = 0

/** Verify, parse, write, answer, in this order: nothing unsigned is parsed, nothing unwritten is acknowledged. */
const receive = async (
  { metrics, log, now }: HttpOptions,
  source: string,
  about: Delivery,
  response: Response,
  read: (parsed: unknown, about: Delivery) => Promise<Read>,
  verify: (about: Delivery) => boolean | Promise<boolean>,
): Promise<void> => {
  const begun = now()
  const answer = (status: number, result: string, text: string) => {
    metrics.webhooks.inc({ source, result })
    metrics.webhookSeconds.observe({ source }, (now() - begun) / 1000)
    sentence(response, status, text)
  }
  if (underWay >= MOST_AT_ONCE) return answer(503, 'overloaded', 'Too many deliveries at once; come again.')
  underWay++
  try {
    if (!(await verify(about))) return answer(401, 'unauthorized', 'The signature or token is missing or wrong.')
    let parsed: unknown
    try {
      parsed = JSON.parse(about.body.toString('utf8'))
    } catch {
      return answer(400, 'unreadable', 'The body is not JSON.')
    }
    const { understood, notes, writes } = await read(parsed, about)
    if (notes.length > 0) log.info('webhook notes', { source, notes })
    if (!understood) {
      // A 4xx would make PagerDuty drop it and, soon, switch the webhook off.
      log.warn('webhook not understood', { source, notes, body: about.body.toString('utf8').slice(0, 2000) })
      return answer(202, 'not_understood', 'Signed, but not understood; it is logged.')
    }
    const all = Promise.all(writes.map((write) => write())).then(() => 'taken' as const)
    if ((await within(ANSWER_WITHIN_MS, all, 'late')) === 'late')
      return answer(503, 'late', 'The store is too slow; come again.')
    return answer(202, 'taken', 'taken')
  } catch (error) {
    log.error('webhook not taken', { source, error })
    return answer(503, 'failed', 'It could not be stored; come again.')
  } finally {
    underWay--
  }
}
