import { expect, onTestFinished, test } from 'vitest'
import { minutes, through } from '../../sandbox/stories/signals.ts'
import type { World } from '../../sandbox/stories/world.ts'
import { people, startRoad, textOf, until } from './muster.ts'

/** Story time 0 is ten minutes ago: a new image, then the pods of what the till depends on run out of memory. */
const world: World = {
  ...{ edges: [], meters: [], rules: [] },
  workloads: [
    {
      service: 'till',
      images: [
        [0, '1.4.2'],
        [minutes(2), '1.5.0'],
      ],
    },
    { service: 'ledger', oomKills: through([4.9, 0], [5, 1], [6.9, 1], [7, 2]) },
  ],
}

test('Kubernetes events are on the summary and the timeline, and a rollout is a change', async () => {
  const services = {
    till: { name: 'Till', pagerdutyService: 'PSVCPAY', dependsOn: ['ledger'] },
    ledger: { name: 'Ledger' },
  }
  const road = await startRoad({ file: { services } })
  onTestFinished(() => road.stop())
  road.sandbox.prometheus.show(world, Date.now() - minutes(10))
  await road.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => road.incidentChannel(1))
  await road.settled()
  const channel = road.incidentChannel(1)!
  const summary = textOf(road.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
  expect(summary).toMatch(
    /Kubernetes \(UTC\):\n\d\d:\d\d Ledger: container killed 2 times for lack of memory, OOMKilled \(ledger-/,
  )
  expect(summary).toMatch(
    /New image: 1\.4\.2 \u2192 1\.5\.0 \u00b7 \*till, the alerting service\* \u00b7 \d min before it began/,
  )
  await road.command(people.dana, channel.id, 'timeline')
  await road.settled()
  const timeline = textOf(road.messages().findLast(({ onlyFor }) => onlyFor === people.dana))
  expect(timeline).toContain('Ledger: container killed 2 times for lack of memory, OOMKilled')
})
