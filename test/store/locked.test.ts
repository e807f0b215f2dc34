import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { Unavailable } from '../../src/incident/errors.ts'
import { act } from '../incident/facts.ts'
import { file, opened } from './databases.ts'

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})

/** A store, and another program that can hold its database's write lock. */
const locked = async () => {
  const url = await file.fresh()
  const store = await opened(url)
  const other = new Sqlite(url.slice('sqlite:'.length))
  onTestFinished(() => {
    other.close()
  })
  return { store, lock: () => other.exec('begin immediate'), unlock: () => other.exec('rollback') }
}

test('a lock held by another program does not block the process, and a short one is waited for', async () => {
  const { store, lock, unlock } = await locked()
  lock()
  const writing = store.write(declaring('One'))
  // Each turn of the event loop would take as long as the lock, if SQLite did the waiting.
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  unlock()
  expect((await writing).incident?.id).toBe('INC-1')
})

test('a lasting lock fails every write within the time limit with a clear reason, however many there are', async () => {
  const { store, lock, unlock } = await locked()
  lock()
  const writes = Array.from({ length: 20 }, (_, i) => store.remember(`key ${i}`, 'x'))
  const results = await Promise.allSettled([...writes, store.write(declaring('One')), store.probe()])
  expect(results.map(({ status }) => status)).not.toContain('fulfilled')
  await expect(store.write(declaring('One'))).rejects.toThrow(/^The database is locked by another program: /)
  await expect(store.write(declaring('One'))).rejects.toBeInstanceOf(Unavailable)
  unlock()
  expect((await store.write(declaring('Two'))).incident?.id).toBe('INC-1')
  await store.probe()
}, 20_000)

test('reads continue while another program holds the lock', async () => {
  const { store, lock, unlock } = await locked()
  await store.write(declaring('One'))
  lock()
  expect((await store.read('INC-1'))?.title).toBe('One')
  unlock()
})
