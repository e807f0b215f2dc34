import express, { type NextFunction, type Request, type Response } from 'express'
import { type Fault, faultSwitch } from './faults.ts'
import { instantQuery, matchingSeries, type Parameters, rangeQuery } from './prometheus/api.ts'
import { exposition } from './prometheus/exposition.ts'
import { alertsAnswer, rulesAnswer } from './prometheus/rules.ts'
import { storageOf } from './prometheus/storage.ts'
import { PromqlError } from './promql/errors.ts'
import type { Storage } from './promql/values.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'
import type { World } from './stories/world.ts'

export type FakePrometheus = Listening & {
  /** Shows the metrics of a story whose time began at `anchor`, epoch ms. */
  show(world: World, anchor: number): void
  /** Injects a fault; `{ kind: 'none' }` clears it. */
  setFault(fault: Fault): void
  /** Number of requests by path. */
  requests(): Record<string, number>
}

type Options = ListenOptions & {
  /** Epoch ms; there are no samples after it. */
  now: () => number
}

const nothing: World = { workloads: [], edges: [], meters: [], rules: [] }

/**
 * A Prometheus that answers from a story's functions instead of a disk: its HTTP API over a subset of PromQL. Without a
 * story it has no series.
 */
export const createFakePrometheus = async ({ now, ...listenOptions }: Options): Promise<FakePrometheus> => {
  let world = nothing
  let storage: Storage = storageOf([])
  const health = faultSwitch()
  const counts: Record<string, number> = {}
  const app = express()
  app.use((request, _response, next) => {
    counts[request.path] = (counts[request.path] ?? 0) + 1
    next()
  })
  app.use(health.middleware, express.urlencoded({ extended: false, limit: '1mb' }))
  const answer = (path: string, work: (parameters: Parameters, request: Request) => unknown) => {
    const handler = (request: Request, response: Response) => {
      const data = work(parametersOf(request), request)
      response.json({ status: 'success', data: health.current().kind === 'not_a_number' ? withoutNumbers(data) : data })
    }
    app.get(path, handler)
    app.post(path, handler)
  }
  answer('/api/v1/query', (parameters) => instantQuery(parameters, storage, now()))
  answer('/api/v1/query_range', (parameters) => rangeQuery(parameters, storage))
  answer('/api/v1/alerts', () => alertsAnswer(world.rules, storage, now()))
  answer('/api/v1/rules', () => rulesAnswer(world.rules, storage, now()))
  answer('/api/v1/series', (_parameters, request) => matchingSeries(selectorsOf(request), storage))
  answer('/api/v1/labels', (_parameters, request) =>
    [...new Set(matchingSeries(selectorsOf(request), storage).flatMap(Object.keys))].sort(),
  )
  answer('/api/v1/label/:name/values', (_parameters, request) => {
    const name = String(request.params.name)
    const values = matchingSeries(selectorsOf(request), storage).map((labels) => labels[name])
    return [...new Set(values.filter((value) => value !== undefined))].sort()
  })
  answer('/api/v1/metadata', () =>
    Object.fromEntries(world.meters.map(({ name, kind, help }) => [name, [{ type: kind, help, unit: '' }]])),
  )
  answer('/api/v1/status/buildinfo', () => buildInfo)
  app.get(['/-/ready', '/-/healthy'], (_request, response) => {
    response.type('text/plain').send('Prometheus Server is Ready.\n')
  })
  app.use((_request: Request, response: Response) => {
    response.status(404).type('text/plain').send('404 page not found\n')
  })
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const [status, errorType] = error instanceof PromqlError ? statusOf[error.type] : ([500, 'internal'] as const)
    response.status(status).json({ status: 'error', errorType, error: error instanceof Error ? error.message : error })
  })
  const server = await listen(app, listenOptions)
  return {
    ...server,
    show: (shown, anchor) => {
      world = shown
      storage = storageOf(exposition(shown, { anchor, now, blind: shown.blind }))
    },
    setFault: health.set,
    requests: () => ({ ...counts }),
  }
}

const statusOf = { bad_data: [400, 'bad_data'], execution: [422, 'execution'] } as const

const parametersOf = (request: Request): Parameters =>
  Object.fromEntries(
    Object.entries({ ...request.query, ...request.body }).map(([name, value]) => [name, String(value)]),
  )

const selectorsOf = (request: Request): string[] =>
  [request.query['match[]'], request.body?.['match[]']].flat().filter((each) => typeof each === 'string')

/** The response with NaN for every sample. */
const withoutNumbers = (data: unknown): unknown =>
  JSON.parse(
    JSON.stringify(data, (key, value) => {
      if (key === 'value' && Array.isArray(value)) return [value[0], 'NaN']
      if (key === 'values' && Array.isArray(value)) return value.map(([at]) => [at, 'NaN'])
      return value
    }),
  )

const buildInfo = {
  version: '3.14.0',
  revision: 'cb7cbad5f9a2823a622aaa668833ca04f50a0ea7',
  branch: 'HEAD',
  buildUser: 'root@sandbox',
  buildDate: '20260818-09:00:00',
  goVersion: 'go1.26.0',
}
