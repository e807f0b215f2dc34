import { expect, onTestFinished, test } from 'vitest'
import { quietLogs, quietWorld } from '../../sandbox/stories/quiet.ts'
import { people, startRoad, textOf, until } from './muster.ts'

test('an incident declared while nothing happens shows a graph and what is usual, and nothing missing', async () => {
  const road = await startRoad()
  onTestFinished(() => road.stop())
  road.sandbox.prometheus.show(quietWorld, Date.now())
  road.sandbox.loki.show(quietLogs, Date.now())
  await road.command(people.dana, road.channelNamed('general')!.id, 'declare shipping looks slow to me')
  await until('the incident', () => road.incidentChannel(1))
  await road.settled()
  const channel = road.incidentChannel(1)!
  const summary = road.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!
  const said = textOf(summary)
  expect(said).toMatch(/P90 latency: (\d+ ms|1(\.\d+)? s) \u2192 (\d+ ms|1(\.\d+)? s)/)
  expect(said).toMatch(/usual: .* of Shipping/)
  expect(said).not.toMatch(/No data|No log lines|did not answer/)
  expect(summary.blocks!.map(({ type }) => type)).toContain('data_visualization')
})
