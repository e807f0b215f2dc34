import { expect, test } from 'vitest'
import { asShown, isShown } from '../../src/engine/suspects-shown.ts'
import type { IncidentEvent, SnapshotRef } from '../../src/incident/event.ts'
import { RankingFound } from '../../src/incident/ranking.ts'
import { drawn, pictures } from '../../src/incident/shown-evidence.ts'
import type { Ranking } from '../../src/suspects/result.ts'
import { act } from '../incident/facts.ts'

const ref = (hash: string, title: string, more: Partial<SnapshotRef> = {}): SnapshotRef => ({
  hash,
  kind: 'chart',
  source: 'prometheus',
  title,
  service: 'mysql',
  ...more,
})
const collected = (phase: 'opening' | 'closing', ...snapshots: SnapshotRef[]) =>
  ({ ...act(), type: 'evidence_collected', phase, snapshots }) as Extract<IncidentEvent, { type: 'evidence_collected' }>
const found = (more: object = {}) => ({
  at: 0,
  ...RankingFound.parse({
    trigger: 'opening',
    label: 'likely',
    suspects: [],
    read: { series: 2, of: 2 },
    services: 1,
    ...more,
  }),
})
const suspects = [
  {
    service: 'mysql',
    label: 'likely',
    score: 4,
    signals: [{ text: 'Open connections 220 \u2192 648 (limit 648)' }, { text: 'Refused connections 0 \u2192 21/s' }],
  },
]
const REFS = [
  ref('a', 'mysql: open connections'),
  ref('b', 'mysql: refused connections'),
  ref('c', 'Open connections', { service: 'postgres' }),
  ref('d', 'mysql: open connections in use'),
]

test("a signal that is drawn as the first suspect's is not posted again, except at the end", () => {
  const ranking = found({ suspects, chart: 'f00d' })
  expect(pictures(collected('opening', ...REFS), { ranking } as never)).toEqual([
    { type: 'show_evidence', snapshots: ['b', 'c', 'd'] },
  ])
  expect(pictures(collected('closing', ...REFS), { ranking } as never)).toEqual([
    { type: 'show_evidence', snapshots: ['a', 'b', 'c', 'd'] },
  ])
})

test('all are posted while the ranking has drawn nothing', () => {
  for (const ranking of [undefined, found({ suspects }), found({ chart: 'f00d' })])
    expect(pictures(collected('opening', ...REFS), { ranking } as never)).toEqual([
      { type: 'show_evidence', snapshots: ['a', 'b', 'c', 'd'] },
    ])
})

test("a ranking's chart is not posted when the evidence was recorded while it was made", () => {
  const ranked = { ...act(), type: 'suspects_ranked', ...found({ suspects, chart: 'f00d', graph: 'cafe' }) } as never
  expect(drawn(ranked, { evidence: REFS })).toEqual([{ type: 'show_evidence', snapshots: ['cafe'] }])
  expect(drawn(ranked, { evidence: REFS.slice(1) })).toEqual([{ type: 'show_evidence', snapshots: ['f00d', 'cafe'] }])
})

const rankingOf = (baseline: number, edge?: { client: string; server: string }) =>
  ({
    suspects: [{ service: 'mysql', signals: [{ metric: 'Open connections', baseline, now: 648, edge }] }],
  }) as unknown as Ranking

test('the ranking shows the usual value that the evidence shows, unless it means another one', () => {
  const usual = (baseline: number, ...evidence: SnapshotRef[]) =>
    asShown(rankingOf(baseline), { evidence }).suspects[0]?.signals[0]?.baseline
  const shown = ref('a', 'mysql: open connections', { before: 217 })
  expect(usual(220, shown)).toBe(217)
  expect(usual(400, shown)).toBe(400)
  expect(usual(220, { ...shown, restless: true })).toBe(220)
  expect(usual(220, { ...shown, service: 'postgres' })).toBe(220)
  expect(usual(220)).toBe(220)
})

test("the first suspect's chart is left out where the evidence already stands in the thread", () => {
  const evidence = [ref('a', 'mysql: open connections')]
  expect(isShown(rankingOf(220), { evidence })).toBe(true)
  expect(isShown(rankingOf(220), { evidence: [{ ...evidence[0]!, standing: 'also' }] })).toBe(false)
  expect(isShown(rankingOf(220, { client: 'shipping', server: 'mysql' }), { evidence })).toBe(false)
})
