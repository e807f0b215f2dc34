import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that arrived. */
export type Request = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}
/** What to answer; `hang` never answers. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: unknown; text?: string; bytes?: Buffer }
  | 'hang'

/** A real HTTP server on a free port that returns the given answers and records its requests. */
export const serve = async (answer: (request: Request) => Answer) => {
  const requests: Request[] = []
  /** Those whose sender went away before the answer. */
  const abandoned: Request[] = []
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const url = new URL(incoming.url ?? '/', 'http://localhost')
    const request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(request)
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) abandoned.push(request)
    })
    const answered = answer(request)
    if (answered === 'hang') return
    const text = answered.bytes ?? answered.text ?? (answered.body === undefined ? '' : JSON.stringify(answered.body))
    outgoing.writeHead(answered.status ?? 200, { 'content-type': 'application/json', ...answered.headers }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    abandoned,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
