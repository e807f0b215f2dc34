import { createServer } from 'node:http'
import { MusterFile } from '../../src/config/muster-file.ts'
import { createRecord } from '../../src/engine/record.ts'
import { createHttp } from '../../src/http/app.ts'
import { Service } from '../../src/incident/service.ts'
import { createAlerts } from '../../src/intake/alerts.ts'
import { pagerdutyAlerts } from '../../src/integrations/pagerduty/alerts.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { openStore } from '../../src/store/store.ts'
import { SECRET, SERVICES } from './deliveries.ts'
import { tell } from './server-process.ts'

/**
 * Muster's intake as `serve` joins it, with a catalogue, metrics and its log. Alerts are held for a person to decide, and
 * what is over the budget for new incidents joins the one open storm, so that no Slack is needed.
 */
const file = MusterFile.parse({ opening: [{ source: 'pagerduty', do: 'hold' }] })
const catalogue = new Map(
  Array.from({ length: SERVICES }, (_, i) =>
    Service.parse({ id: `service-${i}`, name: `Service ${i}`, pagerdutyService: `PSV${i}` }),
  ).map((service) => [service.id, service]),
)
const log = createLog('info')
const metrics = createMetrics()
const store = await openStore(`sqlite:${process.argv[2]}`, Date.now)
const record = createRecord({ store, log, metrics, wake: () => {} })
const alerts = createAlerts({
  record,
  store,
  catalogue,
  rules: file.opening,
  severities: file.severities.map(({ id }) => id),
  windowMs: file.correlation.windowMinutes * 60_000,
  budget: { incidents: file.storm.incidents, withinMs: file.storm.withinMinutes * 60_000 },
  isPaused: async () => false,
  now: Date.now,
  log,
  metrics,
})
const http = createHttp({
  alertSources: [pagerdutyAlerts({ secrets: [SECRET] })],
  changeSources: [],
  ingestSignal: alerts.ingest,
  ingestChange: async () => {},
  ready: async () => ({ failure: undefined, notes: [] }),
  routers: [],
  metrics,
  log,
  now: Date.now,
})
tell(createServer(http))
