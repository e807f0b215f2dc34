import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { openStore } from '../../src/store/store.ts'
import { act } from '../incident/facts.ts'
import { opened, postgres, T } from './databases.ts'

/** Stands between the store and the database, and can pull the plug. */
const plug = async (url: string) => {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const upstream = connectSocket(Number(target.port), target.hostname)
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.pipe(to)
    }
  })
  const listen = (port: number) => new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  await listen(0)
  const { port } = server.address() as { port: number }
  const pull = async () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    await new Promise((closed) => server.close(closed))
  }
  onTestFinished(() => pull().catch(() => {}))
  return { url: url.replace(`:${target.port}/`, `:${port}/`), pull, putBack: () => listen(port) }
}

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})

describe.skipIf(postgres.missing)('when PostgreSQL goes away', () => {
  test('every write and read fails with a clear error, and the next ones succeed when it is back', async () => {
    const plugged = await plug(await postgres.fresh())
    const store = await opened(plugged.url)
    await store.write(declaring('before'))
    await plugged.pull()
    const results = await Promise.allSettled([store.write(declaring('a')), store.write(declaring('b')), store.ping()])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const reason = (results[0] as PromiseRejectedResult).reason as Error
    expect(reason.message).toMatch(/^The database cannot be reached: /)
    expect(reason.message).not.toContain('password')
    await expect(store.read('INC-1')).rejects.toThrow()
    await plugged.putBack()
    expect((await store.write(declaring('after'))).incident?.id).toBe('INC-2')
    expect((await store.list()).map(({ title }) => title)).toEqual(['after', 'before'])
  })

  test('opening says so, too', async () => {
    const plugged = await plug(await postgres.fresh())
    await plugged.pull()
    await expect(openStore(plugged.url, () => T)).rejects.toThrow(/^The database cannot be reached: /)
  })
})
