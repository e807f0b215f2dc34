import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that Linux hands out for outgoing connections (from 32768): a port from there is free when it is
 * looked at, and taken by some other test's connection a moment later.
 */
const LOWEST = 10_000
const HIGHEST = 32_000

/** An unused port on the loopback interface; drawn at random, so that workers do not draw the same one. */
export const freePort = async (): Promise<number> => {
  for (let attempts = 0; attempts < 100; attempts++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
  throw new Error('No free port.')
}

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
