import { afterEach, beforeEach, expect, test } from 'vitest'
import { DANA, type FullStack, startFullStack, until } from './full-stack.ts'

let stack: FullStack
beforeEach(async () => {
  stack = await startFullStack()
})
afterEach(() => stack.stop())

test('log lines appear in the channel verbatim, without being parsed as markup', async () => {
  const text = 'connection refused by <!channel> & *everybody* ```'
  stack.sandbox.loki.show([{ service: 'shipping', level: 'error', text, atMs: 0 }], Date.now() - 60_000)
  await stack.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the log lines', () => stack.channelText('inc-1-').includes('rich_text_preformatted'))
  const channelText = JSON.parse(stack.channelText('inc-1-')) as { blocks?: { type: string }[]; threadTs?: string }[]
  const message = channelText.find(({ blocks }) => blocks?.some(({ type }) => type === 'rich_text'))
  expect(JSON.stringify(message?.blocks)).toContain(JSON.stringify(`level=error ${text}`).slice(1, -1))
  await stack.type(DANA, 'inc-1-', 'evidence')
  await stack.settled()
  const kinds = (await stack.events()).flatMap((event) =>
    event.type === 'evidence_collected' ? event.snapshots.map(({ kind }) => kind) : [],
  )
  expect(kinds).toContain('logs')
})

test('similar lines are grouped with a count; one line says so when nothing is unusual', async () => {
  const began = Date.now() - 10 * 60_000
  const line = (service: string, level: 'info' | 'error', text: string, atMs: number) => ({
    service,
    level,
    text,
    atMs,
  })
  stack.sandbox.loki.show(
    [
      // Logged for two hours: nothing new.
      ...Array.from({ length: 120 }, (_, i) => line('ratings', 'info', `GET /ratings/${i} 200`, (i - 110) * 60_000)),
      ...[1, 2, 3].map((i) => line('shipping', 'error', `Too many connections (request ${i})`, i * 1_000)),
    ],
    began,
  )
  await stack.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the errors', () => stack.channelText('inc-1-').includes('Too many connections'))
  await stack.settled()
  const posted = JSON.parse(stack.channelText('inc-1-')) as { blocks?: { type: string; elements?: object[] }[] }[]
  const verbatim = posted.flatMap(({ blocks = [] }) => blocks.filter(({ type }) => type === 'rich_text'))
  const text = JSON.stringify(verbatim)
  expect(text.match(/Too many connections/g)).toHaveLength(1)
  expect(text).toMatch(/3 times until \d\d:\d\d:\d\d/)
  expect(text).not.toContain('GET /ratings')
})

test('logs without anything unusual are named on the summary, and none of their lines is posted', async () => {
  stack.sandbox.loki.show(
    Array.from({ length: 120 }, (_, i) => ({
      service: 'shipping',
      level: 'info' as const,
      text: `GET /shipping/${i} 200`,
      atMs: (i - 110) * 60_000,
    })),
    Date.now() - 10 * 60_000,
  )
  await stack.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the summary', () => /usual: [^\n]*[Ll]ogs of Shipping/.test(stack.channelText('inc-1-')))
  expect(stack.channelText('inc-1-')).not.toContain('GET /shipping/')
})
