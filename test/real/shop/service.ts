import { createServer } from 'node:http'
import { createConnection } from 'mysql2/promise'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { loginOf } from '../mariadb.ts'

/**
 * One service of the shop, a process of its own: answers every path after it has asked the services it depends on and,
 * where it has one, its database. `POST /leak` makes it forget to close its connections.
 */
type Settings = { port: number; calls: Record<string, string>; database?: number }

const { port, calls, database } = JSON.parse(process.argv[2] ?? '{}') as Settings

const registers = [new Registry()]
collectDefaultMetrics({ register: registers[0] as Registry })
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const served = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Requests served.',
  labelNames: ['code'],
  buckets,
  registers,
})
const requested = new Histogram({
  name: 'http_client_request_duration_seconds',
  help: 'Requests made to other services.',
  labelNames: ['target', 'code'],
  buckets,
  registers,
})
const queried = new Histogram({
  name: 'db_client_operation_duration_seconds',
  help: 'Queries made, with the connection they are made over.',
  labelNames: ['db_system_name', 'error_type'],
  buckets,
  registers,
})

let leaking = false

const ask = async (target: string, url: string): Promise<boolean> => {
  const end = requested.startTimer({ target })
  const answer = await fetch(url).catch(() => undefined)
  await answer?.body?.cancel()
  end({ code: String(answer?.status ?? 0) })
  return answer?.ok ?? false
}

const order = async (login: ReturnType<typeof loginOf>): Promise<boolean> => {
  const end = queried.startTimer({ db_system_name: 'mariadb' })
  try {
    const connection = await createConnection(login)
    await connection.query('INSERT INTO orders (note) VALUES (?)', ['one more'])
    if (!leaking) await connection.end()
    end()
    return true
  } catch (error) {
    end({ error_type: (error as { code?: string }).code ?? 'unknown' })
    return false
  }
}

createServer(async (request, response) => {
  if (request.url === '/metrics') {
    response.setHeader('content-type', registers[0]?.contentType ?? '')
    response.end(await registers[0]?.metrics())
    return
  }
  if (request.url === '/leak') {
    leaking = true
    response.end()
    return
  }
  const end = served.startTimer()
  const answers = await Promise.all([
    ...Object.entries(calls).map(([target, url]) => ask(target, url)),
    ...(database ? [order(loginOf(database))] : []),
  ])
  response.statusCode = answers.every(Boolean) ? 200 : 503
  end({ code: String(response.statusCode) })
  response.end()
}).listen(port, '127.0.0.1')
