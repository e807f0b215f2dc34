import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A stand-in's HTTP server. */
export type Listening = {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  url: string
  /** Cuts open connections too: a test or demo must end. */
  stop(): Promise<void>
}

export type ListenOptions = { /** Default 127.0.0.1. */ host?: string /** Default 0: any free port. */; port?: number }

/** Serves until stopped. Rejects when the port is taken. */
export const listen = async (
  handler: RequestListener,
  { host = '127.0.0.1', port = 0 }: ListenOptions = {},
): Promise<Listening> => {
  const server = createServer(handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // A server that listens on TCP always has an address with a port.
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${host}:${actual}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
