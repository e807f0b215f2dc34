import { afterAll, beforeAll, expect, test } from 'vitest'
import { prometheusInstalled, type RealPrometheus, startPrometheus } from '../real/prometheus.ts'
import { requireOrSkip } from '../real/require.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const MINUTE = 60_000
/** A latency that was 1 s and is 9.28 s for the last ten minutes. */
const openmetrics = (now: number): string => {
  const times = Array.from({ length: 361 }, (_, i) => now - 90 * MINUTE + i * 15_000)
  return [
    '# TYPE checkout_latency_seconds gauge',
    ...times.map(
      (time) => `checkout_latency_seconds ${time < now - 10 * MINUTE ? 1 : 9.28} ${(time / 1000).toFixed(3)}`,
    ),
    '# EOF\n',
  ].join('\n')
}

requireOrSkip('Prometheus', prometheusInstalled())('with a real Prometheus', () => {
  let prometheus: RealPrometheus
  let stack: Stack
  beforeAll(async () => {
    prometheus = await startPrometheus({ openmetrics: openmetrics(Date.now()) })
    const checkout = {
      name: 'Checkout',
      pagerdutyService: 'PSVCPAY',
      queries: [{ title: 'Latency', query: 'checkout_latency_seconds', unit: 's', threshold: 2 }],
    }
    stack = await startStack({ env: { PROMETHEUS_URL: prometheus.url }, file: { services: { checkout } } })
  }, 90_000)
  afterAll(async () => {
    await stack?.stop()
    await prometheus?.stop()
  })

  test('a page leads to a chart in the thread whose numbers match the data', async () => {
    expect((await stack.page('latency', 'PSVCPAY', 'Checkout is slow')).status).toBe(202)
    await stack.settled()
    const channel = stack.incidentChannel(1)!
    const summary = stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!
    expect(textOf(summary)).toContain('Latency: 1 s \u2192 9.28 s')

    const inThread = stack.messages(channel.id).filter(({ threadTs }) => threadTs === summary.ts)
    const shown = inThread.find(({ blocks }) => blocks?.some(({ type }) => type === 'image'))!
    expect(textOf(shown)).toContain('Latency: 1 s \u2192 9.28 s')
    const image = shown.blocks!.find(({ type }) => type === 'image') as unknown as { slack_file: { id: string } }
    const picture = await fetch(`${stack.sandbox.slack.url}/sandbox/files/${image.slack_file.id}`)
    const bytes = Buffer.from(await picture.arrayBuffer())
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(600)

    const { evidence } = (await stack.muster.store.read('INC-1'))!
    const snapshot = await stack.muster.store.snapshot(evidence[0]!.hash)
    expect(snapshot).toMatchObject({ kind: 'chart', before: 1, now: 9.28, threshold: 2 })
    const values =
      snapshot?.kind === 'chart' ? new Set(snapshot.series[0]!.points.map(([, value]) => value)) : undefined
    expect([...values!].filter((value) => value !== null).sort()).toEqual([1, 9.28])
  })

  test('no chart is lost when Slack is slower than rendering', async () => {
    const { faults } = stack.sandbox.slack
    faults.add({ kind: 'latency', method: 'conversations.create', ms: 1_000 })
    await stack.command(people.dana, stack.channelNamed('general')!.id, 'declare checkout looks slow to me')
    await until('the second channel', () => stack.incidentChannel(2))
    await stack.settled()
    const channel = stack.incidentChannel(2)!
    const [summary] = channel.pins
    const thread = stack.messages(channel.id).filter(({ threadTs }) => threadTs === summary!.ts)
    expect(thread.map(textOf).join()).toContain('1 s \u2192 9.28 s')
  })
})
