import { joins, reacts, says, saysIn, types, typesIn } from '../person-actions.ts'
import { review } from '../review.ts'
import { shopServices } from '../robot-shop.ts'
import { days, minutes } from '../signals.ts'
import { at, type Step, type Story, type StoryAlert } from '../story.ts'
import { logs, world } from './world.ts'

const killed: StoryAlert = {
  name: 'RabbitMQ pods killed for want of memory',
  service: 'rabbitmq',
  severity: 'error',
  summary: 'RabbitMQ pods are OOMKilled',
  labels: { reason: 'OOMKilled' },
  startsAtMs: minutes(9),
  values: { A: 199, C: 1 },
}

const steps: Step[] = [
  at(
    minutes(0, 5),
    'End of quarter, and customers cannot pay; no alert has fired',
    saysIn(
      'jonas',
      'engineering',
      'Customers tell us they cannot pay. About one in six tries fails. Is somebody on it?',
    ),
  ),
  at(
    minutes(0, 30),
    'People notice before machines do: Robin declares by hand',
    typesIn('robin', 'engineering', 'declare sev2 Customers cannot pay: payment answers 5xx'),
  ),
  at(minutes(0, 50), 'Robin takes command', types('robin', 'assign commander me')),
  at(
    minutes(1, 10),
    'Web fails about 15 %, Payment about 18 %: below the critical thresholds',
    says('robin', 'Web ~15 % 5xx, Payment ~18 % 5xx. Both below the critical thresholds, so nothing paged.'),
  ),
  at(minutes(1, 30), 'The team lead joins', joins('priya')),
  at(
    minutes(1, 50),
    'Payment logs AMQP handshake time-outs',
    says('robin', 'Payment logs AMQP handshake time-outs to the RabbitMQ cluster. RabbitMQ itself is up.'),
  ),
  at(
    minutes(2, 40),
    'RabbitMQ went from 154 messages a second to over 300; Payment itself handles 1-2 requests a second',
    says(
      'priya',
      'RabbitMQ went from ~154 msg/s with 266 connections to over 300 msg/s within 30 minutes. Payment does 1-2 req/s with 3 pods. That is not us.',
    ),
  ),
  at(
    minutes(3, 20),
    'About 465 publishers; the consumers look fine',
    says('priya', '~465 publishers are connected. Consumers (Dispatch) look fine.'),
  ),
  at(
    minutes(4),
    'Kiali shows a workload that nobody on the team knows',
    says(
      'robin',
      'Kiali shows a workload `pending-orders-recreation` in a namespace `pending-orders`. Does anybody know it?',
    ),
  ),
  at(
    minutes(4, 20),
    '"Who runs this?" has to be asked in #engineering',
    saysIn(
      'robin',
      'engineering',
      'Who runs `pending-orders-recreation` in namespace `pending-orders`? It floods RabbitMQ, customers cannot pay.',
    ),
  ),
  at(
    minutes(5),
    'A colleague started it for the business team',
    saysIn(
      'dana.ruiz',
      'engineering',
      'That is mine: ~400 pods recreating half a million orders for the business team. I had asked for it to be watched.',
    ),
  ),
  at(minutes(5, 15), 'She joins the incident', joins('dana.ruiz')),
  at(
    minutes(5, 25),
    'Her answer goes where the incident is',
    says(
      'dana.ruiz',
      'pending-orders-recreation is mine: ~400 pods recreating half a million orders, started for the business team.',
    ),
  ),
  at(minutes(5, 30), 'Five minutes after the declaration the cause is known', types('robin', 'status identified')),
  at(
    minutes(5, 45),
    'Robin pins her answer to the timeline',
    reacts('robin', 'pushpin', 'pending-orders-recreation is mine'),
  ),
  at(
    minutes(9),
    'Autoscaling Dispatch with KEDA did not help',
    says(
      'maximilian.featherstonehaugh',
      'KEDA took Dispatch to 10 pods. It did not help: consumers were never the bottleneck.',
    ),
  ),
  at(minutes(9, 30), 'RabbitMQ pods are OOMKilled; Grafana alerts, and the alert joins', {
    kind: 'grafana',
    folder: 'Platform',
    alerts: [killed],
  }),
  at(minutes(12), 'Give RabbitMQ room', types('robin', 'assign operations @maximilian.featherstonehaugh')),
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
    'Support may tell customers',
    types(
      'robin',
      'update Payments work again. RabbitMQ has more room; we watch it until the recreation has finished.',
    ),
  ),
  at(minutes(19), 'The Grafana alert resolves', {
    kind: 'grafana',
    folder: 'Platform',
    alerts: [{ ...killed, endsAtMs: minutes(19) }],
  }),
  at(
    minutes(22),
    'No capacity figures were published',
    types('priya', 'action [process] Publish capacity figures of RabbitMQ @maximilian.featherstonehaugh'),
  ),
  at(
    minutes(22, 30),
    'Nothing guards against unsanctioned workloads',
    types(
      'robin',
      'action [preventative] Guard against unsanctioned workloads on shared brokers @maximilian.featherstonehaugh',
    ),
  ),
  at(
    minutes(23),
    'Teams did not tell each other',
    types('dana.ruiz', 'action [process] Agree with the business team how bulk work is announced @dana.ruiz'),
  ),
  at(
    minutes(23, 30),
    'Nothing scales on events',
    types('priya', 'action [corrective] Scale RabbitMQ and its consumers on events @robin'),
  ),
  ...review(minutes(24), 'priya', [
    ['impact', 'Customers could not pay: Web failed ~15 % and Payment ~18 % of requests'],
    ['root cause', 'pending-orders-recreation, ~400 pods recreating half a million orders, flooded RabbitMQ'],
    ['detection', 'People noticed before machines did: both error rates stayed below the critical thresholds'],
    ['went well', 'The cause was known five minutes after the declaration'],
    ['went wrong', 'Business and platform teams did not tell each other; no capacity figures were published'],
  ]),
  at(
    minutes(25),
    'Resolved',
    types('robin', 'resolve A bulk job unknown to the team flooded RabbitMQ. The cluster has room for it now.'),
  ),
  at(minutes(25, 30), 'The postmortem is drafted', types('robin', 'postmortem')),
]

/** Payment fails and looks guilty; the cause is a publisher that nobody on the team knew. */
export const quiveringQueue: Story = {
  id: 'quivering-queue',
  title: 'Quivering queue',
  description:
    'Customers cannot pay at the end of the quarter, and no alert has fired: an unknown publisher floods the broker.',
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
