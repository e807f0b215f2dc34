import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { messageOf } from '../incident/errors.ts'
import { grafanaHealth } from '../integrations/grafana/health.ts'
import { createLokiClient } from '../integrations/loki/client.ts'
import { pagerdutyClient } from '../integrations/pagerduty/client.ts'
import { subscribe } from '../integrations/pagerduty/connect.ts'
import { createPrometheusClient } from '../integrations/prometheus/client.ts'
import { slackChecks } from '../integrations/slack/check.ts'
import { createSlack } from '../integrations/slack/client.ts'
import { integrationsOf } from '../integrations.ts'
import { openStore } from '../store/store.ts'

type Check = { name: string; run(): Promise<string> }

/** Asks every system that is configured one harmless question; true when all are well. */
export const doctor = async (config: Config, print: (line: string) => void): Promise<boolean> => {
  const { env } = config
  const checks: Check[] = [
    {
      name: 'database',
      run: async () => {
        const store = await openStore(env.DATABASE_URL, Date.now)
        await store.ping()
        const waiting = await store.outbox.count()
        await store.close()
        return `${store.kind}, ${waiting} effects waiting`
      },
    },
  ]
  const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken } = env
  if (token) {
    const slack = createSlack({ token, apiUrl: env.SLACK_API_URL, now: Date.now })
    const { token: checkToken, newBlocks, channel } = slackChecks(slack)
    checks.push(
      { name: 'Slack bot token', run: () => checkToken(manifestScopes()) },
      { name: 'Slack\u2019s newest blocks', run: newBlocks },
      ...[...new Set([config.file.slack.announcements, config.file.slack.triage])]
        .filter(Boolean)
        .map((named) => ({ name: `Slack channel ${named}`, run: () => channel(named) })),
    )
  }
  if (appToken) {
    const slack = createSlack({ token: appToken, apiUrl: env.SLACK_API_URL, now: Date.now })
    checks.push({
      name: 'Slack Socket Mode',
      run: async () => {
        await slack.call('apps.connections.open')
        return 'a connection can be opened'
      },
    })
  }
  const { PAGERDUTY_API_TOKEN: pagerdutyToken, PROMETHEUS_URL: prometheusUrl } = env
  if (pagerdutyToken)
    checks.push({
      name: 'PagerDuty',
      run: async () => {
        const client = pagerdutyClient({
          token: pagerdutyToken,
          url: env.PAGERDUTY_API_URL,
          from: env.PAGERDUTY_FROM_EMAIL,
        })
        const user = await client.userByEmail(env.PAGERDUTY_FROM_EMAIL as string)
        if (!user) throw new Error(`PAGERDUTY_FROM_EMAIL ${env.PAGERDUTY_FROM_EMAIL} is no user of this account`)
        return `acts as ${user.name}`
      },
    })
  if (prometheusUrl)
    checks.push({
      name: 'Prometheus',
      run: async () => {
        const client = createPrometheusClient({
          url: prometheusUrl,
          ...(env.PROMETHEUS_TOKEN ? { token: env.PROMETHEUS_TOKEN } : {}),
        })
        const to = Date.now()
        const { series } = await client.queryRange({ query: 'count(up)', from: to - 300_000, to })
        return series.length > 0 ? 'answers' : 'answers, but scrapes nothing yet'
      },
    })

  const { GRAFANA_URL: grafanaUrl, GRAFANA_TOKEN: grafanaToken, LOKI_URL: lokiUrl } = env
  if (grafanaUrl && grafanaToken)
    checks.push({ name: 'Grafana', run: () => grafanaHealth({ url: grafanaUrl, token: grafanaToken }) })
  if (lokiUrl)
    checks.push({
      name: 'Loki',
      run: async () => {
        await createLokiClient({ url: lokiUrl }).ready()
        return 'is ready'
      },
    })

  let well = true
  for (const { name, run } of checks) {
    try {
      print(`ok    ${name}: ${await run()}`)
    } catch (error) {
      well = false
      print(`WRONG ${name}: ${messageOf(error)}`)
    }
  }
  if (!token) {
    well = false
    print('WRONG Slack: SLACK_BOT_TOKEN is not set')
  }
  for (const name of integrationsOf(config).off) print(`off   ${name}`)
  return well
}

/** Sets up PagerDuty's webhooks, for the whole account or for some services (PagerDuty's ids). True when all is well. */
export const connectPagerDuty = async (
  { env }: Config,
  services: readonly string[],
  print: (line: string) => void,
): Promise<boolean> => {
  const { PAGERDUTY_API_TOKEN: token, PUBLIC_URL: publicUrl } = env
  if (!token || !publicUrl) {
    print(
      `WRONG ${token ? 'PUBLIC_URL' : 'PAGERDUTY_API_TOKEN'} is not set; connecting PagerDuty needs both PAGERDUTY_API_TOKEN and PUBLIC_URL`,
    )
    return false
  }
  const pagerduty = pagerdutyClient({ token, url: env.PAGERDUTY_API_URL, from: env.PAGERDUTY_FROM_EMAIL })
  const hasSecret = env.PAGERDUTY_WEBHOOK_SECRET !== undefined
  try {
    return await subscribe({ pagerduty, publicUrl, apiUrl: env.PAGERDUTY_API_URL, services, hasSecret, print })
  } catch (error) {
    print(`WRONG PagerDuty: ${messageOf(error)}`)
    return false
  }
}

const Manifest = z.object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) })

/** What the app is installed with. */
const manifestScopes = (): string[] =>
  Manifest.parse(parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'))).oauth_config.scopes.bot
