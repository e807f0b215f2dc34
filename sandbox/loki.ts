import express, { type NextFunction, type Request, type Response } from 'express'
import { type Fault, faultSwitch } from './faults.ts'
import { linesBetween, type WrittenLine } from './loki/lines.ts'
import { BadLogQuery, logQuery } from './loki/logql.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'
import type { LogLine } from './stories/world.ts'

export type FakeLoki = Listening & {
  /** Shows the log lines of a story whose time began at `anchor`, epoch ms. */
  show(logs: readonly LogLine[], anchor: number): void
  /** Injects a fault; `{ kind: 'none' }` clears it. */
  setFault(fault: Fault): void
}

type Options = ListenOptions & { /** Epoch ms; there are no lines after it. */ now: () => number }

/** A Loki that answers log queries from a story's lines: stream selectors and line filters, no metric queries. */
export const createFakeLoki = async ({ now, ...listenOptions }: Options): Promise<FakeLoki> => {
  let logs: readonly LogLine[] = []
  let anchor = 0
  const health = faultSwitch()
  const app = express()
  app.use(health.middleware)
  app.get('/ready', (_request, response) => {
    response.type('text/plain').send('ready\n')
  })
  app.get('/loki/api/v1/query_range', (request, response) => {
    const parameter = (name: string) => (typeof request.query[name] === 'string' ? request.query[name] : undefined)
    const wanted = logQuery(parameter('query') ?? '')
    const to = Math.min(now(), instantOf(parameter('end'), now()))
    const from = instantOf(parameter('start'), to - 3_600_000)
    const limit = Number(parameter('limit') ?? 100)
    const found = linesBetween(logs, anchor, { from, to }).filter(wanted)
    // Loki returns the newest lines first unless the direction is forward.
    const forward = parameter('direction')?.toLowerCase() === 'forward'
    const kept = forward ? found.slice(0, limit) : found.slice(-limit).reverse()
    response.json({
      status: 'success',
      data: { resultType: 'streams', result: streams(kept), stats: {} },
    })
  })
  app.get('/loki/api/v1/labels', (_request, response) => {
    response.json({ status: 'success', data: ['app', 'level', 'service'] })
  })
  app.get('/loki/api/v1/label/:name/values', (request, response) => {
    const { name } = request.params
    const values = name === 'level' ? logs.map(({ level }) => level) : logs.map(({ service }) => service)
    response.json({ status: 'success', data: [...new Set(values)].sort() })
  })
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const status = error instanceof BadLogQuery ? 400 : 500
    response
      .status(status)
      .type('text/plain')
      .send(error instanceof Error ? error.message : String(error))
  })
  const server = await listen(app, listenOptions)
  return {
    ...server,
    setFault: health.set,
    show: (shown, at) => {
      logs = shown
      anchor = at
    },
  }
}

/** Parses a time parameter: nanoseconds, seconds with decimals, or RFC 3339. Returns epoch ms. */
const instantOf = (text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise
  const number = Number(text)
  const at = Number.isNaN(number) ? Date.parse(text) : text.length > 14 ? number / 1e6 : number * 1000
  if (Number.isNaN(at)) throw new BadLogQuery(`could not parse ${text} as a time`)
  return at
}

const streams = (lines: readonly WrittenLine[]) =>
  [...Map.groupBy(lines, ({ labels }) => JSON.stringify(labels)).values()].map((members) => ({
    stream: members[0]?.labels,
    values: members.map(({ at, text }) => [`${at}000000`, text]),
  }))
