import { expect, test } from 'vitest'
import { replay } from '../../../src/incident/evolve.ts'
import { summaryOf } from '../../../src/integrations/slack/summary/summary.ts'
import { act, channelOpened, declared } from '../../incident/facts.ts'

test('graph links that need more than one context block are never truncated', () => {
  const query = 'g0.expr='.padEnd(900, 'x')
  const snapshots = [1, 2, 3, 4].map((n) => ({
    hash: `h${n}`,
    kind: 'chart' as const,
    source: 'prometheus',
    title: `Signal ${n}`,
    before: 1,
    now: n + 1,
    url: `https://prometheus.example/graph?${query}`,
  }))
  const incident = replay('INC-1', [
    declared({}),
    channelOpened,
    {
      ...act(),
      type: 'evidence_collected',
      phase: 'opening',
      snapshots,
      usual: [{ service: 'Shipping', titles: ['requests'], count: 1 }],
    },
  ])
  const { blocks } = summaryOf(incident, { words: { severities: [], roles: [], catalogue: new Map() } })
  const texts = blocks.flatMap(({ type, elements }) =>
    type === 'context' ? (elements as { text: string }[]).map(({ text }) => text) : [],
  )
  expect(texts.filter((text) => text.length > 2_000)).toEqual([])
  expect(texts.join('\n').match(new RegExp(`${query}\\|open>`, 'g'))).toHaveLength(4)
  expect(texts.join('\n')).toContain('usual: requests of Shipping')
})
