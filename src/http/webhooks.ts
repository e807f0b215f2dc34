import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AlertSource, Delivery, Signal } from '../incident/alert.ts'
import type { Change, ChangeSource } from '../incident/change.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { within } from '../platform/time-limit.ts'
import { readBody } from './request-body.ts'

/** PagerDuty gives up after 5 s; before that we say that we could not, so that it comes again. */
const ANSWER_WITHIN_MS = 4_000
/** Deliveries under way at once; more wait outside, with their senders. */
const MOST_AT_ONCE = 2_000
const RETRY_AFTER_SECONDS = 10

export type WebhookOptions = {
  alertSources: readonly AlertSource[]
  changeSources: readonly ChangeSource[]
  takeSignal(signal: Signal): Promise<unknown>
  takeChange(change: Change): Promise<unknown>
  metrics: Metrics
  log: Log
  now: () => number
}

/** What a delivery was found to say, and what must be on disk before it is acknowledged. */
type Read = { understood: boolean; notes?: string[]; writes: Promise<unknown>[] }
/** One source of either kind, as this door sees it. */
type Door = Pick<AlertSource, 'verify'> & { take(parsed: unknown, about: Delivery): Promise<Read> }

/**
 * `POST /webhooks/<source>`, and `/webhooks/alerts/<name>`. In a storm everything else waits behind these, so they are
 * answered on the bare server, before the router and what else makes a page comfortable.
 * @returns whether the request was for here.
 */
export const createWebhooks = (options: WebhookOptions) => {
  const { alertSources, changeSources, takeSignal, takeChange, metrics, log, now } = options
  const doors = new Map<string, Door>([
    ...changeSources.map((source): [string, Door] => [
      source.name,
      {
        verify: source.verify,
        take: async (parsed, about) => {
          const { changes, ...reading } = await source.read(parsed, about)
          return { ...reading, writes: changes.map(takeChange) }
        },
      },
    ]),
    ...alertSources.map((source): [string, Door] => [
      source.name,
      {
        verify: source.verify,
        take: async (parsed, about) => {
          const { signals, ...reading } = await source.read(parsed, about)
          return { ...reading, writes: signals.map(takeSignal) }
        },
      },
    ]),
  ])
  let underWay = 0
  /** Answered as late and still being written: counted, or the senders' next tries would pile up on them. */
  let late = 0

  /** Verify, parse, write, answer, in this order: nothing unsigned is parsed, nothing unwritten is acknowledged. */
  const receive = async (source: string, door: Door, about: Delivery): Promise<Answer> => {
    if (!(await door.verify(about))) return [401, 'unauthorized', 'The signature or token is missing or wrong.']
    let parsed: unknown
    try {
      parsed = JSON.parse(about.body.toString('utf8'))
    } catch {
      return [400, 'unreadable', 'The body is not JSON.']
    }
    const { understood, notes = [], writes } = await door.take(parsed, about)
    if (notes.length > 0) log.info('webhook notes', { source, notes })
    if (!understood) {
      // A 4xx would make PagerDuty drop it and, soon, switch the webhook off.
      log.warn('webhook not understood', { source, notes, body: about.body.toString('utf8').slice(0, 2000) })
      return [202, 'not_understood', 'Signed, but not understood; it is logged.']
    }
    const all = Promise.all(writes).then((): Answer => [202, 'taken', 'taken'])
    const tooLate: Answer = [503, 'late', 'The store is too slow; come again.']
    const given = await within(ANSWER_WITHIN_MS, all, tooLate)
    if (given === tooLate) {
      late++
      // Nobody else hears how it ended.
      const ended = () => {
        late--
      }
      all.then(ended, ended)
    }
    return given
  }

  const answer = async (source: string, door: Door, request: IncomingMessage, place: Place): Promise<Answer> => {
    if (underWay + late >= MOST_AT_ONCE) return [503, 'overloaded', 'Too many deliveries at once; come again.']
    underWay++
    try {
      const body = await readBody(request)
      if (body === 'too large') return [413, 'too_large', 'The body is over 1 MiB.']
      if (body === 'unreadable') return [400, 'unreadable', 'The request cannot be read.']
      return await receive(source, door, { headers: headersOf(request), body, receivedAt: now(), ...place.told })
    } catch (error) {
      log.error('webhook not taken', { source, error })
      return [503, 'failed', 'It could not be stored; come again.']
    } finally {
      underWay--
    }
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const place = request.method === 'POST' ? placeOf(request.url ?? '') : undefined
    if (!place) return false
    const { source } = place
    const door = doors.get(source)
    if (!door) {
      request.resume()
      const text = `Nothing is configured at /webhooks/${source}. Muster says at its start which webhooks are on.`
      respond(response, 404, text)
      return true
    }
    const begun = now()
    void answer(source, door, request, place).then(([status, result, text]) => {
      metrics.webhooks.inc({ source, result })
      metrics.webhookSeconds.observe({ source }, (now() - begun) / 1000)
      // What was not read to its end would be taken for the next request.
      if (!request.complete) response.setHeader('Connection', 'close')
      if (status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      respond(response, status, text)
    })
    return true
  }
}

/** HTTP status, what the metric calls it, the sentence for the sender. */
type Answer = readonly [status: number, result: string, text: string]

type Place = { source: string; told: Pick<Delivery, 'name' | 'query'> }

const PLACE = /^\/webhooks\/(?:(alerts)\/([^/?]+)|([^/?]+))\/?(?:\?(.*))?$/

const placeOf = (url: string): Place | undefined => {
  const [, alerts, name, named, query] = PLACE.exec(url) ?? []
  const source = alerts ?? named
  if (source === undefined) return undefined
  return {
    source,
    told: {
      ...(name === undefined ? {} : { name: decoded(name) }),
      ...(query === undefined ? {} : { query: Object.fromEntries(new URLSearchParams(query)) }),
    },
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const headersOf = ({ headers }: IncomingMessage): Delivery['headers'] => {
  const single: Delivery['headers'] = {}
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value.join(',') : value
  return single
}

const respond = (response: ServerResponse, status: number, text: string): void => {
  const body = `${text}\n`
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}
