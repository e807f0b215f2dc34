import type { Env } from './config/config.ts'
import type { MusterFile } from './config/muster-file.ts'
import type { AlertSource, Signal } from './incident/alert.ts'
import type { ChangeFeed, ChangeSource } from './incident/change.ts'
import { type Guard, unguarded } from './incident/errors.ts'
import type { EvidenceSource } from './incident/evidence.ts'
import type { Catalogue } from './incident/service.ts'
import { alertmanagerAlerts } from './integrations/alertmanager/alerts.ts'
import { githubChanges } from './integrations/github/changes.ts'
import { grafanaAlerts } from './integrations/grafana/alerts.ts'
import { grafanaChanges } from './integrations/grafana/changes.ts'
import { createGrafanaClient, type GrafanaClient } from './integrations/grafana/client.ts'
import { grafanaEvidence } from './integrations/grafana/evidence.ts'
import { alertScreenshots } from './integrations/grafana/screenshots.ts'
import { createLokiClient } from './integrations/loki/client.ts'
import { lokiEvidence } from './integrations/loki/evidence.ts'
import { pagerdutyAlerts } from './integrations/pagerduty/alerts.ts'
import { pagerdutyChanges } from './integrations/pagerduty/changes.ts'
import { type PagerDuty, pagerdutyClient } from './integrations/pagerduty/client.ts'
import { createPrometheusClient, type PrometheusClient } from './integrations/prometheus/client.ts'
import { PrometheusError } from './integrations/prometheus/errors.ts'
import { prometheusEvidence } from './integrations/prometheus/evidence.ts'
import { kubernetesRollouts } from './integrations/prometheus/kubernetes/rollouts.ts'
import { laterClient } from './integrations/prometheus/later-client.ts'
import { createMetricNames } from './integrations/prometheus/metric-names.ts'
import { createRecognition } from './integrations/prometheus/recognition.ts'
import { prometheusSuspects } from './integrations/prometheus/suspects.ts'
import { MOST_SERIES } from './integrations/prometheus/suspects-ask.ts'
import { conventionsOf } from './integrations/prometheus/topology/conventions.ts'
import { webhookAlerts } from './integrations/webhook/alerts.ts'
import { webhookChanges } from './integrations/webhook/changes.ts'
import type { BreakerOptions, Breakers } from './platform/breaker.ts'
import type { RankingSource } from './suspects/source.ts'

/** Every vendor that is configured; to add one, write its file and list it here. */
export type Integrations = {
  alertSources: AlertSource[]
  changeSources: ChangeSource[]
  changeFeeds: ChangeFeed[]
  evidenceSources: EvidenceSource[]
  /** Where suspects are ranked from. */
  suspectSource: RankingSource | undefined
  pagerduty: PagerDuty | undefined
  /** Where incidents are marked on dashboards. */
  grafana: { client: GrafanaClient; guard: Guard } | undefined
  /** In words, for the start-up line: what works, and what setting would turn the rest on. */
  on: string[]
  off: string[]
}

