import { describe, expect, onTestFinished, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { connect } from '../../src/store/store.ts'
import { act } from '../incident/facts.ts'
import { file, opened, postgres } from './databases.ts'

const declaring = (title: string) => ({
  to: 'new' as const,
  decide: () => declare({ title, severity: 'sev2' }, act()),
})

for (const kind of [file, postgres]) {
  describe.skipIf(kind.missing)(`a refused write on ${kind.name}`, () => {
    test('is remembered however long ago it was, until a write would succeed again', async () => {
      const url = await kind.fresh()
      const store = await opened(url)
      const other = await connect(url)
      onTestFinished(() => other.db.destroy())
      const real = performance.now
      onTestFinished(() => {
        performance.now = real
      })
      await store.write(declaring('One'))
      await store.probe()

      await other.db.schema.alterTable('events').renameTo('elsewhere').execute()
      await expect(store.write(declaring('Two'))).rejects.toThrow('events')
      await expect(store.probe()).rejects.toThrow('events')
      // An hour without any delivery, because the load balancer sends none here.
      performance.now = () => real.call(performance) + 3_600_000
      await expect(store.probe()).rejects.toThrow('events')

      await other.db.schema.alterTable('elsewhere').renameTo('events').execute()
      await store.probe()
      expect((await store.list()).map(({ id, title }) => `${id} ${title}`)).toEqual(['INC-1 One'])
      expect((await store.write(declaring('Two'))).incident?.id).toBe('INC-2')
      expect((await store.outbox.pending()).map(({ incident }) => incident)).not.toContain('INC-3')
    })
  })
}
