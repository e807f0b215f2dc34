import { expect, onTestFinished, test } from 'vitest'
import { quietLogs, quietWorld } from '../../sandbox/stories/quiet.ts'
import { people, startStack, textOf, until } from './stack.ts'

test('an incident declared while nothing happens shows a graph and what is usual, and nothing missing', async () => {
  const stack = await startStack()
  onTestFinished(() => stack.stop())
  stack.sandbox.prometheus.show(quietWorld, Date.now())
  stack.sandbox.loki.show(quietLogs, Date.now())
  await stack.command(people.dana, stack.channelNamed('general')!.id, 'declare shipping looks slow to me')
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!
  const text = textOf(summary)
  expect(text).toMatch(/P90 latency: (\d+ ms|1(\.\d+)? s) \u2192 (\d+ ms|1(\.\d+)? s)/)
  expect(text).toMatch(/usual: .* of Shipping/)
  expect(text).not.toMatch(/No data|No log lines|did not answer/)
  expect(summary.blocks!.map(({ type }) => type)).toContain('data_visualization')
})
