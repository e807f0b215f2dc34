import type { IncomingMessage, ServerResponse } from 'node:http'

/** Reads a request body. @throws when it exceeds `maxBytes`. */
export const readBody = async (request: IncomingMessage, maxBytes = 64 * 1024 * 1024): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`The request body is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): string => {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
  response.end(text)
  return text
}

export const sendText = (response: ServerResponse, status: number, text: string): string => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
  return text
}
