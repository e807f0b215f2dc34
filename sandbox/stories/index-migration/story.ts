import { goldenQueries, service } from '../catalogue.ts'
import { joins, pressesIn, reacts, says, types } from '../person-actions.ts'
import { review } from '../review.ts'
import { minutes } from '../signals.ts'
import { at, type Step, type StepAction, type Story } from '../story.ts'
import { logs, world } from './world.ts'

const sha = 'b4d1f0a97c3e62158fd09a4b7e1c35d286f0a9e1'
const previous = '1f7a3c05d2e84b69a0c7f5182e6d93b4a7c80f25'

const deployment = (
  state: 'in_progress' | 'success' | 'failure',
  revision: string,
  description: string,
): StepAction => ({
  kind: 'deployment',
  repository: 'shop/orders',
  service: 'orders',
  sha: revision,
  description,
  by: 'mei',
  state,
})

type Alarm = Omit<Extract<StepAction, { kind: 'cloudwatch' }>, 'kind' | 'state' | 'reason'>

const age: Alarm = {
  alarm: 'order-events-oldest-message',
  description: 'Early warning: the oldest order event has been waiting for more than a minute.',
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimensions: { QueueName: 'order-events' },
  threshold: 60,
}

const cpu = (threshold: number): Alarm => ({
  alarm: `orders-db-cpu-${threshold}`,
  description: `CPU of the orders cluster is above ${threshold} %.`,
  namespace: 'AWS/RDS',
  metric: 'CPUUtilization',
  dimensions: { DBClusterIdentifier: 'orders' },
  threshold,
})

const deadLetters: Alarm = {
  alarm: 'order-events-dlq-not-empty',
  description: 'There are order events in the dead-letter queue.',
  namespace: 'AWS/SQS',
  metric: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'order-events-dlq' },
  threshold: 0,
}

const raised = (alarm: Alarm, value: number): StepAction => ({
  kind: 'cloudwatch',
  ...alarm,
  state: 'ALARM',
  reason: `Threshold Crossed: 1 datapoint [${value}] was greater than the threshold (${alarm.threshold}).`,
})

const cleared = (alarm: Alarm, value: number): StepAction => ({
  kind: 'cloudwatch',
  ...alarm,
  state: 'OK',
  reason: `Threshold Crossed: 1 datapoint [${value}] was not greater than the threshold (${alarm.threshold}).`,
})

