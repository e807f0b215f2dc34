import { type ChildProcess, fork } from 'node:child_process'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** In the server's process: serves on a free port of this machine, and says which, and how much CPU time it took so far. */
export const tell = (server: Server): void => {
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuSeconds: (user + system) / 1_000_000 })
  })
  process.on('disconnect', () => process.exit())
}

/** A server in a process of its own. */
export type ServerProcess = { port: number; cpuSeconds(): Promise<number>; stop(): Promise<void> }

/** Starts one; what it logs is thrown away after it was written. */
export const startServer = async (file: URL, ...args: string[]): Promise<ServerProcess> => {
  const child = fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const { port } = await messageOf<{ port: number }>(child)
  return {
    port,
    cpuSeconds: async () => {
      const answer = messageOf<{ cpuSeconds: number }>(child)
      child.send('cpu')
      return (await answer).cpuSeconds
    },
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
    },
  }
}

const messageOf = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`The server ended with ${code}.`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      // Only our own `tell` speaks on this channel.
      resolve(message as Message)
    })
  })