/** Each is off until its setting is there. */
export const integrationsOf = ({
  env,
  file,
  catalogue,
  fetch = globalThis.fetch,
  breakers,
  now = Date.now,
  isPagerDutyEcho,
}: {
  env: Env
  file: MusterFile
  catalogue: Catalogue
  /** Fetches Amazon SNS's certificate and confirms its subscriptions. */
  fetch?: typeof globalThis.fetch
  /** Goes around the calls to each system; without it every call is made. */
  breakers?: Breakers | undefined
  /** Epoch ms: the sandbox has a clock of its own. */
  now?: () => number
  /** Whether a PagerDuty signal only reports what Muster itself did there. */
  isPagerDutyEcho?: (signal: Signal) => Promise<boolean>
}): Integrations => {
  const all: Integrations = {
    alertSources: [],
    changeSources: [],
    changeFeeds: [],
    evidenceSources: [],
    suspectSource: undefined,
    pagerduty: undefined,
    grafana: undefined,
    on: [],
    off: [],
  }
  const timeoutMs = file.evidence.timeoutSeconds * 1000
  const guardOf = (system: string, options: BreakerOptions = {}): Guard => breakers?.guard(system, options) ?? unguarded
  const when = <Setting>(
    setting: Setting | undefined,
    name: string,
    variable: string,
    add: (setting: Setting) => void,
  ) => {
    if (setting === undefined) {
      all.off.push(`${name} (${variable})`)
      return
    }
    add(setting)
    all.on.push(name)
  }

  when(env.PAGERDUTY_WEBHOOK_SECRET, 'PagerDuty alerts', 'PAGERDUTY_WEBHOOK_SECRET', (secrets) => {
    all.alertSources.push(pagerdutyAlerts({ secrets, ...(isPagerDutyEcho ? { isEcho: isPagerDutyEcho } : {}) }))
  })
  when(env.PAGERDUTY_API_TOKEN, 'PagerDuty on-call and pages', 'PAGERDUTY_API_TOKEN', (token) => {
    const pagerduty = pagerdutyClient({
      token,
      url: env.PAGERDUTY_API_URL,
      from: env.PAGERDUTY_FROM_EMAIL,
      guard: guardOf('PagerDuty'),
    })
    all.pagerduty = pagerduty
    all.changeFeeds.push(pagerdutyChanges({ pagerduty, serviceIdOf: (id) => catalogue.get(id)?.pagerdutyService }))
  })
  when(env.ALERTMANAGER_WEBHOOK_TOKEN, 'Alertmanager alerts', 'ALERTMANAGER_WEBHOOK_TOKEN', (tokens) => {
    all.alertSources.push(alertmanagerAlerts({ tokens }))
  })
  when(env.GRAFANA_WEBHOOK_SECRET, 'Grafana alerts', 'GRAFANA_WEBHOOK_SECRET', (secrets) => {
    all.alertSources.push(grafanaAlerts({ secrets }))
  })
  when(env.MUSTER_WEBHOOK_TOKEN, 'any other alerts and changes', 'MUSTER_WEBHOOK_TOKEN', (tokens) => {
    all.alertSources.push(webhookAlerts({ tokens, webhooks: file.webhooks, fetch }))
    all.changeSources.push(webhookChanges({ tokens }))
  })
  when(env.GITHUB_WEBHOOK_SECRET, 'GitHub deployments', 'GITHUB_WEBHOOK_SECRET', (secrets) => {
    all.changeSources.push(githubChanges({ secrets, services: file.changes.repositories, ...file.changes.github }))
  })
  const grafana =
    env.GRAFANA_TOKEN && env.GRAFANA_URL
      ? createGrafanaClient({ url: env.GRAFANA_URL, token: env.GRAFANA_TOKEN, timeoutMs })
      : undefined
  all.grafana = grafana && { client: grafana, guard: guardOf('Grafana') }
  const addPrometheus = (connect: (options: { maxSeries?: number }) => PrometheusClient) => {
    const guard = guardOf('Prometheus', { isAnswer: isPrometheusAnswer, atOnce: PROMETHEUS_AT_ONCE })
    const calls = guarded(connect({}), guard)
    const names = createMetricNames({ client: calls, now })
    const recognition = createRecognition({ client: calls, names, now })
    all.evidenceSources.push(prometheusEvidence({ client: calls, recognition, names, catalogue }))
    all.changeFeeds.push(kubernetesRollouts({ client: calls, names, catalogue }))
    all.suspectSource = prometheusSuspects({
      // A whole mesh's calls come in one answer.
      client: guarded(connect({ maxSeries: MOST_SERIES }), guard),
      names,
      catalogue,
      conventions: conventionsOf(file.prometheus),
      serviceLabels: file.prometheus.serviceLabels,
    })
  }
  when(
    env.PROMETHEUS_URL ?? (grafana && 'behind Grafana'),
    env.PROMETHEUS_URL ? 'Prometheus evidence' : 'Prometheus evidence, by way of Grafana',
    'PROMETHEUS_URL',
    () => {
      const token = env.PROMETHEUS_URL ? env.PROMETHEUS_TOKEN : env.GRAFANA_TOKEN
      const connect = (url: string, options: { maxSeries?: number }) =>
        createPrometheusClient({
          url,
          token,
          tenant: env.PROMETHEUS_URL && env.PROMETHEUS_TENANT,
          timeoutMs,
          ...options,
        })
      addPrometheus((options) =>
        env.PROMETHEUS_URL
          ? connect(env.PROMETHEUS_URL, options)
          : laterClient(
              async () => {
                const url = await grafana?.prometheusProxy()
                return url === undefined ? undefined : connect(url, options)
              },
              ({ query, from, to }) => grafana?.exploreUrl(query, { from, to }) ?? '',
            ),
      )
    },
  )
  when(env.LOKI_URL, 'Loki log lines', 'LOKI_URL', (url) => {
    const client = createLokiClient({ url, token: env.LOKI_TOKEN, tenant: env.LOKI_TENANT, timeoutMs })
    const guard = guardOf('Loki')
    all.evidenceSources.push(
      lokiEvidence({ client: { ...client, lines: (query, signal) => guard(() => client.lines(query, signal)) } }),
    )
  })
  when(
    env.GRAFANA_TOKEN && env.GRAFANA_URL ? { url: env.GRAFANA_URL, token: env.GRAFANA_TOKEN } : undefined,
    'Grafana panels and deploy annotations',
    'GRAFANA_URL and GRAFANA_TOKEN',
    ({ url, token }) => {
      const feed = grafanaChanges({ url, token })
      const guard = guardOf('Grafana')
      if (grafana) all.evidenceSources.push(grafanaEvidence({ client: grafana }))
      all.changeFeeds.push({ ...feed, changes: (wanted, signal) => guard(() => feed.changes(wanted, signal)) })
    },
  )
  const hosts = file.evidence.pictureHosts
  if (grafana || hosts.length > 0)
    all.evidenceSources.push(alertScreenshots({ client: grafana, hosts, timeoutMs, fetch }))
  return all
}

const guarded = (client: PrometheusClient, guard: Guard): PrometheusClient => ({
  ...client,
  queryRange: (...query) => guard(() => client.queryRange(...query)),
  queryInstant: (...query) => guard(() => client.queryInstant(...query)),
  labelValues: (...query) => guard(() => client.labelValues(...query)),
})

/**
 * Of these, evidence takes 6 at most and suspects 8, so that neither waits long for the other. Prometheus itself runs 20 at
 * once (`--query.max-concurrency`), and a slow one gets slower with each.
 */
const PROMETHEUS_AT_ONCE = 12

/** An invalid, forbidden, too large or aborted query does not count against Prometheus. */
const isPrometheusAnswer = (error: unknown): boolean =>
  error instanceof PrometheusError && ['cancelled', 'credentials', 'query', 'too_large'].includes(error.kind)
