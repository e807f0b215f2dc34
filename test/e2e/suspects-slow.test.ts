import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, startStack, textOf, until } from './stack.ts'

/** A Prometheus that holds every response back until it is released. */
const slowPrometheus = async () => {
  const released = Promise.withResolvers<void>()
  const waiting: string[] = []
  let url = ''
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    waiting.push(request.url ?? '')
    await released.promise
    const answer = await fetch(url + request.url, {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? '' },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting,
    release: (real: string) => {
      url = real
      released.resolve()
    },
  }
}

const HIGH_LATENCY = { name: 'HighLatency', service: 'shipping', annotations: { summary: 'High P90 latency' } }

test('while Prometheus takes its time, the channel opens, people are invited and commands work; then it is ranked', {
  timeout: 120_000,
}, async () => {
  const prometheus = await slowPrometheus()
  const stack = await startStack({
    env: { PROMETHEUS_URL: prometheus.address },
    file: { evidence: { timeoutSeconds: 25 } },
  })
  onTestFinished(() => stack.stop())
  const types = async () => (await stack.muster.store.events('INC-1')).map(({ type }) => type)
  stack.sandbox.prometheus.show(connectionCollapse.world, Date.now())
  await stack.alertmanager(HIGH_LATENCY)
  const channel = await until('the channel', () => stack.incidentChannel(1))
  await until('the summary', () => channel.pins.length > 0 || stack.incidentChannel(1)?.pins.length)
  await until('who is on call', async () => (await types()).includes('responder_found'))
  await stack.command(people.dana, channel.id, 'note nobody restarted anything')
  await until('the note', async () => (await types()).includes('noted'))
  expect(prometheus.waiting.length).toBeGreaterThan(0)
  expect(await types()).not.toContain('suspects_ranked')
  expect(await types()).not.toContain('evidence_collected')

  prometheus.release(stack.sandbox.prometheus.url)
  await until('the suspects', async () => (await types()).includes('suspects_ranked'), 60_000)
  await until(
    'the message',
    () => stack.messages(channel.id).some((one) => one.threadTs !== undefined && textOf(one).includes('`mysql`')),
    60_000,
  )
})

test('a Prometheus slower than the time limit costs one line on the summary and one in its thread', {
  timeout: 60_000,
}, async () => {
  const prometheus = await slowPrometheus()
  const stack = await startStack({
    env: { PROMETHEUS_URL: prometheus.address },
    file: { evidence: { timeoutSeconds: 0.5 } },
  })
  onTestFinished(() => stack.stop())
  await stack.alertmanager(HIGH_LATENCY)
  const channel = await until('the channel', () => stack.incidentChannel(1))
  const ranked = await until('the ranking', async () =>
    (await stack.muster.store.events('INC-1')).find(({ type }) => type === 'suspects_ranked'),
  )
  expect(ranked).toMatchObject({ label: 'no clear suspect', suspects: [], read: { series: 0 } })
  await stack.settled()
  const said = stack.messages(channel.id)
  const line = (one: { text: string }) => /Prometheus (did|does) not answer/.test(textOf(one))
  const thread = said.filter((one) => one.threadTs !== undefined && line(one))
  expect(thread.map(({ text }) => text)).toEqual([expect.stringContaining('No suspects: Prometheus')])
  const summary = said.find(({ ts }) => stack.incidentChannel(1)?.pins.some((pin) => pin.ts === ts))
  const warnings = textOf(summary).match(/^:warning: Prometheus .*$/gm)
  expect(warnings).toHaveLength(1)
})
