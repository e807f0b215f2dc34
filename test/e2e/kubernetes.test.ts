import { expect, onTestFinished, test } from 'vitest'
import { minutes, through } from '../../sandbox/stories/signals.ts'
import type { World } from '../../sandbox/stories/world.ts'
import { people, startStack, textOf, until } from './stack.ts'

/** Story time 0 is ten minutes ago: a new image, then the pods of what the till depends on run out of memory. */
const world: World = {
  edges: [],
  meters: [],
  rules: [],
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
  const stack = await startStack({ file: { services } })
  onTestFinished(() => stack.stop())
  stack.sandbox.prometheus.show(world, Date.now() - minutes(10))
  await stack.page('latency', 'PSVCPAY', 'The till is slow')
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
  expect(summary).toMatch(
    /Kubernetes \(UTC\):\n\d\d:\d\d Ledger: container killed 2 times for lack of memory, OOMKilled \(ledger-/,
  )
  expect(summary).toMatch(
    /New image: 1\.4\.2 \u2192 1\.5\.0 \u00b7 \*till, the alerting service\* \u00b7 \d min before it began/,
  )
  await stack.command(people.dana, channel.id, 'timeline')
  await stack.settled()
  const timeline = textOf(stack.messages().findLast(({ onlyFor }) => onlyFor === people.dana))
  expect(timeline).toContain('Ledger: container killed 2 times for lack of memory, OOMKilled')
})
