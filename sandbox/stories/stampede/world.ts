import { megabytes } from '../robot-shop.ts'
import { combine, minutes, noisy, steady, through } from '../signals.ts'
import type { LogLine, Meter, World } from '../world.ts'

/**
 * Story time 0 is 06:00. The batch starts at 02:00; from 04:30 its retries keep the search cluster busy with abandoned
 * work; at 06:24 the workers are shut down.
 */
const searchP90 = through([-240, 0.35], [-225, 6], [-150, 22], [-90, 33], [0, 38], [24, 39], [27, 4], [33, 0.4])
const searchCpu = through([-240, 1.1], [-150, 3.2], [-90, 3.9], [24, 3.96], [28, 1.6], [36, 1.1])

/** 25 concurrent requests, each with a 30 s timeout, redelivered after 60 s, up to ten times. */
const attempts = through([-240, 0], [-239, 0.6], [-90, 0.83], [24, 0.83], [24.3, 0])
const cutOff = through([-240, 0], [-150, 0.2], [-90, 0.93], [24, 0.97], [24.3, 0])
const duplicates = through([-160, 0], [-90, 0.35], [0, 0.62], [24, 0.64], [24.3, 0])

/** The site slows down for over two hours before its alert, which waits for 10 s, fires. */
const siteP90 = through([-180, 0.5], [-90, 3.1], [-20, 9], [0, 11.4], [24, 12.2], [28, 1.6], [34, 0.5])
const siteErrors = through([-90, 0.002], [-20, 0.04], [0, 0.07], [24, 0.08], [28, 0.01], [34, 0.002])

const queue = { service: 'document-queue', job: 'cloudwatch-exporter', queue_name: 'documents' }

const meters: Meter[] = [
  {
    name: 'aws_sqs_approximate_age_of_oldest_message_maximum',
    labels: queue,
    kind: 'gauge',
    value: combine(Math.round, through([-240, 4], [-225, 300], [-90, 8_000], [24, 15_000], [60, 17_000])),
    help: 'CloudWatch metric AWS/SQS ApproximateAgeOfOldestMessage, in seconds.',
  },
  {
    name: 'aws_sqs_number_of_messages_received_sum',
    labels: queue,
    kind: 'gauge',
    value: combine((perSecond) => Math.round(perSecond * 60), attempts),
    help: 'CloudWatch metric AWS/SQS NumberOfMessagesReceived, a minute.',
  },
  {
    name: 'emails_sent_total',
    labels: { service: 'document-worker', job: 'mail-gateway', repeated: 'true' },
    kind: 'counter',
    value: noisy(duplicates, 'mails', 0.05),
    help: 'Emails sent, by whether they repeat an earlier one.',
  },
  {
    name: 'elasticsearch_thread_pool_queue_count',
    labels: { service: 'search', job: 'elasticsearch-exporter', type: 'search' },
    kind: 'gauge',
    value: combine(Math.round, noisy(through([-240, 2], [-150, 240], [-90, 900], [24, 1_000], [30, 3]), 'queue', 0.03)),
    help: 'Searches queued for a thread.',
  },
]

export const world: World = {
  workloads: [
    {
      service: 'public-site',
      namespace: 'site',
      rate: noisy(through([-360, 20], [-120, 26], [0, 62], [60, 90]), 'site/rate', 0.05),
      errors: noisy(siteErrors, 'site/errors', 0.05),
      errorCode: '504',
      p90: noisy(siteP90, 'site/p90', 0.04),
      cpu: noisy(steady(0.35), 'site/cpu', 0.1),
      cpuLimit: steady(2),
    },
    {
      service: 'document-worker',
      namespace: 'documents',
      rate: noisy(attempts, 'worker/rate', 0.05),
      errors: noisy(cutOff, 'worker/errors', 0.03),
      errorCode: '504',
      // The worker's own timeout is 30 s, so its latency never exceeds that.
      p90: combine((search) => Math.min(29.9, search), searchP90),
      cpu: noisy(steady(0.3), 'worker/cpu', 0.1),
      cpuLimit: steady(1),
      replicas: through([24, 5], [24.1, 0]),
    },
    {
      service: 'search',
      namespace: 'search',
      rate: noisy(
        combine((site, worker) => site + worker, through([0, 40], [60, 60]), attempts),
        'search/rate',
        0.05,
      ),
      p90: noisy(searchP90, 'search/p90', 0.04),
      cpu: noisy(searchCpu, 'search/cpu', 0.02),
      cpuLimit: steady(4),
      memory: noisy(steady(megabytes(26_000)), 'search/memory', 0.02),
      memoryLimit: steady(megabytes(32_000)),
    },
  ],
  edges: [
    {
      client: 'public-site',
      clientNamespace: 'site',
      server: 'search',
      serverNamespace: 'search',
      rate: through([0, 40], [60, 60]),
      errors: siteErrors,
      p90: combine((search, site) => Math.min(0.3 * search, 0.9 * site), searchP90, siteP90),
    },
    {
      client: 'document-worker',
      clientNamespace: 'documents',
      server: 'search',
      serverNamespace: 'search',
      rate: attempts,
      errors: cutOff,
      p90: searchP90,
    },
  ],
  meters,
  rules: [
    {
      group: 'site',
      alert: 'PublicSiteSlow',
      query:
        'histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket{service="public-site"}[5m]))) > 10',
      forMs: minutes(5),
      labels: { severity: 'critical' },
      annotations: { summary: 'The public site is slow' },
    },
  ],
}

/** No worker logs: they are on local disks and are lost when the workers are shut down. */
export const logs: LogLine[] = [
  {
    atMs: minutes(-150),
    untilMs: minutes(25),
    everyMs: 10_000,
    service: 'search',
    level: 'warn',
    text: '[search slow log] took[34.2s], total_hits[1187402], source[documents-*]',
  },
  {
    atMs: minutes(-20),
    untilMs: minutes(25),
    everyMs: 15_000,
    service: 'public-site',
    level: 'error',
    text: 'upstream search timed out after 10 s',
  },
]
