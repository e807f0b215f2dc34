import type { Config } from './config.ts'
import { messageOf } from './incident/errors.ts'
import { pagerdutyClient } from './integrations/pagerduty/client.ts'
import { createPrometheusClient } from './integrations/prometheus/client.ts'
import { createSlack } from './integrations/slack/client.ts'
import { integrationsOf } from './integrations.ts'
import { openStore } from './store/store.ts'

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
    checks.push({
      name: 'Slack bot token',
      run: async () => {
        const { team, user } = await slack.call<{ team: string; user: string }>('auth.test')
        return `${user} in ${team}`
      },
    })
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
