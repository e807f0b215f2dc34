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
import { aloneIn } from './stories/alone.ts'
import type { StoryClock } from './stories/clock.ts'
import { createDelivery } from './stories/deliver.ts'
import { createPlayer, type Player, type PlayerEvent } from './stories/player.ts'
import { stories, storyServices } from './stories/stories.ts'

/** What opens the sandbox's endpoints; none of it is a secret of anybody's. */
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
  /** Where the fake Slack, and the page, are served; 0 for any free port. */
  port?: number
  /** Muster's own address: where the webhooks go. */
  musterUrl: string
  /** manifest.yml */
  manifest: URL | string
  /** Answers what is neither Slack's nor the sandbox's: the page. */
  otherwise?: RequestListener
  supportsNewBlocks?: boolean
  /** What else the workspace should be like. */
  slack?: Partial<FakeSlackOptions>
  /** Told of everything that Slack sends to Muster. */
  onDelivery?: DeliveryObserver
}

/** Somebody in PagerDuty for each person of the workspace, and who is on call where. */
const ON_CALL: Record<string, string> = { shipping: 'olena', payment: 'robin', web: 'mei' }

/** The whole outside world on this machine: Slack, PagerDuty, Prometheus, and stories to tell in it. */
export const createSandbox = async ({
  clock,
  port = 0,
  musterUrl,
  manifest,
  otherwise,
  supportsNewBlocks,
  slack: workspace = {},
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
  const grafana = await createFakeGrafana({ token: secrets.grafanaToken, now: clock.now })

  return {
    slack,
    pagerduty,
    prometheus,
    sns,
    loki,
    grafana,
    stories,
    services,

    /** What Muster is started with, to find all this. */
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

    /** A story, ready to be played; `settled` resolves when Muster has followed. */
    play: (
      id: string,
      settled: () => Promise<void>,
      onEvent?: (event: PlayerEvent) => void,
      { alone = false, catchUp }: PlayOptions = {},
    ): Player => {
      const told = stories.find((one) => one.id === id)
      const story = told && alone ? aloneIn(told) : told
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
        begin: (begun, anchor) => {
          prometheus.show(begun.world, anchor)
          loki.show(begun.logs, anchor)
          grafana.show(begun, anchor)
        },
        deliver: createDelivery({
          muster: musterUrl,
          slack: slack.url,
          pagerduty: pagerduty.url,
          pagerdutyToken: secrets.pagerdutyToken,
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
  /** Nobody types or answers: only alerts, metrics, logs and changes. */
  alone?: boolean
  /** What Muster has to do by the story's clock between two steps: see the player. */
  catchUp?: () => Promise<number | undefined>
}

export type Sandbox = Awaited<ReturnType<typeof createSandbox>>