const steps: Step[] = [
  at(
    minutes(0, 5),
    'A feature with a new SQL query is being deployed',
    deployment('in_progress', sha, 'Loyalty references on orders'),
  ),
  at(
    minutes(2),
    'The code is live; its index migration runs afterwards',
    deployment('success', sha, 'Loyalty references on orders'),
  ),
  at(
    minutes(4, 30),
    'First alarm: the oldest message in a queue is over 60 s old, a deliberately low threshold',
    raised(age, 64),
  ),
  at(
    minutes(4, 50),
    'The alarm has no severity, so it waits for triage: Robin declares an incident',
    pressesIn('robin', 'incidents', 'Declare'),
  ),
  at(minutes(4, 55), 'Robin opens the incident channel', joins('robin')),
  at(minutes(5), 'Robin takes command', types('robin', 'assign commander me')),
  at(minutes(6), 'Second alarm: CPU of the RDS cluster is above 70 %', raised(cpu(70), 76)),
  at(
    minutes(6, 30),
    'Traffic is flat',
    says('robin', 'Traffic is flat. What changed? `orders` was deployed two minutes before the first alarm.'),
  ),
  at(minutes(7, 30), 'The author of the change joins', joins('mei')),
  at(minutes(8), 'CPU is above 90 %', raised(cpu(90), 93)),
  at(
    minutes(8, 40),
    'The new query has no index yet',
    says(
      'mei',
      'That deploy added a query on a table with millions of rows. Its index migration runs after the code, and it is still running.',
    ),
  ),
  at(minutes(9), 'The cause is identified', types('robin', 'status identified')),
  at(
    minutes(9, 10),
    'Robin pins that message to the timeline',
    reacts('robin', 'pushpin', 'Its index migration runs after the code'),
  ),
  at(minutes(10), 'CPU is at 100 %', says('robin', 'Cluster CPU is at 100 %.')),
  at(
    minutes(11),
    'The pipeline times out, and the index is never created',
    deployment('failure', sha, 'Loyalty references on orders'),
  ),
  at(minutes(12), 'Customers are affected; severity goes up', types('robin', 'severity sev1')),
  at(minutes(13, 30), 'Messages end up in the dead-letter queue', raised(deadLetters, 212)),
  at(
    minutes(16),
    'A rollback, but too late: the running queries keep the cluster busy',
    deployment('success', previous, 'Roll back loyalty references'),
  ),
  at(
    minutes(18),
    'The rollback does not help',
    says(
      'mei',
      'Rolled back, but the queries that are already running keep going, and every retry adds more. CPU is still at 100 %.',
    ),
  ),
  at(
    minutes(21, 30),
    'The database engineer decides to restart the cluster',
    says('dana.ruiz', 'Restarting the cluster, nothing else is going to get rid of those queries.'),
  ),
  at(minutes(22), 'The cluster restarts and fails over', {
    kind: 'change',
    change: {
      service: 'orders-db',
      kind: 'config',
      title: 'Restart the orders cluster with failover',
      by: 'dana.ruiz',
      outcome: 'succeeded',
    },
  }),
  at(minutes(25), 'The database recovers', types('robin', 'status mitigated')),
  at(minutes(26), 'CPU is below 90 %; that alarm clears', cleared(cpu(90), 58)),
  at(minutes(26, 10), 'CPU is below 70 %; that alarm clears too', cleared(cpu(70), 58)),
  at(
    minutes(26, 30),
    'An update for the rest of the company',
    types(
      'robin',
      'update Orders go through again after a database restart. The backlog is being processed; no messages were lost.',
    ),
  ),
  at(minutes(31), 'Retries clear the backlog', cleared(age, 31)),
  at(minutes(33), 'The dead-letter queue is empty again', cleared(deadLetters, 0)),
  at(
    minutes(34),
    'Action item: index first, then the feature',
    types('mei', 'action [corrective] Create the index first, then redeploy the feature @mei'),
  ),
  at(
    minutes(34, 30),
    'Action item: run migrations first',
    types('robin', 'action [preventative] Make the pipeline run migrations before the code that needs them @robin'),
  ),
  ...review(minutes(35), 'mei', [
    ['impact', 'Orders failed while the cluster was at 100 % CPU; messages went to the dead-letter queue'],
    ['root cause', 'A new query went live before its index; the pipeline timed out and the index was never created'],
    ['trigger', 'The deploy of orders with the new SQL query'],
    ['went well', 'A deliberately low early-warning threshold alerted first'],
    ['went wrong', 'The rollback came too late'],
    ['lucky', 'Retries and failover recovered the backlog without manual work'],
  ]),
  at(
    minutes(36),
    'Resolved',
    types(
      'robin',
      'resolve A query without an index took down the orders database. The cluster was restarted, and retries cleared the backlog.',
    ),
  ),
  at(minutes(36, 30), 'The postmortem is drafted', types('robin', 'postmortem links')),
]

/** Four alarms on three resources; the cause is a deploy two minutes before the first one. */
export const indexMigration: Story = {
  id: 'index-migration',
  title: 'The index migration',
  description: 'An afternoon deploy goes live before the index it needs, and the orders database goes down.',
  opensOn: 'Tuesday',
  opensAt: '14:00',
  timezone: 'UTC',
  services: [
    service({
      id: 'orders',
      name: 'Orders',
      owner: 'Payments',
      tier: 1,
      aliases: ['shop/orders'],
      dependsOn: ['orders-db', 'order-events'],
      queries: goldenQueries('orders', { latencyS: 2, errorPercent: 5 }),
    }),
    service({
      id: 'order-events',
      name: 'Order events',
      owner: 'Payments',
      tier: 2,
      description: 'Workers on an SQS queue.',
      dependsOn: ['orders-db'],
      match: [{ QueueName: 'order-events' }, { QueueName: 'order-events-dlq' }],
      queries: [
        {
          title: 'Age of the oldest message',
          query: 'aws_sqs_approximate_age_of_oldest_message_maximum{service="order-events"}',
          unit: 's',
          threshold: 60,
        },
        {
          title: 'Dead letters',
          query:
            'aws_sqs_approximate_number_of_messages_visible_average{service="order-events",queue_name="order-events-dlq"}',
          unit: 'messages',
        },
      ],
    }),
    service({
      id: 'orders-db',
      name: 'Orders database (RDS)',
      owner: 'Platform',
      tier: 1,
      match: [{ DBClusterIdentifier: 'orders' }],
      queries: [
        {
          title: 'Cluster CPU',
          query: 'aws_rds_cpuutilization_average{service="orders-db"}',
          unit: '%',
          threshold: 70,
        },
      ],
    }),
  ],
  world,
  logs,
  changes: [],
  people: ['robin', 'mei', 'dana.ruiz'],
  steps,
}
