import { goldenQueries, service } from '../catalogue.ts'
import { joins, reacts, says, types, typesIn } from '../person-actions.ts'
import { review } from '../review.ts'
import { days, minutes } from '../signals.ts'
import { at, type Step, type StepAction, type Story } from '../story.ts'
import { logs, world } from './world.ts'

const image = (sha: string, description: string): StepAction => ({
  kind: 'deployment',
  repository: 'shop/api',
  service: 'api',
  sha,
  description,
  by: 'mei',
  state: 'success',
})

const steps: Step[] = [
  at(
    minutes(0, 5),
    'A new image is deployed; latency goes up',
    image('9ad20c41e7b35f86d0a1c4927e58b36f04d7c1ea', 'More logging in interceptors'),
  ),
  at(
    minutes(4),
    'An engineer notices the latency spike and declares an incident',
    typesIn('olena', 'engineering', 'declare sev2 High latency on api'),
  ),
  at(minutes(4, 30), 'She takes command', types('olena', 'assign commander me')),
  at(minutes(4, 45), 'The author of the change joins', joins('mei')),
  at(
    minutes(5),
    'Rollback to the previous image',
    image('3e81f7b02c96d45a8b7e01f9d3c62a5e4b80c7d1', 'Roll back to the previous image'),
  ),
  at(
    minutes(6),
    'The logs point to the interceptors',
    says(
      'mei',
      'Traced it to the interceptors: a for loop there runs 5,000 times per request and logs every iteration to Loki.',
    ),
  ),
  at(minutes(6, 10), 'Olena pins that message to the timeline', reacts('olena', 'pushpin', 'a for loop there')),
  at(minutes(6, 20), 'The cause is identified', types('olena', 'status identified')),
  at(minutes(7), 'The loop is fixed and a new image is built', types('mei', 'note Loop removed, new image built')),
  at(
    minutes(8),
    'The fixed image is deployed',
    image('c50b7e19d8f2643aa1e07c95b38d42f6e90a1b74', 'Loop removed from the interceptors'),
  ),
  at(minutes(8, 30), 'Latency is back to normal', types('olena', 'status mitigated')),
  at(
    minutes(10),
    'Problems in the cluster: pods are stuck in Terminating',
    says('robin', 'Something is wrong with the cluster: pods are stuck in Terminating.'),
  ),
  at(minutes(10, 10), 'Robin pins that message to the timeline', reacts('robin', 'pushpin', 'stuck in Terminating')),
  at(
    minutes(34),
    'A node has crashed: the bad image exhausted its memory',
    says(
      'robin',
      'node-3 has crashed: everything the bad image sent to Loki exhausted its memory. Prometheus and Loki ran on it, so we have no alerts and no logs.',
    ),
  ),
  at(minutes(34, 20), 'Back to investigating', types('olena', 'status investigating A node crashed; alerting is down')),
  at(
    minutes(35),
    'Waiting for Kubernetes to reboot the node',
    types('robin', 'note Waiting for Kubernetes to reboot the node'),
  ),
  at(
    minutes(64),
    'The reboot is mostly done; some monitoring pods need replacing',
    types('robin', 'note Reboot mostly done, some monitoring pods to replace'),
  ),
  at(minutes(74), 'The monitoring Helm releases are updated', {
    kind: 'change',
    change: {
      service: 'monitoring',
      kind: 'config',
      title: 'Helm: update the Prometheus and Loki releases',
      by: 'robin',
      outcome: 'succeeded',
    },
  }),
  at(minutes(84), 'Monitoring is up', types('olena', 'status mitigated Monitoring is up')),
  at(minutes(84, 10), 'Action item: roll back the image', types('mei', 'action [mitigate] Roll back the image @mei')),
  at(
    minutes(84, 15),
    'Action item: fix the loop',
    types('mei', 'action [corrective] Fix the error in the interceptors @mei'),
  ),
  at(
    minutes(84, 20),
    'Action item: build the fixed image',
    types('mei', 'action [corrective] Build the fixed image @mei'),
  ),
  at(minutes(84, 25), 'Action item: roll it out', types('mei', 'action [preventative] Roll the fixed image out @mei')),
  at(
    minutes(84, 30),
    'Action item: repair monitoring',
    types('robin', 'action [corrective] Update Helm for Prometheus and Loki @robin'),
  ),
  at(
    minutes(84, 35),
    'Action item: alert on the cluster itself',
    types('robin', 'action [preventative] Alert on cluster conditions @robin'),
  ),
  at(minutes(84, 36), 'Five of the six are done: the rollback', types('mei', 'action done 1')),
  at(minutes(84, 37), 'Done: the loop is fixed', types('mei', 'action done 2')),
  at(minutes(84, 38), 'Done: the image is built', types('mei', 'action done 3')),
  at(minutes(84, 39), 'Done: it is rolled out', types('mei', 'action done 4')),
  at(minutes(84, 40), 'Done: monitoring is repaired', types('robin', 'action done 5')),
  ...review(minutes(84, 42), 'mei', [
    ['summary', 'High latency and a node crash, caused by a for loop in the interceptor layer'],
    ['impact', 'High latency for about 6 minutes; alerting down for about 40 minutes'],
    ['root cause', 'A loop in the interceptor layer sent large amounts of unneeded logs to Loki'],
    ['trigger', 'The loop ran 5,000 times per request, raising latency and memory'],
    [
      'resolution',
      'Loop removed, new image built and rolled out; after the node rebooted, monitoring was repaired by updating its Helm releases',
    ],
    ['detection', 'An engineer saw the latency spike'],
    ['went well', 'The code issue was fixed quickly'],
  ]),
  ...review(minutes(84, 56), 'robin', [
    ['went wrong', 'The node crash took the logs with it'],
    ['went wrong', 'A small change did a lot of damage in a short time'],
  ]),
  ...review(minutes(85), 'olena', [['lucky', 'The previous image could be rolled back quickly']]),
  at(minutes(85), 'Resolved', types('olena', 'resolve The fixed image runs everywhere, and monitoring is up.')),
  at(minutes(85, 30), 'The postmortem is drafted', types('olena', 'postmortem links')),
]

