import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A running HTTP server of a fake service. */
export type Listening = {
  /** `http://127.0.0.1:40123`, without a trailing slash. */
  url: string
  /** Closes open connections too, so that tests and the demo can exit. */
  stop(): Promise<void>
}

export type ListenOptions = { /** Default 127.0.0.1. */ host?: string /** Default 0: any free port. */; port?: number }

/** Listens and returns the port. @throws when the port is in use, with a message for the user. */
export const openPort = async (server: Server, port: number, host: string): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use; choose another one with --port.`) : error,
      ),
    )
    server.listen(port, host, resolve)
  })
  // A server that listens on TCP always has an address with a port.
  return (server.address() as AddressInfo).port
}

/** Serves until stopped. Rejects when the port is in use. */
export const listen = async (
  handler: RequestListener,
  { host = '127.0.0.1', port = 0 }: ListenOptions = {},
): Promise<Listening> => {
  const server = createServer(handler)
  const opened = await openPort(server, port, host)
  return {
    url: `http://${host}:${opened}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
