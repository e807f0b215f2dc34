import { text } from 'node:stream/consumers'
import { type Listening, listen } from '../../sandbox/server.ts'

/** A received request. */
export type Recorded = { method: string; path: string; headers: Record<string, string | undefined>; body: string }

/** A real HTTP server that records requests and responds with `answer`. */
export const createRecorder = async (
  answer: (request: Recorded) => { status: number; body?: unknown } = () => ({ status: 202 }),
): Promise<Listening & { requests: Recorded[] }> => {
  const requests: Recorded[] = []
  const server = await listen(async (request, response) => {
    const { method = '', url = '', headers } = request
    const recorded = { method, path: url, headers: headers as Recorded['headers'], body: await text(request) }
    requests.push(recorded)
    const { status, body = {} } = answer(recorded)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return { ...server, requests }
}
