import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AlertSource, Delivery, Signal } from '../incident/alert.ts'
import type { Change, ChangeSource } from '../incident/change.ts'
import { maskSecrets } from '../incident/secrets.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { within } from '../platform/time-limit.ts'
import { ingestInSlices } from './ingest-in-slices.ts'
import { outlineOf } from './outline.ts'
import { readInParts } from './read-in-parts.ts'
import { createReadBody } from './request-body.ts'
import { parseWebhookPath, type WebhookPath } from './webhook-path.ts'

/** PagerDuty times out after 5 s; answering 503 before that makes it retry. */
const ANSWER_WITHIN_MS = 4_000
/** Complete deliveries in progress at once; beyond it senders are asked to retry with 503. */
const MAX_IN_PROGRESS = 2_000
const RETRY_AFTER_SECONDS = 10
/** A note may name what a sender wrote: the type of an event, the name of an alert. */
const MOST_NOTES = 10
const NOTE_CHARACTERS = 200

export type WebhookOptions = {
  alertSources: readonly AlertSource[]
  changeSources: readonly ChangeSource[]
  /** Both resolve when everything that follows from the entry is on disk. */
  ingestSignal(signal: Signal): Promise<unknown>
  ingestChange(change: Change): Promise<unknown>
  metrics: Metrics
  log: Log
  now: () => number
}

/** The contents of a delivery; `write` resolves when all of it is on disk, before which it is not acknowledged. */
type Parsed = { understood: boolean; notes?: string[]; write(): Promise<void> }

/** An alert or change source as an endpoint. */
type Endpoint = Pick<AlertSource, 'verify'> & { parse(body: unknown, delivery: Delivery): Promise<Parsed> }

/** HTTP status, label of the metric, sentence for the sender. */
type Answer = readonly [status: number, result: string, text: string]

/**
 * `POST /webhooks/<source>`, `/webhooks/alerts/<name>` and `/webhooks/changes/<name>`. They are handled on the bare
 * server, before Express: in an alert storm everything else waits behind them.
 * @returns a function that returns whether the request was for a webhook; when true, it also sends the response.
 */
export const createWebhooks = (options: WebhookOptions) => {
  const { metrics, log, now } = options
  const endpoints = endpointsOf(options)
  const readBody = createReadBody()
  let inProgress = 0

  /** Verify, parse, write, answer, in this order: nothing unsigned is parsed, nothing unwritten is acknowledged. */
  const receive = async (source: string, endpoint: Endpoint, delivery: Delivery): Promise<Answer> => {
    if (!(await endpoint.verify(delivery))) return [401, 'unauthorized', 'The signature or token is missing or wrong.']
    let body: unknown
    try {
      body = JSON.parse(delivery.body.toString('utf8'))
    } catch {
      return [400, 'unreadable', 'The body is not JSON.']
    }
    const { understood, notes = [], write } = await endpoint.parse(body, delivery)
    const masked = notes.slice(0, MOST_NOTES).map((note) => maskSecrets(note.slice(0, NOTE_CHARACTERS)))
    if (masked.length > 0) log.info('webhook notes', { source, notes: masked })
    if (!understood) {
      log.warn('webhook not understood', {
        source,
        notes: masked,
        bytes: delivery.body.length,
        outline: outlineOf(body),
      })
      // A 4xx would make PagerDuty drop the delivery and, before long, disable the webhook.
      return [202, 'not_understood', 'Signed, but not understood; it is logged.']
    }
    await write()
    return [202, 'accepted', 'accepted']
  }

  const answer = async (source: string, endpoint: Endpoint, request: IncomingMessage, path: WebhookPath) => {
    const body = await readBody(request)
    if (body === 'too large') return [413, 'too_large', 'The body is over 1 MiB.'] satisfies Answer
    if (body === 'unreadable') return [400, 'unreadable', 'The request cannot be read.'] satisfies Answer
    // Counted only now: half requests, which anybody can send, must not use up the places of signed ones.
    if (inProgress >= MAX_IN_PROGRESS)
      return [503, 'overloaded', 'Too many deliveries at once; send it again.'] satisfies Answer
    inProgress++
    const delivery = { headers: singleHeaders(request), body, receivedAt: now(), ...path.details }
    const received = receive(source, endpoint, delivery)
      .catch((error: unknown): Answer => {
        log.error('webhook failed', { source, error })
        return [503, 'failed', 'It could not be stored; send it again.']
      })
      // A write that timed out continues and keeps its slot, or the senders' retries would pile up on it.
      .finally(() => {
        inProgress--
      })
    return within(ANSWER_WITHIN_MS, received, [503, 'late', 'The store is too slow; send it again.'] satisfies Answer)
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = request.method === 'POST' ? parseWebhookPath(request.url ?? '') : undefined
    if (!path) return false
    const { source } = path
    const endpoint = endpoints.get(source)
    if (!endpoint) {
      request.resume()
      const text = `Nothing is configured at /webhooks/${source}. Muster logs at start which webhooks are on.`
      respond(response, 404, text)
      return true
    }
    const startedAt = now()
    void answer(source, endpoint, request, path).then(([status, result, text]) => {
      metrics.webhooks.inc({ source, result })
      metrics.webhookSeconds.observe({ source }, (now() - startedAt) / 1000)
      // The unread rest of a body would be parsed as the next request.
      if (!request.complete) response.setHeader('Connection', 'close')
      if (status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      respond(response, status, text)
    })
    return true
  }
}

const endpointsOf = (options: WebhookOptions): Map<string, Endpoint> => {
  const { alertSources, changeSources, ingestSignal, ingestChange } = options
  const endpoints = new Map<string, Endpoint>()
  for (const { name, verify, read } of changeSources)
    endpoints.set(name, {
      verify,
      parse: async (body, delivery) => {
        const { changes, ...parsed } = await read(body, delivery)
        return { ...parsed, write: () => ingestInSlices(changes, ingestChange) }
      },
    })
  for (const source of alertSources)
    endpoints.set(source.name, {
      verify: source.verify,
      parse: async (body, delivery) => {
        const { signals, ...parsed } = await readInParts(source, body, delivery)
        return { ...parsed, write: () => ingestInSlices(signals, ingestSignal) }
      },
    })
  return endpoints
}

const singleHeaders = ({ headers }: IncomingMessage): Delivery['headers'] => {
  const single: Delivery['headers'] = {}
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value.join(',') : value
  return single
}

const respond = (response: ServerResponse, status: number, text: string): void => {
  const body = `${text}\n`
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}
