import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** Bodies over this are refused, unpacked: PagerDuty promises at most 256 KB, the others are far below. */
const LARGEST_BODY = 1024 * 1024

/** The bytes a sender signed, unpacked where it packed them; a word for why not. */
export const readBody = (request: IncomingMessage): Promise<Buffer | 'too large' | 'unreadable'> =>
  new Promise((resolve) => {
    const stream = unpacked(request)
    if (!stream) return resolve('unreadable')
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return resolve('too large')
    const chunks: Buffer[] = []
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= LARGEST_BODY) return void chunks.push(chunk)
      stream.pause()
      resolve('too large')
    })
    stream.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    stream.once('error', () => resolve('unreadable'))
    // Gone in the middle of the body: there is nobody to answer, and nothing whole to take.
    request.once('close', () => {
      if (!request.complete) resolve('unreadable')
    })
  })

const unpacked = (request: IncomingMessage): Readable | undefined => {
  switch (request.headers['content-encoding']?.toLowerCase() ?? 'identity') {
    case 'identity':
      return request
    case 'gzip':
      return request.pipe(createGunzip())
    case 'deflate':
      return request.pipe(createInflate())
    case 'br':
      return request.pipe(createBrotliDecompress())
    default:
      return undefined
  }
}
