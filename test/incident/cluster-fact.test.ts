import { expect, test } from 'vitest'
import type { ClusterFact } from '../../src/incident/cluster-event.ts'
import { clusterNews, clusterPhrases, withClusterFact } from '../../src/incident/cluster-fact.ts'
import { initial } from '../../src/incident/incident.ts'
import { plain } from '../../src/incident/phrase.ts'
import { T } from './facts.ts'

const fact = (condition: ClusterFact['condition'], more: Partial<ClusterFact> = {}): ClusterFact => ({
  condition,
  service: 'cart',
  object: 'pod cart-1',
  count: 1,
  since: T,
  ...more,
})
const labels = { service: (id: string) => id.toUpperCase() } as Parameters<typeof clusterPhrases>[1]
const news = (known: ClusterFact[], facts: ClusterFact[]) => clusterNews({ ...initial('INC-1'), cluster: known }, facts)

test('facts are kept oldest first, one of each condition and service, at its latest observation', () => {
  const late = fact('restarted', { since: T + 1 })
  const oom = fact('oom_killed')
  expect(withClusterFact(undefined, late)).toEqual([late])
  expect(withClusterFact([late], oom)).toEqual([oom, late])
  const more = fact('oom_killed', { count: 3 })
  expect(withClusterFact([oom, late], more)).toEqual([more, late])
  const elsewhere = fact('oom_killed', { service: 'web', since: T + 2 })
  expect(withClusterFact([oom, late], elsewhere)).toEqual([oom, late, elsewhere])
  const node = (object: string) => fact('node_not_ready', { service: undefined, object })
  expect(withClusterFact([node('a')], node('b'))).toHaveLength(2)
})

test('at most 20 facts are kept', () => {
  const many = Array.from({ length: 25 }, (_, i) => fact('restarted', { service: `s${i}`, since: T + i }))
  const kept = many.reduce<ClusterFact[]>((known, one) => withClusterFact(known, one), [])
  expect(kept.map(({ service }) => service)).toEqual(many.slice(0, 20).map(({ service }) => service))
})

test('a fact is news when it is new or its count has doubled; throttling is news once', () => {
  const two = fact('restarted', { count: 2 })
  expect(news([], [two])).toEqual([two])
  expect(news([two], [fact('restarted', { count: 3 })])).toEqual([])
  const four = fact('restarted', { count: 4 })
  expect(news([two], [four])).toEqual([four])
  expect(news([two], [fact('oom_killed')])).toHaveLength(1)
  expect(news([fact('throttled', { count: 20 })], [fact('throttled', { count: 80 })])).toEqual([])
})

test.each([
  ['oom_killed', 1, 'CART: container killed for lack of memory, OOMKilled (pod cart-1)'],
  ['oom_killed', 3, 'CART: container killed 3 times for lack of memory, OOMKilled (pod cart-1)'],
  ['restarted', 1, 'CART: container restarted (pod cart-1)'],
  ['restarted', 2, 'CART: container restarted 2 times (pod cart-1)'],
  ['crash_loop', 1, 'CART: pod in CrashLoopBackOff (pod cart-1)'],
  ['crash_loop', 2, 'CART: 2 pods in CrashLoopBackOff (pod cart-1)'],
  ['image_pull_failed', 1, 'CART: pod cannot start, image or configuration missing (pod cart-1)'],
  ['image_pull_failed', 2, 'CART: 2 pods cannot start, image or configuration missing (pod cart-1)'],
  ['throttled', 41.6, 'CART: CPU throttled in 42 % of its time slices (pod cart-1)'],
  ['rollout_stuck', 1, 'CART: rollout failed, its pods did not become ready in time (pod cart-1)'],
] as const)('%s of a service, count %d, reads as: %s', (condition, count, sentence) => {
  expect(plain(clusterPhrases(fact(condition, { count }), labels))).toBe(sentence)
})

test.each([
  ['node_not_ready', 'Node n1 is not ready'],
  ['node_pressure', 'Node n1 runs out of memory, disk or process ids'],
] as const)('%s reads as: %s', (condition, sentence) => {
  expect(plain(clusterPhrases(fact(condition, { service: undefined, object: 'n1' }), labels))).toBe(sentence)
})