/** Based on a published postmortem: six minutes of latency, then an hour to restore monitoring itself. */
export const interceptorLoop: Story = {
  id: 'interceptor-loop',
  title: 'The interceptor loop',
  description: 'A logging loop is rolled back within minutes; then the node that runs all monitoring crashes.',
  opensOn: 'Thursday',
  opensAt: '08:06',
  timezone: 'America/Los_Angeles',
  services: [
    service({
      id: 'api',
      name: 'API',
      owner: 'Backend',
      tier: 1,
      aliases: ['shop/api'],
      dependsOn: ['loki'],
      queries: [
        ...goldenQueries('api', { latencyS: 1, errorPercent: 5 }),
        {
          title: 'Memory of a pod',
          query:
            '100 * max(container_memory_working_set_bytes{service="api"}) / max(kube_pod_container_resource_limits{service="api",resource="memory"})',
          unit: '%',
          threshold: 90,
        },
      ],
    }),
    service({
      id: 'loki',
      name: 'Loki',
      owner: 'Platform',
      tier: 3,
      dependsOn: ['monitoring'],
      queries: [
        {
          title: 'Log lines received',
          query: 'sum(rate(loki_distributor_lines_received_total{service="loki"}[1m]))',
          unit: 'lines/s',
        },
      ],
    }),
    service({
      id: 'monitoring',
      name: 'Monitoring',
      owner: 'Platform',
      tier: 2,
      description: 'Prometheus, Loki and Alertmanager, all on one node.',
      queries: [
        {
          title: 'Free memory of the node',
          query: '100 * min(node_memory_MemAvailable_bytes) / min(node_memory_MemTotal_bytes)',
          unit: '%',
        },
      ],
    }),
  ],
  world,
  logs,
  changes: [
    {
      atMs: -days(1),
      service: 'api',
      kind: 'deploy',
      title: 'Deploy api 3e81f7b',
      revision: '3e81f7b02c96d45a8b7e01f9d3c62a5e4b80c7d1',
      by: 'mei',
      outcome: 'succeeded',
    },
  ],
  people: ['olena', 'mei', 'robin'],
  steps,
}
