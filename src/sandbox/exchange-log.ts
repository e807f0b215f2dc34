import type { RequestHandler } from 'express'
import type { Exchange } from './stage-view.ts'

/** Bodies longer than this many characters are cut: the inspector is for reading. */
const BODY_LIMIT = 20_000

export type ExchangeLog = ReturnType<typeof createExchangeLog>

/**
 * Remembers the last requests between Muster and the outside. Mount `record('slack', 'out')` before a fake's routes, or
 * `record('pagerduty', 'in')` before Muster's webhooks; what does not travel by HTTP (Socket Mode) is told with `add`.
 */
export function createExchangeLog({ limit = 500, now }: { limit?: number; now: () => number }) {
  let exchanges: Exchange[] = []
  let lastId = 0
  const listeners = new Set<(exchange: Exchange) => void>()

  /** Notes an exchange, newest first, and tells whoever watches. */
  function add(exchange: Omit<Exchange, 'id' | 'at'> & { at?: number }) {
    const noted = { at: now(), ...exchange, id: ++lastId }
    exchanges = [noted, ...exchanges].slice(0, limit)
    for (const listener of listeners) listener(noted)
  }

  /** Express middleware that notes what passes, whatever handles it. */
  function record(name: string, direction: Exchange['direction']): RequestHandler {
    return (request, response, next) => {
      const at = now()
      const asked: Buffer[] = []
      const answered: Buffer[] = []
      request.on('data', (chunk: Buffer) => asked.push(chunk))
      const { write, end } = response
      response.write = ((...args: Parameters<typeof write>) => {
        keep(answered, args[0])
        return write.apply(response, args)
      }) as typeof write
      response.end = ((...args: Parameters<typeof end>) => {
        keep(answered, args[0])
        return end.apply(response, args)
      }) as typeof end
      response.on('finish', () =>
        add({
          at,
          with: name,
          direction,
          method: request.method,
          path: request.originalUrl,
          request: readable(asked, request.headers['content-type']),
          status: response.statusCode,
          response: readable(answered, String(response.getHeader('content-type') ?? '')),
          took: now() - at,
        }),
      )
      next()
    }
  }

  return {
    add,
    record,
    /** Newest first. */
    list: () => exchanges,
    watch(listener: (exchange: Exchange) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function keep(chunks: Buffer[], chunk: unknown) {
  if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
  else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
}

function readable(chunks: Buffer[], type = ''): string {
  const bytes = Buffer.concat(chunks)
  if (bytes.length === 0) return ''
  if (/^(image|application\/octet-stream|multipart)/.test(type)) return `${bytes.length} bytes of ${type.split(';')[0]}`
  const text = bytes.toString('utf8')
  const told = type.startsWith('application/x-www-form-urlencoded') ? formAsJson(text) : text
  return told.length > BODY_LIMIT ? `${told.slice(0, BODY_LIMIT)}…` : told
}

/** A form as JSON, with the JSON inside its fields opened up: how Slack's SDK sends blocks. */
function formAsJson(text: string): string {
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [name, name === 'token' ? '…' : opened(value)])
  return JSON.stringify(Object.fromEntries(fields))
}

function opened(value: string): unknown {
  if (!/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
