import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serve, startWorld, until } from './stack.ts'

/** A limit on the size of files stops writes as a full disk does, for one process and without a disk of its own. */
const prlimit = (pid: number | undefined, bytes: number | 'unlimited') =>
  spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0
if (!hasPrlimit && process.env.MUSTER_REQUIRE_ALL === '1') throw new Error('prlimit (util-linux) is not installed.')

test.skipIf(!hasPrlimit)(
  'while the disk is full, /readyz and webhooks both respond 503, and both recover',
  { timeout: 90_000 },
  async () => {
    const world = await startWorld({ env: { LOG_LEVEL: 'info' } })
    const muster = serve({ ...world.environment, MUSTER_CONFIG: await world.writeSettings() })
    onTestFinished(async () => {
      if (muster.running()) await muster.kill()
      await world.stop()
    })
    const readiness = async () => {
      const response = await world.inside('/readyz').catch(() => undefined)
      return response && { status: response.status, text: await response.text() }
    }
    let alerts = 0
    const send = async () =>
      (await world.alertmanager({ name: `Alert ${++alerts}`, service: `service-${alerts}` })).status
    await until('Muster to be ready', async () => (await readiness())?.status === 200)
    expect(await send()).toBe(202)

    const file = join(world.folder, 'muster.db')
    const largest = Math.max(...[file, `${file}-wal`].filter(existsSync).map((one) => statSync(one).size))
    prlimit(muster.pid, largest)
    // SQLite reuses its write-ahead log, so the limit is felt once that is used up.
    await until('a webhook to be refused', async () => (await send()) === 503)
    await until('/readyz to say so', async () => (await readiness())?.status === 503)
    expect((await readiness())?.text).toMatch(/^not ready\nThe store cannot be written: \S/)
    expect(await send()).toBe(503)
    const logged = muster
      .logged()
      .split('\n')
      .filter((line) => line.includes('not ready: the store cannot be written'))
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatch(/full|disk|I\/O|written/)
    expect(logged[0]).not.toContain('cannot rollback')

    prlimit(muster.pid, 'unlimited')
    await until('Muster to be ready again', async () => (await readiness())?.status === 200)
    expect(await send()).toBe(202)
    expect(await muster.terminate()).toBe(0)
  },
)
