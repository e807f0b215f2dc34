import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { freePort } from '../../sandbox/free-port.ts'

const run = promisify(execFile)

/** Debian: `apt-get install mariadb-server prometheus-mysqld-exporter`. */
export const mariadbInstalled = (): boolean =>
  ['mariadbd', 'mariadb-install-db', 'prometheus-mysqld-exporter'].every(
    (program) => spawnSync(program, ['--version']).error === undefined,
  )

export type MariaDb = {
  port: number
  /** Where its exporter serves metrics, `127.0.0.1:9104`. */
  exporter: string
  stop(): Promise<void>
}

const PASSWORD = 'shop'

/** How the shop and the exporter log in. */
export const loginOf = (port: number) => ({
  host: '127.0.0.1',
  port,
  user: 'shop',
  password: PASSWORD,
  database: 'shop',
})

/** A MariaDB of its own with a table of orders, and the exporter that Debian ships. `stop` ends both and removes their files. */
export const startMariaDb = async ({ maxConnections }: { maxConnections: number }): Promise<MariaDb> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-mariadb-'))
  const data = join(folder, 'data')
  const socket = join(folder, 'mariadb.sock')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    ...user,
  ])
  const port = await freePort()
  const server = spawn(
    'mariadbd',
    [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--max-connections=${maxConnections}`,
      '--performance-schema=OFF',
      '--innodb-buffer-pool-size=16M',
    ],
    { stdio: 'ignore' },
  )
  const admin = await connected(socket)
  for (const statement of [
    'CREATE DATABASE shop',
    'CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(40))',
    `CREATE USER shop@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`,
    "GRANT ALL ON shop.* TO shop@'127.0.0.1'",
    `CREATE USER exporter@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`,
    // With this it may use the one connection that the server keeps back when all others are taken.
    "GRANT PROCESS, REPLICATION CLIENT, SLAVE MONITOR, CONNECTION ADMIN ON *.* TO exporter@'127.0.0.1'",
    "GRANT SELECT ON *.* TO exporter@'127.0.0.1'",
  ])
    await admin.query(statement)
  await admin.end()
  const exporterPort = await freePort()
  const exporter = spawn(
    'prometheus-mysqld-exporter',
    [`--web.listen-address=127.0.0.1:${exporterPort}`, '--collect.info_schema.processlist'],
    { stdio: 'ignore', env: { ...process.env, DATA_SOURCE_NAME: `exporter:${PASSWORD}@(127.0.0.1:${port})/` } },
  )
  return {
    port,
    exporter: `127.0.0.1:${exporterPort}`,
    stop: async () => {
      for (const child of [exporter, server]) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await gone
        clearTimeout(patience)
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const connected = async (socketPath: string) => {
  for (let waited = 0; ; waited += 100) {
    try {
      return await createConnection({ socketPath, user: 'root' })
    } catch (error) {
      if (waited >= 60_000) throw error
      await sleep(100)
    }
  }
}
