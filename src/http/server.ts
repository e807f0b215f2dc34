import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { within } from '../platform/time-limit.ts'

/** Time limit for a whole request, headers and body; PagerDuty itself times out after 5 s. */
const REQUEST_TIMEOUT_MS = 5_000
/** How often Node checks for requests over that limit; its default is 30 s. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000
/** Longer than load balancers keep idle connections (60 s on AWS), so that they never write into one that is closing. */
const KEEP_ALIVE_MS = 65_000
/** Time for requests under way to be answered when the server closes. */
const CLOSE_WITHIN_MS = 1_000
/** Connections in total, and those of one address, whose longest waiting one gives way to a new one. */
const MAX_CONNECTIONS = 10_000
const MAX_CONNECTIONS_PER_ADDRESS = 2_000

export type ListenOptions = { port: number; host: string; requestTimeoutMs?: number; maxPerAddress?: number }

/**
 * Opens the port, with limits against clients that open connections and complete no request.
 * @throws one sentence when the port is taken or the address is not this machine's.
 */
export const listen = (
  http: RequestListener,
  { port, host, requestTimeoutMs = REQUEST_TIMEOUT_MS, maxPerAddress = MAX_CONNECTIONS_PER_ADDRESS }: ListenOptions,
): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(
      {
        // Node answers 408 and closes the connection, whether the headers or the body are slow.
        headersTimeout: requestTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_INTERVAL_MS, requestTimeoutMs),
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      http,
    )
    server.maxConnections = MAX_CONNECTIONS
    limitPerAddress(server, maxPerAddress)
    server.once('listening', () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port, host)))
    server.listen(port, host)
  })

/** Takes no more requests, and ends connections whose request is not answered in time. */
export const close = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await within(CLOSE_WITHIN_MS, closed, undefined)
  server.closeAllConnections()
  await closed
}

const explain = (error: NodeJS.ErrnoException, port: number, host: string): Error => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} is taken; set PORT to another one.`, { cause: error })
    case 'EACCES':
      return new Error(`Port ${port} needs more rights than this process has; set PORT to 1024 or higher.`, {
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is not an address of this machine; set HOST to one that is.`, { cause: error })
    default:
      return error
  }
}

/**
 * At the limit, the connection of the address that has waited longest without a complete request is closed in favour of
 * the new one: a flood of half requests displaces itself, and a genuine delivery beside it still gets through.
 */
const limitPerAddress = (server: Server, limit: number): void => {
  /** Connections by address, oldest first, each with its latest request. */
  const byAddress = new Map<string, Map<Socket, IncomingMessage | undefined>>()

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const sockets = byAddress.get(address) ?? new Map<Socket, IncomingMessage | undefined>()
    byAddress.set(address, sockets)
    sockets.set(socket, undefined)
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) byAddress.delete(address)
    })
    if (sockets.size <= limit) return
    for (const [candidate, request] of sockets) {
      // A complete request is being answered.
      if (request?.complete) continue
      sockets.delete(candidate)
      candidate.destroy()
      return
    }
  })
  server.on('request', (request: IncomingMessage, response) => {
    const sockets = byAddress.get(request.socket.remoteAddress ?? '')
    if (!sockets?.has(request.socket)) return
    sockets.set(request.socket, request)
    // Idle again, and the youngest of those that wait.
    response.once('close', () => {
      if (sockets.delete(request.socket)) sockets.set(request.socket, undefined)
    })
  })
}
