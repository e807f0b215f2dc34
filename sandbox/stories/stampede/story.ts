import { goldenQueries, service } from '../catalogue.ts'
import { joins, reacts, says, types } from '../person-actions.ts'
import { review } from '../review.ts'
import { hours, minutes } from '../signals.ts'
import { at, type Step, type Story } from '../story.ts'
import { logs, world } from './world.ts'

const steps: Step[] = [
  at(minutes(0, 5), 'The public site has been slowing down for two hours; only now does PagerDuty page', {
    kind: 'page',
    key: 'public-site-slow',
    service: 'public-site',
    title: 'Public site slow: P90 over 10 s',
    severity: 'critical',
    details: { alertname: 'PublicSiteSlow', service: 'public-site', value: '11.4 s' },
  }),
  at(minutes(1, 20), 'Robin acknowledges', {
    kind: 'pagerduty',
    key: 'public-site-slow',
    does: 'acknowledge',
    by: 'robin',
  }),
  at(minutes(1, 40), 'He opens the incident channel', joins('robin')),
  at(minutes(2), 'Robin takes command', types('robin', 'assign commander me')),
  at(
    minutes(4),
    'Robin looks for the cause',
    says(
      'robin',
      'The shared Elasticsearch is at its CPU limit, and searches take over 30 s. Looking into what makes them so slow.',
    ),
  ),
  at(
    minutes(8),
    'Customers get the same email again and again',
    says('jonas', 'Customers are complaining about getting the same email over and over. Some have received nine.'),
  ),
  at(minutes(8, 30), 'That is worse than slow; severity goes up', types('robin', 'severity sev1')),
  at(
    minutes(13),
    'Robin is still looking for the cause',
    says(
      'robin',
      'The document pipeline has been querying Elasticsearch for its batch emails since 02:00. It moved from RabbitMQ to SQS yesterday. Reading its code now.',
    ),
  ),
  at(
    minutes(18),
    'Every retry adds load',
    says(
      'mei',
      'The worker times out after 30 s, but that only drops the response, not the work. SQS redelivers after 60 s, up to 10 times, 25 at once.',
    ),
  ),
  at(minutes(18, 20), 'Robin pins that message to the timeline', reacts('robin', 'pushpin', 'not the work')),
  at(
    minutes(22),
    'The team lead asks how to stop the damage first',
    says('priya', 'How do we stop the damage? Finding out why can wait. I am shutting down the workers.'),
  ),
  at(minutes(22, 30), 'She takes operations', types('priya', 'assign operations me')),
  at(minutes(24), 'The workers are shut down', {
    kind: 'change',
    change: {
      service: 'document-worker',
      kind: 'config',
      title: 'Scale document-worker to 0',
      by: 'priya',
      outcome: 'succeeded',
    },
  }),
  at(
    minutes(25),
    'Their local logs are lost with them',
    says('mei', 'The worker pods kept their logs on local disk. They are gone with the pods.'),
  ),
  at(minutes(26), 'No more emails are going out', types('robin', 'status identified')),
  at(minutes(30), 'The site is fast again', types('robin', 'status mitigated')),
  at(
    minutes(31),
    'An update that Support can pass on to customers',
    types(
      'robin',
      'update The site is fast again, and no more duplicate emails are being sent. We apologise for those that were.',
    ),
  ),
  at(minutes(34), 'P90 is back to normal; Robin resolves the page', {
    kind: 'pagerduty',
    key: 'public-site-slow',
    does: 'resolve',
    by: 'robin',
  }),
  at(
    minutes(36),
    'Action item: make the work idempotent',
    types('mei', 'action [preventative] Record completed jobs and check before sending emails @mei'),
  ),
  at(
    minutes(36, 30),
    'Action item: consistent timeouts',
    types('mei', 'action [corrective] Cancel a search when its client times out, and align the timeouts @mei'),
  ),
  at(
    minutes(37),
    'Action item: back-off and a circuit breaker',
    types(
      'robin',
      'action [preventative] Add back-off, a concurrency limit and a circuit breaker between the workers and Elasticsearch @robin',
    ),
  ),
  at(
    minutes(37, 30),
    'Action item: keep the logs',
    types('priya', 'action [preventative] Ship the logs of the workers to Loki @robin'),
  ),
  ...review(minutes(38), 'priya', [
    ['impact', 'Customers got the same email up to nine times, and the public site was slow'],
    [
      'root cause',
      'The 30 s timeout of the worker dropped the response but not the work; the queue retried up to 10 times, 25 at once, and every retry added load',
    ],
    ['trigger', 'Batch emails at 02:00 PST, the morning after the pipeline moved from RabbitMQ to SQS'],
    [
      'went wrong',
      'We looked for the cause before we stopped the damage, and the local logs were lost with the workers',
    ],
  ]),
  at(
    minutes(40),
    'Resolved',
    types(
      'robin',
      'resolve Retries of work that was never cancelled overloaded Elasticsearch and sent duplicate emails. The workers are off until that is fixed.',
    ),
  ),
  at(minutes(40, 30), 'The postmortem is drafted', types('robin', 'postmortem links')),
]

/** A retry storm; it ends when somebody stops the damage before knowing the cause. */
export const stampede: Story = {
  id: 'stampede',
  title: 'The stampede',
  description:
    'The morning after a migration, retries overload the search cluster and customers get the same email nine times.',
  opensOn: 'Wednesday',
  opensAt: '06:00',
  timezone: 'America/Los_Angeles',
  services: [
    service({
      id: 'public-site',
      name: 'Public site',
      owner: 'Storefront',
      tier: 1,
      pagerdutyService: 'PSVCSITE',
      dependsOn: ['search'],
      queries: goldenQueries('public-site', { latencyS: 3, errorPercent: 5 }),
    }),
    service({
      id: 'search',
      name: 'Search (Elasticsearch)',
      owner: 'Platform',
      tier: 1,
      queries: [
        ...goldenQueries('search', { latencyS: 5, errorPercent: 5 }).slice(0, 1),
        {
          title: 'Queued searches',
          query: 'sum(elasticsearch_thread_pool_queue_count{service="search"})',
          unit: 'searches',
        },
      ],
    }),
    service({
      id: 'document-worker',
      name: 'Document worker',
      owner: 'Payments',
      tier: 2,
      dependsOn: ['search', 'document-queue'],
      queries: [
        {
          title: 'Duplicate emails',
          query: '60 * sum(rate(emails_sent_total{service="document-worker",repeated="true"}[5m]))',
          unit: 'emails/min',
        },
      ],
    }),
    service({
      id: 'document-queue',
      name: 'Document queue (SQS)',
      owner: 'Payments',
      tier: 3,
      queries: [
        {
          title: 'Age of the oldest message',
          query: 'aws_sqs_approximate_age_of_oldest_message_maximum{service="document-queue"}',
          unit: 's',
        },
      ],
    }),
  ],
  world,
  logs,
  changes: [
    {
      atMs: -hours(16),
      service: 'document-worker',
      kind: 'deploy',
      title: 'Deploy document-worker: SQS instead of RabbitMQ',
      revision: '4.0.0',
      by: 'mei',
      outcome: 'succeeded',
    },
  ],
  people: ['robin', 'mei', 'priya', 'jonas'],
  steps,
}
