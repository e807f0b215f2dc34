import { expect, test } from 'vitest'
import { createMetrics } from '../../src/platform/metrics.ts'

test('the effects that wait are counted when somebody asks', async () => {
  const { registry } = createMetrics({ pending: async () => 3 })
  expect(await registry.metrics()).toMatch(/^muster_outbox_effects 3$/m)
})

test('a store that cannot be asked costs the figure, not the page', async () => {
  const { registry } = createMetrics({ pending: () => Promise.reject(new Error('gone')) })
  expect(await registry.metrics()).toMatch(/^muster_outbox_effects Nan$/im)
})
