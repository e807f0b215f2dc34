import { describe, expect, test } from 'vitest'
import { memory, opened, postgres, T } from '../store/databases.ts'
import { add, DAY, learningOf } from './past.ts'

for (const kind of [memory, postgres])
  describe.skipIf(kind.missing)(`search on ${kind.name}`, () => {
    const world = async () => {
      const store = await opened(await kind.fresh())
      const learning = learningOf(store)
      const ids = async (text: string, person = 'U0SAM') =>
        (await learning.find(text, ({ people }) => people.includes(person))).found.map(({ id }) => id)
      return { store, learning, ids }
    }

    test('matches all words in title and timeline, in any form and case, titles first', async () => {
      const { store, learning, ids } = await world()
      await add(store, { title: 'Checkout hangs', notes: ['HikariPool-1: 3 connection time-outs'] })
      await add(store, { title: 'Connection pool full', at: T - 30 * DAY })
      await add(store, { title: 'Certificates expired' })
      expect(await ids('CONNECTIONS')).toEqual(['INC-2', 'INC-1'])
      expect(await ids('connection hikaripool')).toEqual(['INC-1'])
      expect(await ids('inc-3')).toEqual(['INC-3'])
      expect(await ids('connection certificate')).toEqual([])
      const { found } = await learning.find('hikaripool', () => false)
      expect(found[0]?.lines.map(({ text }) => text).join()).toContain('HikariPool-1: 3 connection time-outs')
    })

    test('shows private incidents to members only, even those made private after indexing', async () => {
      const { store, ids } = await world()
      await add(store, { title: 'Leaked credentials', private: true, by: 'U0EVE' })
      expect(await ids('leaked')).toEqual([])
      expect(await ids('leaked', 'U0EVE')).toEqual(['INC-1'])
    })

    test("treats the databases' search operators as plain words", async () => {
      const { store, ids } = await world()
      await add(store, { title: 'It is 5xx OR nothing: a/b 10.0.0.1 "quoted" \u0434\u0438\u0441\u043a \u78c1\u76d8' })
      for (const text of [
        '5xx',
        'or nothing',
        'a/b',
        '10.0.0.1',
        '"quoted',
        '\u0434\u0438\u0441\u043a',
        '\u78c1\u76d8',
        "'nothing'",
        'NOT* nothing & |',
      ])
        expect([text, await ids(text)]).toEqual([text, ['INC-1']])
      expect(await ids('*')).toEqual([])
    })
  })
