import { describe, expect, onTestFinished, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { openStore } from '../../src/store/store.ts'
import { startDatabaseProxy } from '../e2e/database-proxy.ts'
import { act } from '../incident/facts.ts'
import { opened, postgres, T } from './databases.ts'

const throughProxy = async (url: string) => {
  const proxy = await startDatabaseProxy(url)
  onTestFinished(() => proxy.cut())
  return proxy
}

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})

describe.skipIf(postgres.missing)('when PostgreSQL is down', () => {
  test('every write and read fails with a clear error, and succeeds once it is back', async () => {
    const proxy = await throughProxy(await postgres.fresh())
    const store = await opened(proxy.url)
    await store.write(declaring('before'))
    await proxy.cut()
    const results = await Promise.allSettled([store.write(declaring('a')), store.write(declaring('b')), store.ping()])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const reason = (results[0] as PromiseRejectedResult).reason as Error
    expect(reason.message).toMatch(/^The database cannot be reached: /)
    expect(reason.message).not.toContain('password')
    await expect(store.read('INC-1')).rejects.toThrow()
    await proxy.restore()
    expect((await store.write(declaring('after'))).incident?.id).toBe('INC-2')
    expect((await store.list()).map(({ title }) => title)).toEqual(['after', 'before'])
  })

  test('opening fails with a clear error, too', async () => {
    const proxy = await throughProxy(await postgres.fresh())
    await proxy.cut()
    await expect(openStore(proxy.url, () => T)).rejects.toThrow(/^The database cannot be reached: /)
  })
})
