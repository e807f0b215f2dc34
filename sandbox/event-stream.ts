import type { Response } from 'express'

/** Interval between keep-alive comments, in milliseconds: proxies close silent streams. */
const HEARTBEAT_MS = 15_000

/** Starts a stream of server-sent events and returns its `send`. `closed` is called once, when the client disconnects. */
export function openEventStream(response: Response, closed: () => void): (data: unknown) => void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  })
  response.write(': open\n\n')
  const heartbeat = setInterval(() => response.write(': keep-alive\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    closed()
  })
  return (data) => response.write(`data: ${JSON.stringify(data)}\n\n`)
}
