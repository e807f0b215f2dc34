import { expect, onTestFinished, test } from 'vitest'
import type { Snapshot } from '../../src/incident/evidence.ts'
import { createPostmortems } from '../../src/postmortem/postmortem.ts'
import { openStore } from '../../src/store/store.ts'
import { declared, graph, looked, MINUTE, NOW, PNG } from './drafts.ts'

const DAY = 86_400_000
const graphs = ['P90 latency', 'Failed requests'].map((title) => graph(title, 's', (minute) => (minute > 0 ? 9 : 1)))

/** The document of an incident whose evidence the retention deletes `days` after it ended. */
const writtenAfter = async (days: number, forget: { evidence?: boolean; bytes?: number; only?: Snapshot[] }) => {
  let time = NOW
  const store = await openStore('sqlite::memory:', () => time)
  onTestFinished(() => store.close())
  await store.write({ to: 'new', decide: () => [declared()] })
  const hashes: string[] = []
  for (const snapshot of forget.only ?? graphs) hashes.push(await store.freeze(snapshot, 'INC-1'))
  await store.write({
    to: 'INC-1',
    decide: () => [
      looked(forget.only ?? graphs, hashes),
      { type: 'status_changed', status: 'resolved', at: NOW + 70 * MINUTE, by: 'U0ADA0001' },
    ],
  })
  time = NOW + days * DAY
  await store.retention.forget({
    looseBefore: 0,
    evidenceBytes: forget.bytes ?? Number.MAX_SAFE_INTEGER,
    evidenceBefore: forget.evidence ? time - 30 * DAY : undefined,
  })
  const postmortems = createPostmortems({ store, nameOf: async (id) => id, chartPng: async () => PNG, timezone: 'UTC' })
  return { markdown: await postmortems.markdown('INC-1'), data: await postmortems.data('INC-1') }
}

test('says when graphs were removed and how long they had been kept, and shows no dead picture', async () => {
  const { markdown, data } = await writtenAfter(31, { evidence: true })
  expect(markdown).toContain(
    'The graphs of P90 latency, Failed requests were removed on 2026-04-14 (kept for 30 days).',
  )
  expect(markdown).not.toContain('![')
  expect(data?.evidence.flatMap(({ charts }) => charts)).toEqual([])
})

test('says so when one had to go for lack of space', async () => {
  const { markdown } = await writtenAfter(3, { bytes: 10, only: graphs.slice(0, 1) })
  expect(markdown).toContain('The graph of P90 latency was removed on 2026-03-17 (to stay within the size budget).')
})

test('says nothing while everything is kept', async () => {
  const { markdown, data } = await writtenAfter(3, { evidence: true })
  expect(markdown).toContain('![')
  expect(markdown).not.toMatch(/removed on|no longer kept/)
  expect(data?.evidence_removed).toBeNull()
})
