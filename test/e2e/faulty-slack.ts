import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../sandbox/free-port.ts'

/** The ways in which Slack's Web API has been seen to fail. */
export const FAULTS = [
  'http_500',
  'reset',
  'rate_limited',
  'internal_error',
  'hang',
  'slow',
  'invalid_auth',
  'token_revoked',
  'html',
  'half_body',
  'dead_port',
] as const
export type Fault = (typeof FAULTS)[number]

const SLOW_MS = 9_000

/** Stands between Muster and Slack's Web API, and can make it ill. */
export const startFaultySlack = async () => {
  let upstream: URL | undefined
  let fault: Fault | undefined
  /** When calls arrived, epoch ms. */
  const calls: number[] = []

  const sendJson = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

  const forward = (incoming: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const { hostname, port, pathname } = upstream as URL
    const path = pathname.replace(/\/+$/, '') + incoming.url
    const outgoing = request({ hostname, port, path, method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    outgoing.end(body)
  }

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls.push(Date.now())
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    switch (fault) {
      case 'http_500':
        return void response.writeHead(500).end('upstream connect error')
      case 'reset':
        return void incoming.socket.resetAndDestroy()
      case 'rate_limited':
        return sendJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': '1' })
      case 'internal_error':
      case 'invalid_auth':
      case 'token_revoked':
        return sendJson(response, 200, { ok: false, error: fault })
      case 'hang':
        return
      case 'slow':
        await sleep(SLOW_MS)
        return forward(incoming, body, response)
      case 'html':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>')
      case 'half_body':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' }).write('{"ok":tr')
        return void setTimeout(() => response.destroy(), 20)
      default:
        return forward(incoming, body, response)
    }
  }

  const listen = async (port: number): Promise<Server> => {
    const server = createServer((incoming, response) => {
      handle(incoming, response).catch(() => response.destroy())
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  const close = async (server: Server) => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  const port = await freePort()
  let server = await listen(port)
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Where healthy calls go: Slack's `SLACK_API_URL`. */
    forwardTo: (url: string): void => {
      upstream = new URL(url)
    },
    fail: async (how: Fault): Promise<void> => {
      fault = how
      if (how === 'dead_port') await close(server)
    },
    recover: async (): Promise<void> => {
      if (fault === 'dead_port') server = await listen(port)
      fault = undefined
    },
    /** How many calls arrived since then (epoch ms). */
    callsSince: (since: number): number => calls.filter((at) => at >= since).length,
    stop: () => close(server),
  }
}

export type IllSlack = Awaited<ReturnType<typeof startFaultySlack>>
