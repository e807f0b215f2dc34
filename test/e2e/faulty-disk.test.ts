import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { type serve as Serve, serve, startWorld, until } from './stack.ts'

/** Muster as a process of its own on a SQLite file, ready for webhooks. */
const running = async (options: Parameters<typeof Serve>[1] = {}) => {
  const world = await startWorld({ env: { METRICS_TOKEN: 'metrics-token-for-the-test', LOG_LEVEL: 'info' } })
  const muster = serve({ ...world.environment, MUSTER_CONFIG: await world.writeSettings() }, options)
  onTestFinished(async () => {
    await muster.kill()
    await world.stop()
  })
  const get = (path: string) =>
    fetch(`${world.musterUrl}${path}`, { headers: { authorization: 'Bearer metrics-token-for-the-test' } })
  await until('Muster to listen', () =>
    get('/healthz').then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  let alerts = 0
  const alert = () => world.alertmanager({ name: `Alert ${++alerts}`, service: `service-${alerts}` })
  const file = world.environment.DATABASE_URL!.slice('sqlite:'.length)
  const readiness = async () => {
    const response = await get('/readyz')
    return { status: response.status, text: await response.text() }
  }
  return { ...world, muster, get, alert, file, readiness }
}

/** Sends alerts until one is refused. */
const untilRefused = async (alert: () => Promise<Response>): Promise<number> => {
  for (let sent = 0; sent < 500; sent++) {
    const { status } = await alert()
    if (status !== 202) return status
  }
  throw new Error('500 alerts were accepted.')
}

test('on a full disk webhooks fail with a reason, /readyz reports it, and the log names the first cause', {
  timeout: 60_000,
}, async () => {
  const { alert, readiness, get, muster } = await running({ fileLimitKiB: 600 })
  expect(await untilRefused(alert)).toBe(503)
  await until('/readyz to notice', async () => (await readiness()).status === 503)
  expect((await readiness()).text).toMatch(/The (disk of the database is full|database file cannot be written)/)
  expect((await get('/healthz')).status).toBe(200)
  expect(muster.running()).toBe(true)
  expect(muster.logged()).not.toContain('no transaction is active')
})

test('a database locked by another program neither stops the process nor loses an alert once it is released', {
  timeout: 60_000,
}, async () => {
  const { alert, readiness, get, file } = await running()
  expect((await alert()).status).toBe(202)
  const other = new Sqlite(file)
  onTestFinished(() => {
    other.close()
  })
  other.exec('begin immediate')
  const answers = Array.from({ length: 20 }, alert)
  // Answered while the others wait: the process is free.
  expect((await get('/healthz')).status).toBe(200)
  expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([503]))
  expect(await readiness()).toMatchObject({ status: 503, text: expect.stringContaining('locked by another program') })
  other.exec('rollback')
  await until('Muster to be ready', async () => (await readiness()).status === 200)
  expect((await alert()).status).toBe(202)
})

test('a database file with damaged pages is reported, and the process keeps running', { timeout: 60_000 }, async () => {
  const { alert, readiness, get, file, muster } = await running()
  for (let i = 0; i < 20; i++) expect((await alert()).status).toBe(202)
  const other = new Sqlite(file)
  other.pragma('wal_checkpoint(TRUNCATE)')
  other.close()
  const size = statSync(file).size
  const handle = openSync(file, 'r+')
  // Everything but the header and the schema.
  writeSync(handle, Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192)
  closeSync(handle)
  // Pages that SQLite still holds in memory are fine; sooner or later it reads one from the file.
  expect(await untilRefused(alert)).toBe(503)
  await until('/readyz to notice', async () => (await readiness()).status === 503)
  expect((await readiness()).text).toContain('The database file is damaged; restore a backup')
  expect((await get('/healthz')).status).toBe(200)
  expect(muster.running()).toBe(true)
})
