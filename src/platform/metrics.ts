import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

type Queues = {
  /** How many effects are waiting or running. */
  pending?: () => Promise<number>
  /** How many of them are waiting for which system. */
  waiting?: () => Promise<{ system: string; effects: number }[]>
}

/** Every metric Muster exposes at `/metrics`; names and labels are listed in docs/metrics.md. */
export const createMetrics = ({ pending, waiting }: Queues = {}) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'muster_' })
  const registers = [registry]
  return {
    registry,
    webhooks: new Counter({
      name: 'muster_webhooks_total',
      help: 'Webhook deliveries by source and result.',
      labelNames: ['source', 'result'],
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'muster_webhook_seconds',
      help: 'Time from the first byte of a delivery to its answer, which is sent after its events are on disk.',
      labelNames: ['source'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    signals: new Counter({
      name: 'muster_signals_total',
      help: 'Alerts and activities by result: declared, joined, held, recorded, repeated, ignored.',
      labelNames: ['source', 'result'],
      registers,
    }),
    incidents: new Counter({
      name: 'muster_incidents_total',
      help: 'Incidents declared, by severity and by origin.',
      labelNames: ['severity', 'by'],
      registers,
    }),
    channelSeconds: new Histogram({
      name: 'muster_channel_seconds',
      help: 'Time from the declaration to the open channel.',
      buckets: [0.25, 0.5, 1, 2, 3, 5, 10, 30, 60],
      registers,
    }),
    effects: new Counter({
      name: 'muster_effects_total',
      help: 'Effects by type and result: done, postponed, failed.',
      labelNames: ['effect', 'result'],
      registers,
    }),
    effectSeconds: new Histogram({
      name: 'muster_effect_seconds',
      help: 'Duration of one attempt at an effect.',
      labelNames: ['effect'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    outbox: new Gauge({
      name: 'muster_outbox_effects',
      help: 'Effects queued or running.',
      registers,
      // Counted when scraped; NaN when the store cannot be read.
      async collect() {
        if (pending) this.set(await pending().catch(() => Number.NaN))
      },
    }),
    effectsWaiting: new Gauge({
      name: 'muster_effects_waiting',
      help: 'Effects that wait for a system that does not answer or refuses the whole account.',
      labelNames: ['system'],
      registers,
      async collect() {
        this.reset()
        for (const { system, effects } of (await waiting?.().catch(() => [])) ?? []) this.set({ system }, effects)
      },
    }),
    damagedRows: new Counter({
      name: 'muster_damaged_rows_total',
      help: 'Rows of the database that could not be read and were left aside, by table.',
      labelNames: ['table'],
      registers,
    }),
    slackCalls: new Counter({
      name: 'muster_slack_calls_total',
      help: 'Slack Web API calls by method and result: ok, ratelimited, or the error.',
      labelNames: ['method', 'result'],
      registers,
    }),
    commands: new Counter({
      name: 'muster_commands_total',
      help: 'Sub-commands by name and result: done, refused, failed.',
      labelNames: ['command', 'result'],
      registers,
    }),
    breakerOpen: new Gauge({
      name: 'muster_breaker_open',
      help: '1 while an upstream system does not answer and is only probed.',
      labelNames: ['system'],
      registers,
    }),
    rankings: new Counter({
      name: 'muster_suspect_rankings_total',
      help: 'Live suspect rankings, by label.',
      labelNames: ['label'],
      registers,
    }),
    verdicts: new Counter({
      name: 'muster_suspect_verdicts_total',
      help: 'Causes that people recorded, by the label of the latest ranking and whether its first suspect was it.',
      labelNames: ['label', 'right'],
      registers,
    }),
    rankingSeconds: new Histogram({
      name: 'muster_suspect_ranking_seconds',
      help: 'How long one live ranking took, most of it the answers of Prometheus.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
      registers,
    }),
    removed: new Counter({
      name: 'muster_removed_total',
      help: 'What was removed because its time was over: snapshots, changes, alerts, messages.',
      labelNames: ['kind'],
      registers,
    }),
    reminders: new Counter({
      name: 'muster_reminders_total',
      help: 'Reminders posted, by kind.',
      labelNames: ['kind'],
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
