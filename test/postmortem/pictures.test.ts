import { expect, test } from 'vitest'
import { declared, graph, logged, looked, MINUTE, NOW } from './drafts.ts'

test('the picture of a signal is the one with the incident\u2019s marks, though an earlier look went further back', async () => {
  const bump = (minute: number) => (minute > 0 && minute < 20 ? 9 : 1)
  const longer = graph('P90 latency', 's', bump)
  const marks = [{ at: NOW + 20 * MINUTE, text: 'mitigated', kind: 'status' as const }]
  const from = NOW - 20 * MINUTE
  const series = longer.series.map((line) => ({ ...line, points: line.points.filter(([at]) => at >= from) }))
  const whole = graph('P90 latency', 's', bump, { from, series, marks })
  let drawn = ''
  const postmortems = await logged(
    (hashes) => {
      drawn = hashes[1] as string
      return [declared(), looked([longer], hashes.slice(0, 1), 30), looked([whole], hashes.slice(1))]
    },
    {},
    [longer, whole],
  )
  const evidence = (await postmortems.data('INC-1'))?.evidence ?? []
  expect(evidence.flatMap(({ charts }) => charts.map(({ hash }) => hash))).toEqual([drawn])
})
