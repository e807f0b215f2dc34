import { joins, reacts, says, saysIn, types, typesIn } from '../person-actions.ts'
import { review } from '../review.ts'
import { shopServices } from '../robot-shop.ts'
import { days, minutes } from '../signals.ts'
import { at, type Step, type Story, type StoryAlert } from '../story.ts'
import { logs, world } from './world.ts'

const killed: StoryAlert = {
  name: 'RabbitMQ pods OOMKilled',
  service: 'rabbitmq',
  severity: 'error',
  summary: 'RabbitMQ pods are OOMKilled',
  labels: { reason: 'OOMKilled' },
  startsAtMs: minutes(9),
  panel: 3,
  values: { A: 199, C: 1 },
}

const steps: Step[] = [
  at(
    minutes(0, 5),
    'End of quarter: customers cannot pay, and no alert has fired',
    saysIn(
      'jonas',
      'engineering',
      'Customers are reporting that they cannot pay. About one in six attempts fails. Is anybody looking at this?',
    ),
  ),
  at(
    minutes(0, 30),
    'People notice before monitoring does: Robin declares an incident',
    typesIn('robin', 'engineering', 'declare sev2 Customers cannot pay: Payment returns 5xx'),
  ),
  at(minutes(0, 50), 'Robin takes command', types('robin', 'assign commander me')),
  at(
    minutes(1, 10),
    'Error rates are about 15 % at Web and 18 % at Payment, below the critical thresholds',
    says('robin', 'Web is at ~15 % 5xx, Payment at ~18 %. Both are below the critical thresholds, so nothing paged.'),
  ),
  at(minutes(1, 30), 'The team lead joins', joins('priya')),
  at(
    minutes(1, 50),
    'Payment logs AMQP handshake timeouts',
    says('robin', 'Payment is logging AMQP handshake timeouts to the RabbitMQ cluster. RabbitMQ itself is up.'),
  ),
  at(
    minutes(2, 40),
    'RabbitMQ went from 154 to over 300 messages a second, but Payment only handles 1-2 requests a second',
    says(
      'priya',
      'RabbitMQ went from ~154 msg/s with 266 connections to over 300 msg/s within 30 minutes. Payment does 1-2 req/s with 3 pods, so it is not us.',
    ),
  ),
  at(
    minutes(3, 20),
    'About 465 publishers; the consumers look fine',
    says('priya', '~465 publishers are connected. Consumers (Dispatch) look fine.'),
  ),
  at(
    minutes(4),
    'Kiali shows a workload nobody on the team recognises',
    says(
      'robin',
      'Kiali shows a workload `pending-orders-recreation` in a namespace `pending-orders`. Does anybody know what that is?',
    ),
  ),
  at(
    minutes(4, 20),
    'Robin asks in #engineering who runs it',
    saysIn(
      'robin',
      'engineering',
      'Who runs `pending-orders-recreation` in namespace `pending-orders`? It is flooding RabbitMQ and customers cannot pay.',
    ),
  ),
  at(
    minutes(5),
    'A colleague started it for the business team',
    saysIn(
      'dana.ruiz',
      'engineering',
      'That is mine: ~400 pods recreating half a million orders for the business team. I had asked for somebody to monitor it.',
    ),
  ),
  at(minutes(5, 15), 'She joins the incident', joins('dana.ruiz')),
  at(
    minutes(5, 25),
    'She repeats her answer in the incident channel',
    says(
      'dana.ruiz',
      'pending-orders-recreation is mine: ~400 pods recreating half a million orders, started for the business team.',
    ),
  ),
  at(
    minutes(5, 30),
    'The cause is identified, five minutes after the declaration',
    types('robin', 'status identified'),
  ),
  at(
    minutes(5, 45),
    'Robin pins her answer to the timeline',
    reacts('robin', 'pushpin', 'pending-orders-recreation is mine'),
  ),
  at(
    minutes(9),
    'Scaling out Dispatch with KEDA does not help',
    says(
      'maximilian.featherstonehaugh',
      'KEDA scaled Dispatch to 10 pods. No improvement: the consumers were never the bottleneck.',
    ),
  ),
  at(minutes(9, 30), 'RabbitMQ pods are OOMKilled; a Grafana alert joins the incident', {
    kind: 'grafana',
    folder: 'Platform',
    alerts: [killed],
  }),
  at(
    minutes(12),
    'Maximilian takes operations to scale RabbitMQ',
    types('robin', 'assign operations @maximilian.featherstonehaugh'),
  ),
  at(minutes(14), 'RabbitMQ gets 6 replicas with 400Mi each', {
    kind: 'change',
    change: {
      service: 'rabbitmq',
      kind: 'config',
      title: 'RabbitMQ: 6 replicas with 400Mi each',
      by: 'maximilian.featherstonehaugh',
      outcome: 'succeeded',
    },
  }),
  at(minutes(17), 'Payments go through again', types('robin', 'status mitigated')),
  at(
    minutes(18),
    'An update that Support can pass on to customers',
    types(
      'robin',
      'update Payments work again. RabbitMQ has been scaled up, and we are monitoring it until the recreation job has finished.',
    ),
  ),
  at(minutes(19), 'The Grafana alert resolves', {
    kind: 'grafana',
    folder: 'Platform',
    alerts: [{ ...killed, endsAtMs: minutes(19) }],
  }),
  at(
    minutes(22),
    'Action item: publish capacity figures',
    types('priya', 'action [process] Publish capacity figures for RabbitMQ @maximilian.featherstonehaugh'),
  ),
  at(
    minutes(22, 30),
    'Action item: guard the shared brokers',
    types(
      'robin',
      'action [preventative] Guard against unsanctioned workloads on shared brokers @maximilian.featherstonehaugh',
    ),
  ),
  at(
    minutes(23),
    'Action item: announce bulk jobs',
    types('dana.ruiz', 'action [process] Agree with the business team on how bulk jobs are announced @dana.ruiz'),
  ),
  at(
    minutes(23, 30),
    'Action item: event-driven scaling',
    types('priya', 'action [corrective] Scale RabbitMQ and its consumers on events @robin'),
  ),
  ...review(minutes(24), 'priya', [
    ['impact', 'Customers could not pay: ~15 % of requests to Web and ~18 % to Payment failed'],
    ['root cause', 'pending-orders-recreation, ~400 pods recreating half a million orders, flooded RabbitMQ'],
    ['detection', 'People noticed before monitoring did: both error rates stayed below the critical thresholds'],
    ['went well', 'The cause was known five minutes after the declaration'],
    ['went wrong', 'The business and platform teams did not coordinate, and no capacity figures were published'],
  ]),
  at(
    minutes(25),
    'Resolved',
    types(
      'robin',
      'resolve A bulk job that the team did not know about flooded RabbitMQ. The cluster has been scaled to handle it.',
    ),
  ),
  at(minutes(25, 30), 'The postmortem is drafted', types('robin', 'postmortem links')),
]

/** Payment fails and looks like the culprit; the cause is a publisher that the team did not know about. */
export const quiveringQueue: Story = {
  id: 'quivering-queue',
  title: 'Quivering queue',
  description:
    'Customers cannot pay at the end of the quarter, and no alert has fired: an unknown publisher is flooding the broker.',
  opensOn: 'Friday',
  opensAt: '14:00',
  timezone: 'UTC',
  services: shopServices,
  world,
  logs,
  changes: [
    {
      atMs: -days(3),
      service: 'payment',
      kind: 'deploy',
      title: 'Deploy payment 1.14.0',
      revision: '1.14.0',
      by: 'robin',
      outcome: 'succeeded',
    },
  ],
  people: ['robin', 'priya', 'dana.ruiz', 'maximilian.featherstonehaugh', 'jonas'],
  steps,
}
