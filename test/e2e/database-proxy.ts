import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '../../sandbox/free-port.ts'

/** A TCP proxy between a program and its database that can stall or cut every connection. */
export const startDatabaseProxy = async (url: string) => {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let held = false
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.on('data', (bytes) => {
        if (!held) to.write(bytes)
      })
    }
  })
  const listen = (port: number) => new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const port = await freePort()
  await listen(port)
  return {
    url: url.replace(`:${target.port}/`, `:${port}/`),
    /** Stalls: connections stay open, and bytes are dropped. */
    hold: (): void => {
      held = true
    },
    cut: async (): Promise<void> => {
      held = false
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      if (server.listening) await new Promise((closed) => server.close(closed))
    },
    restore: () => listen(port),
  }
}
