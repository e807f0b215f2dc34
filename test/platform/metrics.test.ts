import { expect, test } from 'vitest'
import { createMetrics } from '../../src/platform/metrics.ts'

test('counts waiting effects when metrics are scraped', async () => {
  const { registry } = createMetrics({ pending: async () => 3 })
  expect(await registry.metrics()).toMatch(/^muster_outbox_effects 3$/m)
})

test('when the store cannot be read, only that metric is missing', async () => {
  const { registry } = createMetrics({ pending: () => Promise.reject(new Error('gone')) })
  expect(await registry.metrics()).toMatch(/^muster_outbox_effects Nan$/im)
})
