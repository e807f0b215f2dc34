import { goldenQueries, service } from '../catalogue.ts'
import { reacts, says, types } from '../person-actions.ts'
import { review } from '../review.ts'
import { hours, minutes } from '../signals.ts'
import { at, type Step, type Story } from '../story.ts'
import { logs, world } from './world.ts'

const steps: Step[] = [
  at(minutes(0, 5), 'The public site is slow, an hour and a half in; PagerDuty pages', {
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
  at(minutes(2), 'Robin takes command', types('robin', 'assign commander me')),
  at(
    minutes(4),
    'The responder digs for the cause',
    says(
      'robin',
      'The shared ElasticSearch is at its CPU limit, searches take over 30 s. I am looking for what makes them so slow.',
    ),
  ),
  at(
    minutes(8),
    'Customers get the same e-mail again and again',
    says('jonas', 'Customers write that they get the same e-mail again and again. Some have nine of them.'),
  ),
  at(minutes(8, 30), 'That is worse than slow', types('robin', 'severity sev1')),
  at(
    minutes(13),
    'Still digging',
    says(
      'robin',
      'Batch e-mails of the document pipeline query ElasticSearch since 02:00. It moved from RabbitMQ to SQS yesterday. Reading its code now.',
    ),
  ),
  at(
    minutes(18),
    'Every retry adds load',
    says(
      'mei',
      'The worker gives up after 30 s, but that cuts the response, not the work. The queue tries again after 60 s, up to 10 times, 25 at once.',
    ),
  ),
  at(minutes(18, 20), 'Robin pins that to the timeline', reacts('robin', 'pushpin', 'not the work')),
  at(
    minutes(22),
    'The manager asks the other question',
    says('priya', 'How do we stop the harm? Why can wait. I am shutting the workers down.'),
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
    'Their local logs die with them',
    says('mei', 'The worker pods kept their logs on local disk. With the pods they are gone.'),
  ),
  at(minutes(26), 'No more mails go out', types('robin', 'status identified')),
  at(minutes(30), 'The site is fast again', types('robin', 'status mitigated')),
  at(
    minutes(31),
    'Customers are told',
    types(
      'robin',
      'update The site is fast again and no more repeated e-mails go out. We are sorry for those that did.',
    ),
  ),
  at(minutes(34), 'P90 is back; the page is resolved', {
    kind: 'pagerduty',
    key: 'public-site-slow',
    does: 'resolve',
    by: 'robin',
  }),
  at(
    minutes(36),
    'A record of finished work',
    types(
      'mei',
      'action [preventative] Keep a record of finished work, and check it before anything is sent to people @mei',
    ),
  ),
  at(
    minutes(36, 30),
    'Time limits that agree',
    types('mei', 'action [corrective] Stop the search when its caller has gone, and let the time limits agree @mei'),
  ),
  at(
    minutes(37),
    'A gentler queue',
    types(
      'robin',
      'action [preventative] Back off, cap concurrency and break the circuit between the workers and ElasticSearch @robin',
    ),
  ),
  at(
    minutes(37, 30),
    'Evidence that survives',
    types('priya', 'action [preventative] Ship the logs of the workers to Loki @robin'),
  ),
  ...review(minutes(38), 'priya', [
    ['impact', 'Customers got the same e-mail again and again, and the public site was slow'],
    [
      'root cause',
      'The 30 s limit of the worker cut the response but not the work; the queue retried up to 10 times, 25 at once, and every retry added load',
    ],
    ['trigger', 'Batch e-mails at 02:00, the morning after the pipeline moved from RabbitMQ to SQS'],
    ['went wrong', 'We looked for the cause before we stopped the harm, and the local logs died with the workers'],
  ]),
  at(
    minutes(40),
    'Resolved',
    types(
      'robin',
      'resolve Retries of work that was never stopped kept ElasticSearch busy and sent mails again. The workers are off until that is fixed.',
    ),
  ),
  at(minutes(40, 30), 'The postmortem is drafted', types('robin', 'postmortem')),
]

/** A system attacks itself with retries; the harm is stopped by the one who does not ask why. */
export const stampede: Story = {
  id: 'stampede',
  title: 'The stampede',
  description:
    'The morning after a migration, retries attack the search cluster and customers get the same mail nine times.',
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
      name: 'Search (ElasticSearch)',
      owner: 'Platform',
      tier: 1,
      queries: [
        ...goldenQueries('search', { latencyS: 5, errorPercent: 5 }).slice(0, 1),
        {
          title: 'Searches that wait',
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
          title: 'The same mail again',
          query: '60 * sum(rate(emails_sent_total{service="document-worker",repeated="true"}[5m]))',
          unit: 'mails/min',
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
