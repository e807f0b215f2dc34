import { afterEach, beforeEach, expect, test } from 'vitest'
import { DANA, startTown, type Town, until } from './town.ts'

let town: Town
beforeEach(async () => {
  town = await startTown()
})
afterEach(() => town.stop())

test('log lines appear in the channel verbatim, without being parsed as markup', async () => {
  const text = 'connection refused by <!channel> & *everybody* ```'
  town.sandbox.loki.show([{ service: 'shipping', level: 'error', text, atMs: 0 }], Date.now() - 60_000)
  await town.alarm('PSVCSHIP', 'Shipping is slow')
  await until('the log lines', () => town.said('inc-1-').includes('rich_text_preformatted'))
  const said = JSON.parse(town.said('inc-1-')) as { blocks?: { type: string }[]; threadTs?: string }[]
  const message = said.find(({ blocks }) => blocks?.some(({ type }) => type === 'rich_text'))
  expect(JSON.stringify(message?.blocks)).toContain(JSON.stringify(`level=error ${text}`).slice(1, -1))
  await town.type(DANA, 'inc-1-', 'evidence')
  await town.settled()
  const kinds = (await town.events()).flatMap((event) =>
    event.type === 'evidence_collected' ? event.snapshots.map(({ kind }) => kind) : [],
  )
  expect(kinds).toContain('logs')
})
