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
  description: 'An early warning: the oldest order event waits for more than a minute.',
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimensions: { QueueName: 'order-events' },
  threshold: 60,
}

const cpu = (threshold: number): Alarm => ({
  alarm: `orders-db-cpu-${threshold}`,
  description: `CPU of the orders cluster is over ${threshold} %.`,
  namespace: 'AWS/RDS',
  metric: 'CPUUtilization',
  dimensions: { DBClusterIdentifier: 'orders' },
  threshold,
})

const deadLetters: Alarm = {
  alarm: 'order-events-dlq-not-empty',
  description: 'Order events were given up.',
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
    'A feature with a new SQL query goes out',
    deployment('in_progress', sha, 'Loyalty references on orders'),
  ),
  at(
    minutes(2),
    'The code is live; its index migration runs after it',
    deployment('success', sha, 'Loyalty references on orders'),
  ),
  at(
    minutes(4, 30),
    'First alarm: the oldest message on a queue is over 60 s old, a low threshold on purpose',
    raised(age, 64),
  ),
  at(
    minutes(4, 50),
    'The alarm names no severity, so it waits for a person: Robin says that it is an incident',
    pressesIn('robin', 'incidents', 'Declare'),
  ),
  at(minutes(5), 'Robin takes command', types('robin', 'assign commander me')),
  at(minutes(6), 'Second alarm: CPU of the RDS cluster over 70 %', raised(cpu(70), 76)),
  at(
    minutes(6, 30),
    'Traffic is flat',
    says(
      'robin',
      'Traffic is flat. What changed just before? `orders` was deployed two minutes before the first alarm.',
    ),
  ),
  at(minutes(7, 30), 'The author joins', joins('mei')),
  at(minutes(8), 'CPU over 90 %', raised(cpu(90), 93)),
  at(
    minutes(8, 40),
    'The new query has no index yet',
    says(
      'mei',
      'That deploy has a new query on a table with millions of rows. Its index migration runs after the code. It is still running.',
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
    'The pipeline times out: the index is never made',
    deployment('failure', sha, 'Loyalty references on orders'),
  ),
  at(minutes(12), 'It hurts customers now', types('robin', 'severity sev1')),
  at(minutes(13, 30), 'Messages fail into the dead-letter queue', raised(deadLetters, 212)),
  at(
    minutes(16),
    'A rollback, too late: the cluster is busy with what was started',
    deployment('success', previous, 'Roll back loyalty references'),
  ),
  at(
    minutes(18),
    'The rollback does not help',
    says('mei', 'Rolled back, but the old queries still run and every retry adds more. CPU stays at 100 %.'),
  ),
  at(
    minutes(21, 30),
    'Restart the cluster',
    says('dana.ruiz', 'I am restarting the cluster: nothing else gets rid of those queries.'),
  ),
  at(minutes(22), 'The cluster restarts and fails over', {
    kind: 'change',
    change: {
      service: 'orders-db',
      kind: 'config',
      title: 'Restart the orders cluster with fail-over',
      by: 'dana.ruiz',
      outcome: 'succeeded',
    },
  }),
  at(minutes(25), 'It recovers', types('robin', 'status mitigated')),
  at(minutes(26), 'CPU is below 90 %; that alarm clears', cleared(cpu(90), 58)),
  at(minutes(26, 10), 'And below 70 %', cleared(cpu(70), 58)),
  at(
    minutes(26, 30),
    'A word to everybody',
    types(
      'robin',
      'update Orders go through again after a restart of the database. Waiting messages are being worked off; none is lost.',
    ),
  ),
  at(minutes(31), 'Retries work the queue off', cleared(age, 31)),
  at(minutes(33), 'The dead-letter queue is empty again', cleared(deadLetters, 0)),
  at(
    minutes(34),
    'First the index, then the feature',
    types('mei', 'action [corrective] Make the index first, then deploy the feature again @mei'),
  ),
  at(
    minutes(34, 30),
    'So that it cannot happen again',
    types('robin', 'action [preventative] Let the pipeline run migrations before the code that needs them @robin'),
  ),
  ...review(minutes(35), 'mei', [
    ['impact', 'Orders failed while the cluster was at 100 % CPU; messages went to the dead-letter queue'],
    ['root cause', 'A new query was live before its index; the pipeline timed out and the index was never made'],
    ['trigger', 'The deploy of orders with the new SQL query'],
    ['went well', 'An early-warning threshold, low on purpose, told first'],
    ['went wrong', 'The rollback came too late'],
    ['lucky', 'Retries and fail-over did the rest'],
  ]),
  at(
    minutes(36),
    'Resolved',
    types(
      'robin',
      'resolve A query without its index took the orders database down. The cluster was restarted, retries did the rest.',
    ),
  ),
  at(minutes(36, 30), 'The postmortem is drafted', types('robin', 'postmortem')),
]

/** Four alarms about three things; the cause is a deploy two minutes before the first. */
export const indexMigration: Story = {
  id: 'index-migration',
  title: 'The index migration',
  description: 'A deploy in the middle of the day, and its index comes after the code that needs it.',
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
          title: 'CPU of the cluster',
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
