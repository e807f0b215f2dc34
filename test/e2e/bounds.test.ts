import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startStack, textOf, until } from './stack.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const TEN_THOUSAND = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: Array.from({ length: 10_000 }, (_, i) => ({
      metric: { pod: `web-${i}` },
      values: [[Date.now() / 1000, '1']],
    })),
  },
})

/** What stands where Prometheus and Loki should be, and the one line that each of them costs. */
const ILL: [what: string, answer: Answer, prometheus: RegExp, loki: RegExp][] = [
  [
    'a login page',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Log in</h1>'),
    /does not speak like Prometheus; check PROMETHEUS_URL/,
    /Loki answered 200 with an HTML page \(a login page or a proxy\?\) instead of JSON/,
  ],
  [
    'a redirect',
    (response) => response.writeHead(302, { location: 'https://login.example/' }).end(),
    /Prometheus redirects to https:\/\/login\.example; set its URL to the final address/,
    /Loki redirects to https:\/\/login\.example; set its URL to the final address/,
  ],
  [
    'a slow drip',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(drip))
    },
    /Prometheus did not answer within 1 s/,
    /Loki did not answer within 1 s/,
  ],
  [
    'more than anybody can read',
    (response) => {
      const more = Buffer.alloc(1024 * 1024, ' ')
      const pour = () => {
        while (!response.destroyed && response.write(more));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).on('drain', pour)
      pour()
    },
    /Prometheus's response is larger than 8 MiB/,
    /Loki's response is larger than 4 MiB/,
  ],
]

const serving = async (answer: Answer): Promise<string> => {
  const server = createServer((request, response) => answer(response, request)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The summary of an incident of a service with one query, with this in place of Prometheus and Loki. */
const summaryWith = async (url: string, timeoutSeconds = 20): Promise<string> => {
  const till = {
    name: 'Till',
    pagerdutyService: 'PSVCPAY',
    queries: [
      { title: 'Latency', query: 'latency' },
      { title: 'Errors', query: 'errors' },
    ],
  }
  const stack = await startStack({
    env: { PROMETHEUS_URL: url, LOKI_URL: url, GRAFANA_URL: '', GRAFANA_TOKEN: '' },
    file: { services: { till }, evidence: { timeoutSeconds } },
  })
  onTestFinished(() => stack.stop())
  expect((await stack.page('latency', 'PSVCPAY', 'The till is slow')).status).toBe(202)
  await until('the incident', () => stack.incidentChannel(1))
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  return textOf(stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))!)
}

test.each(ILL)('%s costs one line per system, and no incident', { timeout: 60_000 }, async (what, answer, ...lines) => {
  const summary = await summaryWith(await serving(answer), what === 'a slow drip' ? 1 : undefined)
  const warnings = summary.split('\n').filter((line) => line.startsWith(':warning:'))
  expect(warnings).toEqual(lines.map((line) => expect.stringMatching(line)))
})

test('of ten thousand series one chart shows those that moved most', { timeout: 60_000 }, async () => {
  const summary = await summaryWith(
    await serving((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(TEN_THOUSAND)),
  )
  expect(summary).toMatch(/:chart_with_upwards_trend: Errors: 1/)
  expect(summary.match(/^web-\d+$/gm)?.length).toBeGreaterThanOrEqual(5)
  expect(summary).not.toMatch(/:warning: (Latency|Errors)/)
})
