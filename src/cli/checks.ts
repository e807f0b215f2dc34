import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { appTokenRefused, slackErrorOf } from '../connect-slack.ts'
import { latestRun } from '../engine/retention.ts'
import { heldUp } from '../held-up.ts'
import type { Catalogue } from '../incident/service.ts'
import { formatValue } from '../incident/unit.ts'
import { grafanaHealth } from '../integrations/grafana/health.ts'
import { createLokiClient } from '../integrations/loki/client.ts'
import { pagerdutyClient } from '../integrations/pagerduty/client.ts'
import { belongingOf } from '../integrations/prometheus/belonging.ts'
import { createPrometheusClient, type PrometheusClient } from '../integrations/prometheus/client.ts'
import { createMetricNames } from '../integrations/prometheus/metric-names.ts'
import { createRecognition } from '../integrations/prometheus/recognition.ts'
import { slackChecks } from '../integrations/slack/check.ts'
import { createSlack } from '../integrations/slack/client.ts'
import { NoDatabase, openStoreToRead, type Store } from '../store/store.ts'

/** One check of `muster doctor`: `run` resolves with its result, or rejects with the problem. */
export type Check = { name: string; run(): Promise<string> }

/** The checks for what is configured. */
export const checksOf = (config: Config): Check[] => [
  { name: 'database', run: () => checkDatabase(config.env.DATABASE_URL) },
  ...slackChecksFor(config),
  ...vendorChecks(config),
]

const checkDatabase = async (url: string): Promise<string> => {
  try {
    const store = await openStoreToRead(url, Date.now)
    try {
      await store.ping()
      const notes = await heldUp(store, Date.now())
      const size = `${formatValue(await store.retention.evidenceBytes(), 'bytes')} of evidence`
      return [
        `${store.kind}, ${await store.outbox.count()} effects waiting, ${size}${await cleaned(store)}`,
        ...notes,
      ].join('; ')
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof NoDatabase) return 'not there yet; the first start makes it'
    throw error
  }
}

/** `, cleaned 2026-11-25 03:17 UTC (12 snapshots, 3 changes, 40 alerts, 9 messages removed)`; empty before the first time. */
const cleaned = async (store: Pick<Store, 'recall'>): Promise<string> => {
  const latest = await latestRun(store)
  if (!latest) return ''
  const { snapshots, changes, alerts, messages = 0 } = latest.removed
  const at = new Date(latest.at).toISOString().slice(0, 16).replace('T', ' ')
  return `, cleaned ${at} UTC (${snapshots} snapshots, ${changes} changes, ${alerts} alerts, ${messages} messages removed)`
}

const slackChecksFor = ({ env, file }: Config): Check[] => {
  const checks: Check[] = []
  if (env.SLACK_BOT_TOKEN) {
    const slack = createSlack({ token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, now: Date.now })
    const { token, newBlocks, channel, admins } = slackChecks(slack)
    checks.push(
      { name: 'Slack bot token', run: () => token(manifestScopes()) },
      { name: 'Slack\u2019s newest blocks', run: newBlocks },
      ...[...new Set([file.slack.announcements, file.slack.triage])]
        .filter(Boolean)
        .map((named) => ({ name: `Slack channel ${named}`, run: () => channel(named) })),
      { name: 'admins', run: () => admins(file.admins, file.slack.announcements) },
    )
  }
  if (env.SLACK_APP_TOKEN) {
    const slack = createSlack({ token: env.SLACK_APP_TOKEN, apiUrl: env.SLACK_API_URL, now: Date.now })
    checks.push({
      name: 'Slack Socket Mode',
      run: () =>
        slack.call('apps.connections.open').then(
          () => 'a connection can be opened',
          (error: unknown) => {
            const code = slackErrorOf(error)
            // Our client's own explanations are about the bot token.
            throw code ? new Error(appTokenRefused(code)) : error
          },
        ),
    })
  }
  return checks
}

