import { expect, test } from 'vitest'
import { chartInWords } from '../../src/incident/chart-words.ts'
import type { ChartSnapshot } from '../../src/incident/evidence.ts'

const chart: ChartSnapshot = {
  kind: 'chart',
  source: 'prometheus',
  title: 'Shipping P90 latency',
  query: 'latency',
  unit: 's',
  from: 0,
  to: 2000,
  threshold: 1.5,
  series: [
    {
      name: 'a',
      labels: {},
      points: [
        [0, 1.02],
        [2000, 9.28],
      ],
    },
  ],
  before: 1.02,
  now: 9.28,
  notes: [],
}

test.each<[Partial<ChartSnapshot>, string]>([
  [{}, 'Shipping P90 latency: 1.02 s → 9.28 s, threshold 1.5 s.'],
  [{ before: null }, 'Shipping P90 latency: 9.28 s, threshold 1.5 s.'],
  [{ series: [], before: null, now: null }, 'Shipping P90 latency: no data, threshold 1.5 s.'],
  [{ title: '', before: undefined, now: undefined, threshold: undefined }, 'latency.'],
])('with %j it reads "%s"', (changes, sentence) => {
  expect(chartInWords({ ...chart, ...changes })).toBe(sentence)
})
