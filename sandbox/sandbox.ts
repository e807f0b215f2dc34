import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { createFakeGrafana } from './grafana.ts'
import { createFakeLoki } from './loki.ts'
import { createFakePagerDuty } from './pagerduty.ts'
import { createFakePrometheus } from './prometheus.ts'
import type { DeliveryObserver } from './slack/observe-delivery.ts'
import { staff } from './slack/people.ts'
import { createFakeSlack, type FakeSlackOptions } from './slack/server.ts'
import { createSns } from './sns.ts'
import type { StoryClock } from './stories/clock.ts'
import { createDelivery } from './stories/deliver.ts'
import { createPlayer, type Player, type PlayerEvent } from './stories/player.ts'
import { quietLogs, quietWorld } from './stories/quiet.ts'
import { stories, storyServices } from './stories/stories.ts'
import { withoutPeople } from './stories/without-people.ts'

/** The credentials of the sandbox's endpoints; none of them is a real secret. */
export const SANDBOX_SECRETS = {
  botToken: 'xoxb-sandbox-bot',
  appToken: 'xapp-sandbox-app',
  signingSecret: 'sandbox-signing-secret',
  pagerdutyToken: 'sandbox-pagerduty-token',
  pagerdutyWebhook: 'sandbox-pagerduty-webhook',
  alertmanager: 'sandbox-alertmanager',
  grafana: 'sandbox-grafana',
  grafanaToken: 'glsa_sandbox',
  metricsToken: 'metrics-of-the-sandbox',
  github: 'sandbox-github',
  webhook: 'sandbox-webhook',
} as const

export type SandboxOptions = {
  clock: StoryClock
  /** Port of the fake Slack and the page; 0 picks a free one. */
  port?: number
  /** Muster's base URL: where webhooks are sent. */
  musterUrl: string
  /** Path of `manifest.yml`. */
  manifest: URL | string
  /** Handles requests that are neither Slack's nor the sandbox's: the page. */
  otherwise?: RequestListener
  supportsNewBlocks?: boolean
  /** IANA zone in which captions and the page show times, to match Muster's documents. By default the story's and the viewer's own. */
  timezone?: string
  /** Overrides for the fake Slack. */
  slack?: Partial<FakeSlackOptions>
  /** Until a story begins, all services have the metrics and log lines of a night on which nothing happens. */
  quietShop?: boolean
  /** Called for everything Slack sends to Muster. */
  onDelivery?: DeliveryObserver
}

/** Who is on call, by catalogue id; olena for every other service. */
const ON_CALL: Record<string, string> = { shipping: 'olena', payment: 'robin', web: 'mei' }

