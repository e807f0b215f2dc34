import { describe, expect, onTestFinished, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { openStore } from '../../src/store/store.ts'
import { plugged } from '../e2e/plug.ts'
import { act } from '../incident/facts.ts'
import { opened, postgres, T } from './databases.ts'

const plugIn = async (url: string) => {
  const connection = await plugged(url)
  onTestFinished(() => connection.pull())
  return connection
}

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})

describe.skipIf(postgres.missing)('when PostgreSQL is down', () => {
  test('every write and read fails with a clear error, and succeeds once it is back', async () => {
    const connection = await plugIn(await postgres.fresh())
    const store = await opened(connection.url)
    await store.write(declaring('before'))
    await connection.pull()
    const results = await Promise.allSettled([store.write(declaring('a')), store.write(declaring('b')), store.ping()])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const reason = (results[0] as PromiseRejectedResult).reason as Error
    expect(reason.message).toMatch(/^The database cannot be reached: /)
    expect(reason.message).not.toContain('password')
    await expect(store.read('INC-1')).rejects.toThrow()
    await connection.putBack()
    expect((await store.write(declaring('after'))).incident?.id).toBe('INC-2')
    expect((await store.list()).map(({ title }) => title)).toEqual(['after', 'before'])
  })

  test('opening fails with a clear error, too', async () => {
    const connection = await plugIn(await postgres.fresh())
    await connection.pull()
    await expect(openStore(connection.url, () => T)).rejects.toThrow(/^The database cannot be reached: /)
  })
})
