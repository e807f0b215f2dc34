import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject, onTestFinished } from 'vitest'
import { openStore, type Store } from '../../src/store/store.ts'

/** A kind of database the contract is held against. */
export type Kind = {
  name: string
  /** Why it cannot be had here. */
  missing?: string
  /** The address of a new, empty one. */
  fresh(): Promise<string>
  /** Can two stores open one address? */
  shared: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'muster-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const askForPostgres = async (): Promise<{ url?: string; reason?: string }> =>
  (await fetch(inject('postgres'), { method: 'POST' })).json() as Promise<{ url?: string; reason?: string }>

export const memory: Kind = { name: 'SQLite in memory', fresh: async () => 'sqlite::memory:', shared: false }

export const file: Kind = {
  name: 'SQLite in a file',
  fresh: async () => `sqlite:${join(folder, `${++files}.db`)}`,
  shared: true,
}

const { reason } = await askForPostgres()
if (reason !== undefined) {
  const sentence = `PostgreSQL was not tested. ${reason}`
  if (process.env.MUSTER_REQUIRE_ALL === '1') throw new Error(sentence)
  console.warn(sentence)
}

export const postgres: Kind = {
  name: 'PostgreSQL',
  ...(reason === undefined ? {} : { missing: reason }),
  fresh: async () => (await askForPostgres()).url as string,
  shared: true,
}

/** Half past two at night. */
export const T = Date.UTC(2026, 10, 21, 2, 30)

/** A store that is closed when the test ends. */
export const opened = async (url: string, now: () => number = () => T): Promise<Store> => {
  const store = await openStore(url, now, now)
  onTestFinished(async () => {
    await store.close().catch(() => {})
  })
  return store
}
