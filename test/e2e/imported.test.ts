import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importIncidents } from '../../src/cli/import.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  const file = join(stack.folder, 'past.csv')
  await writeFile(
    file,
    [
      'id,title,declared_at,resolved_at,service,alert,outcome,url',
      'A-1,Shipping hangs,2025-03-01T10:00Z,2025-03-01T11:00Z,shipping,PoolExhausted,Restarted the pool,https://old.example/1',
    ].join('\n'),
  )
  const options = { file, format: 'csv' as const, from: 'Old wiki', write: true, say: () => {}, now: Date.now }
  expect(await importIncidents(stack.config(), options)).toBe(true)
})
afterAll(() => stack.stop())

test('an import alongside the running server is used at the next opening, and stays unchanged', {
  timeout: 60_000,
}, async () => {
  await stack.alertmanager({ name: 'PoolExhausted', service: 'shipping' })
  const channel = (await until('the channel', () => stack.incidentChannel(2))).id
  const summary = await until('the summary', () => {
    const text = textOf(stack.messages(channel).find(({ text }) => text.startsWith('INC-2 ')))
    return text.includes('Looks like') && text
  })
  expect(summary).toContain(
    'Looks like *INC-1* Shipping hangs (imported from <https://old.example/1|Old wiki>): same alert, same service',
  )
  expect(summary).toContain('fixed by: Restarted the pool')

  const replied = (text: string, part: string) =>
    stack.command(people.dana, channel, text).then(() =>
      until(`the reply to ${text}`, () =>
        stack
          .messages(channel)
          .map(textOf)
          .find((one) => one.includes(part)),
      ),
    )
  await replied('find shipping hangs', 'Shipping hangs (imported from')
  await replied('insights 3650d', '2 incidents in 3650 days*, 1 of them imported')
  expect(await replied('list all', 'Latest incidents')).not.toContain('INC-1')
  await replied('reopen INC-1', 'INC-1 was imported and has no channel here')
  await stack.settled()
  expect(stack.incidentChannel(1)).toBeUndefined()
  expect((await stack.muster.store.read('INC-1'))?.status).toBe('closed')
})
