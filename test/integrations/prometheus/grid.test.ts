import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridFor, MOST_POINTS } from '../../../src/integrations/prometheus/grid.ts'

test('any range has a grid that ends with it and stays under the point limit', () => {
  const time = fc.integer({ min: 0, max: 4_000_000_000_000 })
  fc.assert(
    fc.property(time, time, fc.integer({ min: -5, max: 1_000_000 }), (a, b, points) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const { start, end, step } = gridFor(from, to, points)
      expect(end).toBe(to)
      expect(start).toBeGreaterThanOrEqual(from)
      expect(Number.isInteger((end - start) / step)).toBe(true)
      expect((end - start) / step).toBeLessThanOrEqual(MOST_POINTS)
      expect(step).toBeGreaterThanOrEqual(1000)
    }),
  )
})

test.each([
  [60, 15],
  [6 * 60, 120],
  [24 * 60, 600],
])('%i minutes are queried in steps of %i seconds', (minutes, seconds) => {
  expect(gridFor(0, minutes * 60_000).step).toBe(seconds * 1000)
})
