import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './control-api.ts'
import type { ExchangeLog } from './exchange-log.ts'
import { readableBody } from './readable-body.ts'

/** Who a request concerns: `undefined` for one that is not between Muster and the outside. */
export type Party = { with: string; direction: Exchange['direction'] }

type Started = { request: IncomingMessage; response: ServerResponse }

const CHANNEL = 'http.server.request.start'

/** Who sends a webhook to Muster, by its path; undefined for any other request that Muster answers. */
export const senderOf = (path: string): Party | undefined => {
  const sender = /^\/webhooks\/(?:alerts\/)?([\w-]+)/.exec(path)?.[1]
  return sender === undefined ? undefined : { with: sender, direction: 'in' }
}

/**
 * Notes every request that any server of this process answers; nothing needs to know that it is watched. `partyOf` tells
 * by address and path whether it is of interest. Ends with the returned function.
 */
export function tapServers(options: {
  exchanges: Pick<ExchangeLog, 'add'>
  /** `port` is the answering server's. */
  partyOf: (port: number, path: string) => Party | undefined
  /** Epoch ms. */
  now: () => number
}): () => void {
  const started = (message: unknown) => {
    const { request, response } = message as Started
    const path = request.url ?? '/'
    const party = options.partyOf(request.socket.localPort ?? 0, path)
    if (party) note(options, party, path, request, response)
  }
  subscribe(CHANNEL, started)
  return () => void unsubscribe(CHANNEL, started)
}

function note(
  { exchanges, now }: Parameters<typeof tapServers>[0],
  party: Party,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const begun = performance.now()
  const at = now()
  const asked = chunksOf(request)
  const answered: Buffer[] = []
  const { write, end } = response
  response.write = ((...args: Parameters<typeof write>) => {
    keep(answered, args[0])
    return write.apply(response, args)
  }) as typeof write
  response.end = ((...args: Parameters<typeof end>) => {
    keep(answered, args[0])
    return end.apply(response, args)
  }) as typeof end
  response.once('close', () =>
    exchanges.add({
      ...party,
      at,
      method: request.method ?? 'GET',
      path,
      request: readableBody(asked, request.headers['content-type']),
      // Nothing was answered: the connection was cut.
      status: response.headersSent ? response.statusCode : 0,
      response: readableBody(answered, String(response.getHeader('content-type') ?? '')),
      took: Math.round(performance.now() - begun),
    }),
  )
}

/**
 * What is read from a request, as it is read. A `data` listener would start the flow before its handler is ready, so the
 * events are observeDelivery instead.
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