const vendorChecks = ({ env, file, catalogue }: Config): Check[] => {
  const checks: Check[] = []
  const { PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL: from, PROMETHEUS_URL, PROMETHEUS_TOKEN } = env
  if (PAGERDUTY_API_TOKEN && from)
    checks.push({
      name: 'PagerDuty',
      run: async () => {
        const client = pagerdutyClient({ token: PAGERDUTY_API_TOKEN, url: env.PAGERDUTY_API_URL, from })
        const user = await client.userByEmail(from)
        if (!user) throw new Error(`PAGERDUTY_FROM_EMAIL ${from} is no user of this account`)
        return `acts as ${user.name}`
      },
    })
  if (PROMETHEUS_URL)
    checks.push({
      name: 'Prometheus',
      run: async () => {
        const client = createPrometheusClient({
          url: PROMETHEUS_URL,
          token: PROMETHEUS_TOKEN,
          tenant: env.PROMETHEUS_TENANT,
        })
        const to = Date.now()
        const { series } = await client.queryRange({ query: 'count(up)', from: to - 300_000, to })
        if (series.length === 0) return 'answers, but scrapes nothing yet'
        return `answers; ${await recognizedIn(client, catalogue)}`
      },
    })
  const { GRAFANA_URL, GRAFANA_TOKEN, LOKI_URL } = env
  if (GRAFANA_URL && GRAFANA_TOKEN)
    checks.push({
      name: 'Grafana',
      run: () => grafanaHealth({ url: GRAFANA_URL, token: GRAFANA_TOKEN, marks: file.grafana.annotations }),
    })
  if (LOKI_URL)
    checks.push({
      name: 'Loki',
      run: async () => {
        const client = createLokiClient({ url: LOKI_URL, token: env.LOKI_TOKEN, tenant: env.LOKI_TENANT })
        return lokiAnswer(await client.labels(), catalogue)
      },
    })
  return checks
}

/** Whether the lines of the services will be found, by the label `service` or by their own queries. */
const lokiAnswer = (labels: readonly string[], catalogue: Catalogue): string => {
  if (labels.length === 0) return 'answers, but has no log lines yet'
  const unsaid = [...catalogue.values()].filter(({ logs }) => logs === undefined).map(({ id }) => id)
  if (labels.includes('service') || unsaid.length === 0) return `answers; lines are labelled with ${listed(labels)}`
  return `answers, but no line has the label service; set \`logs:\` for ${listed(unsaid)} in muster.yaml (labels: ${listed(labels)})`
}

const MOST_LISTED = 8
const listed = (names: readonly string[]): string =>
  `${names.slice(0, MOST_LISTED).join(', ')}${names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : ''}`

/** `recognized HTTP requests (all 8 services), MySQL (mysql); nothing of cart`: what graphs will be found by themselves. */
const recognizedIn = async (client: PrometheusClient, catalogue: Catalogue): Promise<string> => {
  const names = createMetricNames({ client, now: Date.now })
  const recognized = await createRecognition({ client, names, now: Date.now }).recognize()
  if (recognized.length === 0) return 'recognized no metrics; graphs need `queries:` in muster.yaml'
  const known = new Set<string>()
  const families = recognized.map(({ family, instances }) => {
    const services = [...catalogue.values()].filter((service) =>
      instances.some((labels) => belongingOf(labels, { id: service.id, service }, family.labels)),
    )
    for (const { id } of services) known.add(id)
    return `${family.name} (${whose(services, catalogue)})`
  })
  const unknown = [...catalogue.keys()].filter((id) => !known.has(id))
  return `recognized ${families.join(', ')}${unknown.length > 0 ? `; nothing of ${listed(unknown)}` : ''}`
}

const MOST_NAMED = 4
const whose = (services: readonly { id: string }[], { size }: Catalogue): string => {
  if (services.length === 0) return 'of no service in the catalogue'
  if (services.length <= MOST_NAMED) return services.map(({ id }) => id).join(', ')
  return services.length === size ? `all ${size} services` : `${services.length} of ${size} services`
}

const Manifest = z.object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) })

/** The scopes that the app is installed with. */
const manifestScopes = (): string[] =>
  Manifest.parse(parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'))).oauth_config.scopes.bot
