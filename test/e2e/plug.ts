import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '../../sandbox/free-port.ts'

/** Stands between a program and its database, and can hold everything back or pull the plug. */
export const plugged = async (url: string) => {
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
    /** Nothing comes through any more, and nobody is told. */
    hold: (): void => {
      held = true
    },
    pull: async (): Promise<void> => {
      held = false
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      if (server.listening) await new Promise((closed) => server.close(closed))
    },
    putBack: () => listen(port),
  }
}