/** Every external service on this machine: Slack, PagerDuty, Prometheus, Loki, Grafana, SNS, and the stories to play. */
export const createSandbox = async ({
  clock,
  port = 0,
  musterUrl,
  manifest,
  otherwise,
  supportsNewBlocks,
  timezone,
  slack: workspace = {},
  quietShop = false,
  onDelivery,
}: SandboxOptions) => {
  const secrets = SANDBOX_SECRETS
  const slack = await createFakeSlack({
    port,
    manifest: parse(readFileSync(manifest, 'utf8')),
    appToken: secrets.appToken,
    botToken: secrets.botToken,
    signingSecret: secrets.signingSecret,
    now: clock.now,
    ...(otherwise ? { otherwise } : {}),
    ...(onDelivery ? { onDelivery } : {}),
    ...(supportsNewBlocks === undefined ? {} : { supportsNewBlocks }),
    ...(timezone ? { pageTimezone: timezone } : {}),
    ...workspace,
  })
  const services = storyServices()
  const pagerduty = await createFakePagerDuty({
    token: secrets.pagerdutyToken,
    people: staff,
    services: services.flatMap(({ id, name, pagerdutyService }) =>
      pagerdutyService ? [{ id: pagerdutyService, name, onCall: [ON_CALL[id] ?? 'olena'] }] : [],
    ),
    webhook: { url: `${musterUrl}/webhooks/pagerduty`, secret: secrets.pagerdutyWebhook },
    now: clock.now,
    sleep: (ms) => sleep(ms, undefined, { ref: false }).then(() => {}),
  })
  const prometheus = await createFakePrometheus({ now: clock.now })
  const sns = createSns({ now: clock.now })
  const loki = await createFakeLoki({ now: clock.now })
  if (quietShop) {
    prometheus.show(quietWorld, clock.now())
    loki.show(quietLogs, clock.now())
  }
  const grafana = await createFakeGrafana({
    token: secrets.grafanaToken,
    now: clock.now,
    prometheusUrl: prometheus.url,
  })

  return {
    slack,
    pagerduty,
    prometheus,
    sns,
    loki,
    grafana,
    stories,
    services,

    /** Environment variables that point Muster at the fake services. */
    environment: (): Record<string, string> => ({
      SLACK_BOT_TOKEN: secrets.botToken,
      SLACK_APP_TOKEN: secrets.appToken,
      SLACK_API_URL: slack.apiUrl,
      PAGERDUTY_API_TOKEN: secrets.pagerdutyToken,
      PAGERDUTY_API_URL: pagerduty.url,
      PAGERDUTY_FROM_EMAIL: 'olena@shop.example',
      PAGERDUTY_WEBHOOK_SECRET: secrets.pagerdutyWebhook,
      ALERTMANAGER_WEBHOOK_TOKEN: secrets.alertmanager,
      GRAFANA_WEBHOOK_SECRET: secrets.grafana,
      GITHUB_WEBHOOK_SECRET: secrets.github,
      MUSTER_WEBHOOK_TOKEN: secrets.webhook,
      PROMETHEUS_URL: prometheus.url,
      LOKI_URL: loki.url,
      GRAFANA_URL: grafana.url,
      GRAFANA_TOKEN: secrets.grafanaToken,
      METRICS_TOKEN: secrets.metricsToken,
    }),

    /** Creates a player for a story. `settled` resolves when Muster's outbox is empty. */
    play: (
      id: string,
      settled: () => Promise<void>,
      onEvent?: (event: PlayerEvent) => void,
      { alone = false, catchUp }: PlayOptions = {},
    ): Player => {
      const found = stories.find((one) => one.id === id)
      const story = found && alone ? withoutPeople(found) : found
      if (!story) throw new Error(`There is no story "${id}". There are: ${stories.map((one) => one.id).join(', ')}.`)
      return createPlayer({
        story,
        clock,
        settled: async () => {
          await pagerduty.settled()
          await slack.settled()
          await settled()
        },
        ...(catchUp ? { catchUp } : {}),
        ...(timezone ? { timezone } : {}),
        begin: (begun, anchor) => {
          prometheus.show(begun.world, anchor)
          loki.show(begun.logs, anchor)
          grafana.show(begun, anchor)
        },
        deliver: createDelivery({
          muster: musterUrl,
          slack: slack.url,
          pagerduty: pagerduty.unaffectedUrl,
          pagerdutyToken: secrets.pagerdutyToken,
          grafana: grafana.url,
          secrets,
          people: staff,
          sns,
          sleep: (ms) => sleep(ms).then(() => {}),
        }),
        wait: (ms, signal) =>
          sleep(ms, undefined, { signal }).then(
            () => {},
            () => {},
          ),
        ...(onEvent ? { onEvent } : {}),
      })
    },

    stop: async (): Promise<void> => {
      await Promise.all([slack.stop(), pagerduty.stop(), prometheus.stop(), loki.stop(), grafana.stop()])
    },
  }
}

export type PlayOptions = {
  /** Plays alerts, metrics, logs and changes only, without people. */
  alone?: boolean
  /** Runs Muster's timers between two steps: see the player. */
  catchUp?: () => Promise<number | undefined>
}

export type Sandbox = Awaited<ReturnType<typeof createSandbox>>
