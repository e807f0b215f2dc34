import { describe, expect, test } from 'vitest'
import { declare } from '../../src/incident/decide.ts'
import { act } from '../incident/facts.ts'
import { memory, opened, postgres, T } from './databases.ts'

for (const kind of [memory, postgres]) {
  describe.skipIf(kind.missing)(`the list of incidents on ${kind.name}`, () => {
    const filled = async () => {
      const store = await opened(await kind.fresh())
      const declaring = (title: string, more: { private?: boolean } = {}, by = 'U0DANA0001') =>
        store.write({ to: 'new', decide: () => declare({ title, severity: 'sev2', ...more }, act(T, by)) })
      await declaring('The 100%_sure one')
      await declaring('Payroll leak', { private: true })
      for (let i = 0; i < 60; i++) await declaring(`Breach ${i}`, { private: true }, 'U0EVE00001')
      return store
    }

    test('applies visibility before its limit', async () => {
      const store = await filled()
      const titles = async (person: string) => (await store.list({ visibleTo: person })).map(({ title }) => title)
      expect(await titles('U0DANA0001')).toEqual(['Payroll leak', 'The 100%_sure one'])
      expect(await titles('U0SAM00001')).toEqual(['The 100%_sure one'])
    })

    test('searches ids and titles before its limit, treating wildcards literally', async () => {
      const store = await filled()
      const ids = async (search: string) => (await store.list({ search })).map(({ id }) => id)
      expect(await ids('inc-2')).toEqual([...Array.from({ length: 10 }, (_, i) => `INC-${29 - i}`), 'INC-2'])
      expect(await ids('PAYROLL')).toEqual(['INC-2'])
      expect(await ids('100%_s')).toEqual(['INC-1'])
      expect(await ids('1__%')).toEqual([])
    })

    test('finds channels at rest, the longest first, until they are archived', async () => {
      const store = await opened(await kind.fresh())
      for (let i = 1; i <= 3; i++) {
        await store.write({ to: 'new', decide: () => declare({ title: `No. ${i}`, severity: 'sev2' }, act(T)) })
        const channel = `C0INC${i}`
        await store.write({
          to: `INC-${i}`,
          decide: () => [
            { ...act(T), type: 'channel_opened', channel, name: `inc-${i}` },
            { ...act(T + 4 - i), type: 'status_changed', status: i === 3 ? 'investigating' : 'cancelled' },
          ],
        })
      }
      const ids = async (before: number) => (await store.resting({ before, limit: 9 })).map(({ id }) => id)
      expect(await ids(T + 2)).toEqual(['INC-2'])
      expect(await ids(T + 9)).toEqual(['INC-2', 'INC-1'])
      await store.write({
        to: 'INC-2',
        decide: () => [{ ...act(T + 5), type: 'channel_archived', channel: 'C0INC2' }],
      })
      expect(await ids(T + 9)).toEqual(['INC-1'])
    })

    test('combines its filters', async () => {
      const store = await filled()
      expect(await store.list({ visibleTo: 'U0SAM00001', statuses: ['investigating'], limit: 1 })).toHaveLength(1)
      expect(await store.list({ visibleTo: 'U0SAM00001', statuses: ['resolved'] })).toEqual([])
    })
  })
}
