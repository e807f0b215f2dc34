import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './control-api.ts'
import type { ExchangeLog } from './exchange-log.ts'
import { readableBody } from './readable-body.ts'

/** The service at the other end of a request to or from Muster. */
export type Peer = { with: string; direction: Exchange['direction'] }

type Started = { request: IncomingMessage; response: ServerResponse }

const CHANNEL = 'http.server.request.start'

/** The sender of a webhook to Muster, by its path; undefined for Muster's other routes. */
export const senderOf = (path: string): Peer | undefined => {
  const sender = /^\/webhooks\/(?:alerts\/)?([\w-]+)/.exec(path)?.[1]
  return sender === undefined ? undefined : { with: sender, direction: 'in' }
}

/**
 * Records every request handled by any HTTP server of this process for which `peerOf` names a peer. Stops when the
 * returned function is called.
 */
export function tapServers(options: {
  exchanges: Pick<ExchangeLog, 'add'>
  /** `port` is the port the request arrived at. Undefined: do not record. */
  peerOf: (port: number, path: string) => Peer | undefined
  /** Epoch ms. */
  now: () => number
}): () => void {
  const started = (message: unknown) => {
    const { request, response } = message as Started
    const path = request.url ?? '/'
    const peer = options.peerOf(request.socket.localPort ?? 0, path)
    if (peer) record(options, peer, path, request, response)
  }
  subscribe(CHANNEL, started)
  return () => void unsubscribe(CHANNEL, started)
}

function record(
  { exchanges, now }: Parameters<typeof tapServers>[0],
  peer: Peer,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const begun = performance.now()
  const at = now()
  const requestChunks = chunksOf(request)
  const responseChunks: Buffer[] = []
  const { write, end } = response
  response.write = ((...args: Parameters<typeof write>) => {
    keep(responseChunks, args[0])
    return write.apply(response, args)
  }) as typeof write
  response.end = ((...args: Parameters<typeof end>) => {
    keep(responseChunks, args[0])
    return end.apply(response, args)
  }) as typeof end
  response.once('close', () =>
    exchanges.add({
      ...peer,
      at,
      method: request.method ?? 'GET',
      path,
      request: readableBody(requestChunks, request.headers['content-type']),
      // 0: the connection was closed without a response.
      status: response.headersSent ? response.statusCode : 0,
      response: readableBody(responseChunks, String(response.getHeader('content-type') ?? '')),
      took: Math.round(performance.now() - begun),
    }),
  )
}

/**
 * Collects the request's body as its handler reads it. A `data` listener of our own would start the stream before the
 * handler is attached, so `emit` is wrapped instead.
 */
function chunksOf(request: IncomingMessage): Buffer[] {
  const chunks: Buffer[] = []
  const { emit } = request
  request.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === 'data') keep(chunks, args[0])
    return emit.call(request, event, ...args)
  }
  return chunks
}

function keep(chunks: Buffer[], chunk: unknown) {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as Uint8Array))
}
