import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { AppRequest, AppResponse, Delivery, DeliveryOptions } from './delivery.ts'
import { createRetries, type Failure, type Retry } from './retries.ts'

const maxSockets = 10
/** Slack's client drops a connection after 30 s without a ping. */
const pingEveryMs = 10_000
const closeWithinMs = 300

type Waiting = { socket: WebSocket; settle: (response: AppResponse) => void }

export type SocketDelivery = Delivery & {
  /** A path with a ticket for one connection. */
  ticket: () => string
  /** Handles the HTTP upgrade to a WebSocket. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  connections: () => number
  drop: () => void
  disconnect: (reason: string) => void
}

/** Socket Mode: the app connects to Slack; each payload goes to one of its connections. */
export const socketDelivery = ({
  appId,
  ackTimeoutMs,
  retryDelaysMs,
}: DeliveryOptions & { appId: string }): SocketDelivery => {
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const sockets: WebSocket[] = []
  const waiting = new Map<string, Waiting>()
  const retries = createRetries(retryDelaysMs)

  const ticket = (): string => {
    const value = randomUUID()
    tickets.add(value)
    return `/link/?ticket=${value}&app_id=${appId}`
  }

  const upgrade: SocketDelivery['upgrade'] = (request, socket, head) => {
    const used = new URL(request.url ?? '/', 'ws://slack').searchParams.get('ticket') ?? ''
    if (!tickets.delete(used)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    server.handleUpgrade(request, socket, head, connected)
  }

  const connected = (socket: WebSocket): void => {
    if (sockets.length >= maxSockets) {
      socket.send(
        JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'sandbox' } }),
      )
      socket.close()
      return
    }
    sockets.push(socket)
    socket.on('message', (data) => acknowledged(String(data)))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => closed(socket))
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        connection_info: { app_id: appId },
        debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
      }),
    )
    retries.retryNow()
  }

  const acknowledged = (data: string): void => {
    const { envelope_id, payload } = JSON.parse(data) as { envelope_id?: string; payload?: Record<string, unknown> }
    const filled = payload && Object.keys(payload).length > 0
    waiting.get(envelope_id ?? '')?.settle({ acked: true, ...(filled && { body: payload }) })
  }

  const closed = (socket: WebSocket): void => {
    sockets.splice(sockets.indexOf(socket), 1)
    // Unacknowledged requests on this connection have failed.
    for (const { socket: owner, settle } of [...waiting.values()])
      if (owner === socket) settle({ acked: false, error: 'dispatch_failed' })
  }

  /** Sends to the least recently used connection. */
  const send = (request: AppRequest, retry?: Retry): Promise<AppResponse> => {
    const socket = sockets.shift()
    if (!socket) return Promise.resolve({ acked: false, error: 'dispatch_failed' })
    sockets.push(socket)
    const id = randomUUID()
    const envelope = {
      envelope_id: id,
      type: request.kind,
      payload: request.payload,
      accepts_response_payload: request.kind !== 'events_api',
      ...(retry && { retry_attempt: retry.number, retry_reason: retry.reason }),
    }
    return new Promise((resolve) => {
      const settle = (response: AppResponse): void => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(response)
      }
      const timer = setTimeout(() => settle({ acked: false, error: 'operation_timeout' }), ackTimeoutMs)
      waiting.set(id, { socket, settle })
      socket.send(JSON.stringify(envelope))
    })
  }

  const attempt = async (request: AppRequest, retry?: Retry): Promise<Failure | undefined> => {
    const response = await send(request, retry)
    if (response.acked) return undefined
    return { reason: response.error === 'operation_timeout' ? 'timeout' : 'connection_failed' }
  }

  const drop = (): void => {
    for (const socket of [...sockets]) socket.terminate()
  }

  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping()
  }, pingEveryMs)

  return {
    ticket,
    upgrade,
    connections: () => sockets.length,
    request: (request) => send(request),
    sendEvent: (request) => retries.start((retry) => attempt(request, retry)),
    settled: retries.settled,
    drop,
    disconnect: (reason) => {
      for (const socket of [...sockets]) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }))
        socket.close()
      }
    },
    stop: async () => {
      clearInterval(pings)
      retries.stop()
      const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of [...sockets]) socket.close(1001)
      // Terminate clients that do not complete the closing handshake.
      const forced = setTimeout(drop, closeWithinMs)
      await Promise.all(closed)
      clearTimeout(forced)
      server.close()
    },
  }
}
