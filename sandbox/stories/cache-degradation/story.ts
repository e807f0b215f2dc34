import { joins, reacts, says, types } from '../person-actions.ts'
import { review } from '../review.ts'
import { days, minutes } from '../signals.ts'
import { at, type Step, type Story, type StoryAlert } from '../story.ts'
import { storeServices } from './services.ts'
import { logs, world } from './world.ts'

const overloaded: StoryAlert = {
  name: 'WebPodsOverloaded',
  service: 'storefront',
  severity: 'critical',
  summary: 'Web pods use 98 % of their CPU limit',
  labels: { namespace: 'store' },
  startsAtMs: -minutes(1),
  panel: 1,
  query: 'max by (service) (rate(container_cpu_usage_seconds_total{service="storefront"}[1m])) > 1.8',
}

const down: StoryAlert = {
  name: 'CheckoutDown',
  service: 'checkout',
  severity: 'critical',
  summary: 'The checkout page is down',
  labels: { namespace: 'store' },
  startsAtMs: minutes(1),
}

const steps: Step[] = [
  at(minutes(0, 5), 'Web pods are overloaded; Alertmanager fires', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    alerts: [overloaded],
  }),
  at(minutes(1, 10), 'The checkout page is down; a second alert joins the incident', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    added: true,
    alerts: [overloaded, down],
  }),
  at(minutes(1, 20), 'Mei is first to respond', joins('mei')),
  at(minutes(1, 30), 'Mei takes command', types('mei', 'assign commander me')),
  at(minutes(2), 'Sales are dropping; severity goes up', types('mei', 'severity sev1')),
  at(
    minutes(2, 30),
    'SREs triage: every dashboard points at the web tier',
    says('olena', 'Web pods are at 98 % CPU, and every dashboard points at the web tier. Scaling it out now.'),
  ),
  at(
    minutes(4),
    'DevOps looks for recent deploys',
    says('maximilian.featherstonehaugh', 'No deploys since yesterday, nothing to roll back.'),
  ),
  at(minutes(5), 'The product manager joins', joins('sam')),
  at(
    minutes(6),
    'Developers check the code',
    says(
      'mei',
      'Nothing in the checkout code explains this. It is blocked on the product service, which is blocked on the database.',
    ),
  ),
  at(
    minutes(9),
    'Scaling out does not help: load rises everywhere',
    says('olena', 'Doubled the web pods, no change. The database is now doing nine times its usual queries.'),
  ),
  at(
    minutes(12),
    'Following the calls from web down to the cache',
    says(
      'dana.ruiz',
      'Those are reads the cache should serve. Cache hits fell from 97 % to 41 %, and every miss goes to the database.',
    ),
  ),
  at(minutes(12, 20), 'Mei pins that message to the timeline', reacts('mei', 'pushpin', 'Cache hits fell')),
  at(
    minutes(15),
    'The cache pods are healthy; their network is not',
    says(
      'maximilian.featherstonehaugh',
      'The cache responds in 4 ms, but its clients see 800 ms. Three of four cache nodes are dropping packets: a network misconfiguration.',
    ),
  ),
  at(minutes(15, 30), 'The cause is identified', types('mei', 'status identified')),
  at(
    minutes(16),
    'Maximilian takes operations to fix the network',
    types('mei', 'assign operations @maximilian.featherstonehaugh'),
  ),
  at(minutes(22), 'The load balancer routes around the degraded nodes', {
    kind: 'change',
    change: {
      service: 'storefront',
      kind: 'config',
      title: 'Load balancer: balance by open connections',
      by: 'olena',
      outcome: 'succeeded',
    },
  }),
  at(minutes(26), 'The network configuration of the cache nodes is fixed', {
    kind: 'change',
    change: {
      service: 'cache',
      kind: 'config',
      title: 'Fix the network configuration of the cache nodes',
      by: 'maximilian.featherstonehaugh',
      outcome: 'succeeded',
    },
  }),
  at(minutes(31), 'The cache hit rate is back to normal; checkout is up', types('mei', 'status mitigated')),
  at(
    minutes(32),
    'An update for the rest of the company',
    types('mei', 'update Checkout is up again. The cache nodes had a network misconfiguration, which has been fixed.'),
  ),
  at(minutes(33), 'Both alerts resolve', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    alerts: [overloaded, down].map((alert) => ({ ...alert, endsAtMs: minutes(32) })),
  }),
  at(
    minutes(34),
    'Action item: alert on the cache hit rate',
    types('olena', 'action [preventative] Alert on a falling cache hit rate @olena'),
  ),
  at(
    minutes(34, 30),
    'Action item: make web less dependent on the cache',
    types('mei', 'action [corrective] Make the web tier degrade gracefully when the cache is slow @mei'),
  ),
  at(
    minutes(35),
    'Action item: a dependency map',
    types(
      'sam',
      'action [process] Keep a dependency map that shows the path from web to cache @maximilian.featherstonehaugh',
    ),
  ),
  ...review(minutes(36), 'olena', [
    ['impact', 'The checkout page was down and sales dropped'],
    [
      'root cause',
      'A network misconfiguration degraded the cache on several nodes, and every miss became a database query',
    ],
    ['went wrong', 'Every dashboard pointed at the web tier; nothing showed its dependency on the cache'],
  ]),
  at(
    minutes(37),
    'Resolved',
    types(
      'mei',
      'resolve A network misconfiguration degraded the cache. Cache misses overloaded the database and then the web tier. Fixed.',
    ),
  ),
  at(minutes(37, 30), 'The postmortem is drafted', types('mei', 'postmortem links')),
]

/** Every dashboard points at the web tier; the cause is the network of the cache nodes. */
export const cacheDegradation: Story = {
  id: 'cache-degradation',
  title: 'Cache degradation',
  description: 'The web tier is overloaded and checkout is down, but the cause is the network of the cache.',
  opensOn: 'Friday',
  opensAt: '23:40',
  timezone: 'UTC',
  services: storeServices,
  world,
  logs,
  changes: [
    {
      atMs: -days(1),
      service: 'checkout',
      kind: 'deploy',
      title: 'Deploy checkout 5.2.0',
      revision: '5.2.0',
      by: 'mei',
      outcome: 'succeeded',
    },
  ],
  hasRenderer: false,
  people: ['mei', 'olena', 'maximilian.featherstonehaugh', 'dana.ruiz', 'sam'],
  steps,
}
