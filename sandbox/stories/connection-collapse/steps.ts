import { joins, reacts, says, types } from '../person-actions.ts'
import { review } from '../review.ts'
import { minutes } from '../signals.ts'
import { at, type Step, type StoryAlert } from '../story.ts'
import { errorRatioQuery, p90Query } from './world.ts'

const failing = (service: string, percent: number, startsAtMs: number): StoryAlert => ({
  name: 'HighErrorRate',
  service,
  severity: 'critical',
  summary: `${percent} % of requests to ${service} fail`,
  description: `5xx ratio of ${service} is ${percent} %`,
  labels: { namespace: 'robot-shop' },
  startsAtMs,
  query: errorRatioQuery,
  runbookUrl: 'https://runbooks.shop.example/high-error-rate',
})

const failures = [failing('shipping', 30, minutes(7)), failing('ratings', 84, minutes(6))]

export const steps: Step[] = [
  at(minutes(0, 5), 'P90 latency of Shipping is 9.28 s, up from about 1 s five minutes ago; PagerDuty pages', {
    kind: 'page',
    key: 'shipping-p90',
    service: 'shipping',
    title: 'High P90 latency on Shipping: 9.28 s',
    severity: 'critical',
    details: { alertname: 'ShippingHighP90Latency', service: 'shipping', value: '9.28 s', query: p90Query },
  }),
  at(minutes(0, 50), 'Olena is on call and acknowledges', {
    kind: 'pagerduty',
    key: 'shipping-p90',
    does: 'acknowledge',
    by: 'olena',
  }),
  at(minutes(1), 'She opens the incident channel and takes command', types('olena', 'assign commander me')),
  at(
    minutes(1, 30),
    'No traffic spike at the gateway; only Shipping is slow',
    says(
      'olena',
      'Gateway is at ~140 ops/s and rising slowly, no spike. Only Shipping is slow, and nothing in its logs yet.',
    ),
  ),
  at(
    minutes(2, 20),
    'No changes: no deploys in two days, no infrastructure changes in a week',
    says(
      'olena',
      'ArgoCD: no deploys in two days. Atlantis: no Terraform changes in a week. So it is not something we just shipped.',
    ),
  ),
  at(
    minutes(3, 10),
    'Kiali shows Shipping and Ratings both calling PassthroughCluster',
    says('olena', 'Kiali shows Shipping and Ratings both calling `PassthroughCluster`. What is that?'),
  ),
  at(minutes(5), 'Support joins: customers have noticed', joins('jonas')),
  at(
    minutes(5, 5),
    'Support reports what customers see',
    says(
      'jonas',
      'Customers report that checkout hangs when they pick a shipping address. 14 tickets in four minutes.',
    ),
  ),
  at(minutes(5, 20), 'Severity is raised to SEV1', types('olena', 'severity sev1')),
  at(minutes(5, 40), 'The team lead joins', joins('priya')),
  at(minutes(6), "Shipping's owner takes operations", types('olena', 'assign operations @mei')),
  at(minutes(6, 30), 'The product manager joins from #incidents', joins('sam')),
  at(
    minutes(8, 30),
    'P90 is 4.39 min, 30 % of requests to Shipping and 84 % to Ratings fail; two more alerts join the incident',
    { kind: 'alertmanager', group: { alertname: 'HighErrorRate' }, alerts: failures },
  ),
  at(
    minutes(9, 30),
    'Shipping logs JDBC connection timeouts',
    says('mei', 'Shipping logs are full of JDBC connection timeouts now: HikariPool-1 gives up after 30 s.'),
  ),
  at(minutes(10, 40), 'The database engineer joins', joins('dana.ruiz')),
  at(
    minutes(11),
    'She knows what PassthroughCluster is',
    says(
      'dana.ruiz',
      '`PassthroughCluster` is our RDS MySQL. It was never declared as a service, so the mesh has no name for it.',
    ),
  ),
  at(
    minutes(12, 15),
    'MySQL connections rose and went flat at max_connections; there is no alert on it',
    says(
      'dana.ruiz',
      'threads_connected went flat at max_connections. Hundreds of connections by user `shipping` have been sleeping for over 1,000 s.',
    ),
  ),
  at(
    minutes(12, 40),
    'Olena pins that message to the timeline',
    reacts('olena', 'pushpin', 'threads_connected went flat'),
  ),
  at(minutes(13), 'The cause is identified', types('olena', 'status identified')),
  at(
    minutes(14),
    'Mitigate first: kill the idle connections',
    says(
      'olena',
      'Mitigate first. @dana.ruiz please kill the sleeping `shipping` connections. @mei please prepare proper pool settings.',
    ),
  ),
  at(
    minutes(16),
    'The idle connections are killed',
    types('dana.ruiz', 'note Killed the idle connections of user shipping'),
  ),
  at(minutes(18), 'P90 is back near 1 s: mitigated, for now', types('olena', 'status mitigated')),
  at(
    minutes(19),
    'An update for the rest of the company',
    types(
      'olena',
      'update Checkout works again. We freed up database connections by hand; a permanent fix is on its way.',
    ),
  ),
  at(
    minutes(23, 20),
    'It did not last: connections are back at the limit',
    says('dana.ruiz', 'Connections are back at the limit. Killing them only buys us a few minutes.'),
  ),
  at(minutes(25), 'The fix is deployed: proper pool settings', {
    kind: 'deployment',
    repository: 'robot-shop/shipping',
    service: 'shipping',
    sha: '7c1e0f4b2a9d58e3c6f70b1d4e8a92c5f3d6b701',
    description: 'Proper HikariCP pool settings instead of the defaults',
    by: 'mei',
    state: 'success',
  }),
  at(minutes(27, 30), 'Error rates are back to normal; both alerts resolve', {
    kind: 'alertmanager',
    group: { alertname: 'HighErrorRate' },
    alerts: failures.map((alert) => ({ ...alert, endsAtMs: minutes(27) })),
  }),
  at(minutes(28), 'P90 is back at 1 s; Olena resolves the page', {
    kind: 'pagerduty',
    key: 'shipping-p90',
    does: 'resolve',
    by: 'olena',
  }),
  at(
    minutes(28, 30),
    'Action item: the missing alert',
    types('olena', 'action [preventative] Alert before MySQL connections reach max_connections @dana.ruiz'),
  ),
  at(
    minutes(28, 50),
    'Action item: name the database in the mesh',
    types('mei', 'action [corrective] Declare the RDS MySQL in the mesh so that it shows up in the graph @mei'),
  ),
  at(
    minutes(29),
    'Action item: shorter timeouts',
    types('priya', 'action [corrective] Shorten the front-end timeouts for shipping costs @mei'),
  ),
  ...review(minutes(29, 10), 'priya', [
    [
      'impact',
      'Customers could not check out: 30 % of requests at Shipping and 84 % at Ratings failed, P90 reached 4.39 min',
    ],
    [
      'root cause',
      'Shipping used default pool settings and left connections idle for over 1,000 s, until MySQL was at max_connections',
    ],
    ['went well', 'Mitigated first, then fixed the cause'],
    ['went wrong', 'There was no alert on connections, and the mesh graph did not show the external database'],
    ['went wrong', 'The first responder could not see the whole picture; front-end timeouts are too long'],
  ]),
  at(
    minutes(30),
    'Resolved, thirty minutes after the page',
    types(
      'olena',
      'resolve Idle connections from Shipping exhausted the MySQL connection limit. Proper pool settings are deployed.',
    ),
  ),
  at(minutes(30, 30), 'The postmortem is drafted', types('olena', 'postmortem links')),
]
