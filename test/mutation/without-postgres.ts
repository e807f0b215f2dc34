import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'

/** Offers no PostgreSQL: what is mutated is the same code on both databases. */
export default async ({ provide }: TestProject) => {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ reason: 'Mutation runs use SQLite only.' }))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  provide('postgres', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return () => void server.close()
}
