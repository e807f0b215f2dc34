import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as the server saw it: what tests hold a client against. */
export type Asked = { method: string; path: string; authorization: string | undefined; form: URLSearchParams }

/** A local HTTP server that answers the way a test wants Prometheus, or what stands in its place, to answer. */
export const answering = async (
  answer: (requests: Asked, response: ServerResponse, request: IncomingMessage) => unknown,
) => {
  const requests: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url: path = '', headers } = request
    const one = { method, path, authorization: headers.authorization, form: new URLSearchParams(body) }
    requests.push(one)
    answer(one, response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers with a recorded payload of `test/fixtures/prometheus`. */
export const payload = (response: ServerResponse, status: number, file: string) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(recorded(file))

export const recorded = (file: string) =>
  readFileSync(new URL(`../../fixtures/prometheus/${file}.json`, import.meta.url), 'utf8')
