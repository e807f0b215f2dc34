import type { Response } from 'express'

/** How often a silent stream says something, so that proxies keep it open, in milliseconds. */
const HEARTBEAT_MS = 15_000

/** Opens a stream of server-sent events on a response; `closed` runs once when the reader has gone. */
export function openEventStream(response: Response, closed: () => void): (data: unknown) => void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  })
  response.write(': open\n\n')
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    closed()
  })
  return (data) => response.write(`data: ${JSON.stringify(data)}\n\n`)
}
