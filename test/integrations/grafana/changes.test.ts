import { expect, test } from 'vitest'
import { Permanent, TryLater } from '../../../src/incident/errors.ts'
import { grafanaChanges } from '../../../src/integrations/grafana/changes.ts'
import { fixture } from '../delivery.ts'
import { type Answer, serve } from '../server.ts'

const to = Date.parse('2026-11-21T05:00:00Z')
const window = { from: to - 3_600_000, to }
const recorded = JSON.parse(fixture('grafana/api_annotations_list.json').toString())

/** A Grafana that gives this answer, and a feed of it. */
const grafana = async (answer: Answer, options: { tags?: string[] } = {}) => {
  const server = await serve(() => answer)
  const feed = grafanaChanges({ url: `${server.url}/`, token: 'glsa_secret', ...options })
  const changes = (service?: string) =>
    feed.changes({ ...window, ...(service && { service }) }, AbortSignal.timeout(5_000))
  return { ...server, changes }
}

test('an annotation tagged deploy is a change of the service it is tagged with', async () => {
  await using server = await grafana({ body: recorded })
  expect(await server.changes('checkout')).toEqual([
    {
      key: 'grafana:annotation:1124',
      source: 'grafana',
      kind: 'deploy',
      title: 'Deploy checkout v413',
      service: 'checkout',
      at: 1763699460000,
    },
  ])
  const [query] = server.requests
  expect(query?.path).toBe('/api/annotations')
  expect(query?.query.getAll('tags')).toEqual(['deploy'])
  expect(query?.headers.authorization).toBe('Bearer glsa_secret')
})

test('name:value tags set the service, environment and version; HTML becomes plain text', async () => {
  const tags = ['config', 'service:cart', 'env:prod', 'version:v7', 'blue', 'green']
  const text = '<b>Pool size</b> 20 <a href="https://ci.example/7">build</a>'
  await using server = await grafana(
    { body: [{ id: 7, time: to, tags, text, login: 'dana' }, { id: 8 }, 'what'] },
    { tags: ['deploy', 'config'] },
  )
  expect(await server.changes()).toEqual([
    {
      key: 'grafana:annotation:7',
      source: 'grafana',
      kind: 'config',
      title: 'Pool size 20 build',
      service: 'cart',
      environment: 'prod',
      revision: 'v7',
      by: 'dana',
      at: to,
      url: 'https://ci.example/7',
    },
  ])
})

test.each<[Answer, unknown]>([
  [{ status: 401, body: { message: 'Invalid API key' } }, Permanent],
  [{ status: 429, headers: { 'retry-after': '7' } }, TryLater],
  [{ status: 500 }, Error],
])('a rejection is reported with its reason', async (answer, kind) => {
  await using server = await grafana(answer)
  await expect(server.changes()).rejects.toThrow(kind as typeof Error)
})
