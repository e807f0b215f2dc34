import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import rawBody from 'raw-body'

/** Limit for one body after decompression. PagerDuty promises at most 256 KB, the others are far below. */
const MAX_BODY_BYTES = 1024 * 1024
/** Limit for all bodies that are still arriving: thousands of slow senders must not fill the memory. */
const MAX_ARRIVING_BYTES = 64 * 1024 * 1024

export type BodyFailure = 'too large' | 'unreadable'

/** Reads a body as the sender signed it, decompressed where it was compressed. Never rejects. */
export type ReadBody = (request: IncomingMessage) => Promise<Buffer | BodyFailure>

/** @param maxArrivingBytes limit for all bodies that are still arriving, in bytes; over it the oldest is dropped. */
export const createReadBody = (maxArrivingBytes = MAX_ARRIVING_BYTES): ReadBody => {
  /** Bytes received so far, by request, oldest first. */
  const arriving = new Map<IncomingMessage, number>()
  let total = 0

  const add = (request: IncomingMessage, bytes: number): void => {
    arriving.set(request, (arriving.get(request) ?? 0) + bytes)
    total += bytes
    // Genuine senders deliver within milliseconds, so the oldest is the slowest.
    while (total > maxArrivingBytes) {
      const [oldest] = arriving.keys()
      if (!oldest) return
      remove(oldest)
      oldest.destroy()
    }
  }
  const remove = (request: IncomingMessage): void => {
    total -= arriving.get(request) ?? 0
    arriving.delete(request)
  }

  return async (request) => {
    const stream = decompressed(request)
    if (!stream) return 'unreadable'
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return 'too large'
    const count = (chunk: Buffer) => add(request, chunk.length)
    stream.on('data', count)
    try {
      return await rawBody(stream, { limit: MAX_BODY_BYTES })
    } catch (error) {
      // raw-body only pauses a stream it refuses; a decompressor would keep its buffers. The request itself stays open
      // for the answer, which closes the connection.
      if (stream !== request) stream.destroy()
      return (error as rawBody.RawBodyError).type === 'entity.too.large' ? 'too large' : 'unreadable'
    } finally {
      // Node still drains what a rejected sender continues to send.
      stream.off('data', count)
      remove(request)
    }
  }
}

const decompressed = (request: IncomingMessage): Readable | undefined => {
  switch (request.headers['content-encoding']?.toLowerCase() ?? 'identity') {
    case 'identity':
      return request
    case 'gzip':
      return decompress(request, createGunzip())
    case 'deflate':
      return decompress(request, createInflate())
    case 'br':
      return decompress(request, createBrotliDecompress())
    default:
      return undefined
  }
}

const decompress = <Stream extends Readable & NodeJS.WritableStream>(
  request: IncomingMessage,
  stream: Stream,
): Stream => {
  // `pipe` does not pass on that the sender has gone: without this the read would never end.
  request.once('close', () => {
    if (!request.complete) stream.destroy(new Error('the sender closed the connection'))
  })
  return request.pipe(stream)
}
