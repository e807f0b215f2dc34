import { expect, test } from 'vitest'
import { createFakePrometheus } from '../../sandbox/prometheus.ts'
import { quietLogs, quietWorld } from '../../sandbox/stories/quiet.ts'
import { stories } from '../../sandbox/stories/stories.ts'
import { worthKeeping } from '../../src/engine/evidence-kept.ts'
import type { Catalogue } from '../../src/incident/service.ts'
import { createPrometheusClient } from '../../src/integrations/prometheus/client.ts'
import { prometheusEvidence } from '../../src/integrations/prometheus/evidence.ts'
import { createMetricNames } from '../../src/integrations/prometheus/metric-names.ts'
import { createRecognition } from '../../src/integrations/prometheus/recognition.ts'

const MINUTE = 60_000
const anchor = Date.UTC(2026, 10, 21, 3)
const catalogue: Catalogue = new Map(stories.flatMap(({ services }) => services.map((one) => [one.id, one])))

test.each([0, 100, 1000])(
  '%d min after the start every service has data, and none of it is unusual',
  async (minute) => {
    const to = anchor + minute * MINUTE
    const prometheus = await createFakePrometheus({ now: () => to })
    try {
      prometheus.show(quietWorld, anchor)
      const client = createPrometheusClient({ url: prometheus.url })
      const now = () => to
      const recognition = createRecognition({ client, names: createMetricNames({ client, now }), now })
      const source = prometheusEvidence({ client, recognition, catalogue })
      const targets = [...catalogue.values()].map((service) => ({ id: service.id, service, alerting: true }))
      for (const target of targets.filter(({ service }) => service.queries.length > 0)) {
        const request = {
          incident: 'INC-1',
          alerts: [],
          earlier: [],
          at: to - 5 * MINUTE,
          from: to - 60 * MINUTE,
          to,
          past: to - 360 * MINUTE,
          targets: [target],
        }
        const found = await source.collect(request, AbortSignal.timeout(20_000))
        expect(
          found.filter(({ kind }) => kind === 'missing').map(({ title }) => title),
          target.id,
        ).toEqual([])
        const { kept } = worthKeeping(found, { span: request, catalogue, main: target.id, alerting: [target.id] })
        expect(
          kept.filter(({ standing }) => standing === 'also').map(({ snapshot }) => snapshot.title),
          target.id,
        ).toEqual([])
        expect(kept.filter(({ standing }) => standing === undefined).length, target.id).toBeLessThanOrEqual(1)
      }
    } finally {
      await prometheus.stop()
    }
  },
)

test('every service that answers requests writes log lines', () => {
  expect(new Set(quietLogs.map(({ service }) => service))).toEqual(
    new Set(quietWorld.workloads.map(({ service }) => service)),
  )
})
