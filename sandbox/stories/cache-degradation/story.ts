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
  at(minutes(0, 5), 'Night in the shop: web pods are overloaded; Alertmanager alerts', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    alerts: [overloaded],
  }),
  at(minutes(1, 10), 'The checkout page is down; a second alert joins', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    added: true,
    alerts: [overloaded, down],
  }),
  at(minutes(1, 30), 'Mei is there first and takes command', types('mei', 'assign commander me')),
  at(minutes(2), 'Sales drop', types('mei', 'severity sev1')),
  at(
    minutes(2, 30),
    'SREs triage: every dashboard shows the web tier',
    says('olena', 'Web pods are at 98 % CPU. That is what every dashboard shows. Scaling them out now.'),
  ),
  at(
    minutes(4),
    'DevOps look for recent deploys',
    says('maximilian.featherstonehaugh', 'No deploy since yesterday. Nothing to roll back.'),
  ),
  at(minutes(5), 'The product manager joins', joins('sam')),
  at(
    minutes(6),
    'Developers read code',
    says(
      'mei',
      'Nothing in the checkout code explains it. It waits: for the product service, which waits for the database.',
    ),
  ),
  at(
    minutes(9),
    'More web pods do not help: the load rises everywhere',
    says('olena', 'Twice as many web pods, same picture. The database now does five times its usual work.'),
  ),
  at(
    minutes(12),
    'Follow the calls from web to cache',
    says(
      'dana.ruiz',
      'Those are reads the cache should answer. Cache hits fell from 97 % to 41 %: every miss is a full database call.',
    ),
  ),
  at(minutes(12, 20), 'Mei pins that message to the timeline', reacts('mei', 'pushpin', 'Cache hits fell')),
  at(
    minutes(15),
    'The cache pods are fine; their network is not',
    says(
      'maximilian.featherstonehaugh',
      'The cache answers in 4 ms, but its callers wait 800 ms. Three of four cache nodes drop packets: a network misconfiguration.',
    ),
  ),
  at(minutes(15, 30), 'The cause is identified', types('mei', 'status identified')),
  at(
    minutes(16),
    'The network goes to those who know it',
    types('mei', 'assign operations @maximilian.featherstonehaugh'),
  ),
  at(minutes(22), 'The load balancer spreads the load around the sick nodes', {
    kind: 'change',
    change: {
      service: 'storefront',
      kind: 'config',
      title: 'Load balancer: spread requests by open connections',
      by: 'olena',
      outcome: 'succeeded',
    },
  }),
  at(minutes(26), 'The network configuration of the cache nodes is mended', {
    kind: 'change',
    change: {
      service: 'cache',
      kind: 'config',
      title: 'Mend the network configuration of the cache nodes',
      by: 'maximilian.featherstonehaugh',
      outcome: 'succeeded',
    },
  }),
  at(minutes(31), 'Cache hits are back; the checkout page is up', types('mei', 'status mitigated')),
  at(
    minutes(32),
    'Sales may go on',
    types('mei', 'update The checkout page is up again. The cache nodes had lost their network; that is mended.'),
  ),
  at(minutes(33), 'Both alerts resolve', {
    kind: 'alertmanager',
    group: { namespace: 'store' },
    alerts: [overloaded, down].map((alert) => ({ ...alert, endsAtMs: minutes(32) })),
  }),
  at(
    minutes(34),
    'Nobody watched cache hits',
    types('olena', 'action [preventative] Alert when cache hits fall @olena'),
  ),
  at(
    minutes(34, 30),
    'The web tier leans on the cache too much',
    types('mei', 'action [corrective] Make the web tier lean less on the cache @mei'),
  ),
  at(
    minutes(35),
    'Nothing led from web to cache',
    types('sam', 'action [process] Keep a map of services that leads from web to cache @maximilian.featherstonehaugh'),
  ),
  ...review(minutes(36), 'olena', [
    ['impact', 'The checkout page was down and sales dropped'],
    [
      'root cause',
      'A network misconfiguration degraded the cache pods on several nodes; misses became full database calls',
    ],
    ['went wrong', 'Every dashboard showed the web tier; nothing led from there to the cache'],
  ]),
  at(
    minutes(37),
    'Resolved',
    types(
      'mei',
      'resolve A network misconfiguration degraded the cache; misses became database calls until everything was overloaded.',
    ),
  ),
  at(minutes(37, 30), 'The postmortem is drafted', types('mei', 'postmortem')),
]

/** Every dashboard shows the web tier on fire; the cause is the network of the cache. */
export const cacheDegradation: Story = {
  id: 'cache-degradation',
  title: 'Cache degradation',
  description: 'The web tier is on fire and the checkout is down; the cause is three services away.',
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
  people: ['mei', 'olena', 'maximilian.featherstonehaugh', 'dana.ruiz', 'sam'],
  steps,
}
