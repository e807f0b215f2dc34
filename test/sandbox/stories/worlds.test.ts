import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cacheDegradation } from '../../../sandbox/stories/cache-degradation/story.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import { indexMigration } from '../../../sandbox/stories/index-migration/story.ts'
import { interceptorLoop } from '../../../sandbox/stories/interceptor-loop/story.ts'
import { quiveringQueue } from '../../../sandbox/stories/quivering-queue/story.ts'
import { stampede } from '../../../sandbox/stories/stampede/story.ts'
import type { Story } from '../../../sandbox/stories/story.ts'
import { showing } from './prometheus-query.ts'

/** Loads the story once for all tests of a block. */
const opened = (story: Story) => {
  let shown: Awaited<ReturnType<typeof showing>>
  beforeAll(async () => {
    shown = await showing(story)
  })
  afterAll(() => shown.prometheus.stop())
  return {
    one: (query: string, minute: number) => shown.one(query, minute),
    ask: (query: string, minute: number) => shown.ask(query, minute),
    graph: (service: string, title: string) => shown.graph(service, title),
  }
}

const between = async (value: Promise<number>, low: number, high: number) => {
  const actual = await value
  expect(actual).toBeGreaterThanOrEqual(low)
  expect(actual).toBeLessThanOrEqual(high)
}

describe('connection collapse', () => {
  const { one, ask, graph } = opened(connectionCollapse)

  test('P90 of Shipping is about 1 s, 9.28 s at the page, 4.39 min at its worst, and 1 s at the end', async () => {
    const p90 = graph('shipping', 'P90 latency')
    await between(one(p90, -6), 0.95, 1.1)
    await between(one(p90, 0), 9, 9.5)
    await between(one(p90, 10), 260, 267)
    await between(one(p90, 30), 0.95, 1.1)
  })

  test('MySQL connections reach the limit before the page, and no rule covers them', async () => {
    const connections = 'mysql_global_status_threads_connected'
    await between(one(connections, -30), 180, 260)
    const limit = await one('mysql_global_variables_max_connections', 0)
    for (const minute of [0, 3, 7, 12, 15]) expect(await one(connections, minute)).toBe(limit)
    await between(one(connections, 18), 100, 400)
    expect(await one(connections, 24)).toBe(limit)
    expect(connectionCollapse.world.rules.filter(({ query }) => query.includes('mysql'))).toEqual([])
  })

  test('30 % of requests fail at Shipping and 84 % at Ratings', async () => {
    await between(one(graph('shipping', 'Failed requests'), 10), 28, 32)
    await between(one(graph('ratings', 'Failed requests'), 10), 80, 88)
  })

  test('the gateway sees about 140 operations a second and no spike', async () => {
    for (const minute of [-30, -5, 0, 10]) await between(one(graph('web', 'Requests'), minute), 128, 152)
  })

  test('Shipping and Ratings both call PassthroughCluster, which reports nothing itself', async () => {
    const callers =
      'sum by (source_workload) (rate(istio_requests_total{destination_service_name="PassthroughCluster"}[5m]))'
    expect(Object.keys(await ask(callers, 0)).sort()).toEqual(['ratings', 'shipping'])
    const own = 'istio_requests_total{destination_service_name="PassthroughCluster",reporter="destination"}'
    expect(await ask(own, 0)).toEqual({})
  })
})

describe('quivering queue', () => {
  const { one, ask, graph } = opened(quiveringQueue)

  test('RabbitMQ goes from 154 messages a second with 266 connections to 300-350 within half an hour', async () => {
    const messages = graph('rabbitmq', 'Messages published')
    await between(one(messages, -30), 145, 165)
    await between(one(messages, 0), 300, 350)
    await between(one(graph('rabbitmq', 'Connections'), -31), 258, 274)
    await between(one('rabbitmq_global_publishers', 0), 455, 475)
  })

  test('Web fails about 15 % and Payment about 18 %, and no rule fires', async () => {
    await between(one(graph('web', 'Failed requests'), 2), 13, 17)
    await between(one(graph('payment', 'Failed requests'), 2), 12, 24)
    const rule = quiveringQueue.world.rules.find(({ alert }) => alert === 'HighErrorRate')
    for (const minute of [0, 2, 5, 10]) expect(await ask(`(${rule?.query}) > 0.25`, minute)).toEqual({})
  })

  test('Payment handles one or two requests a second; an unknown workload with 400 pods publishes the rest', async () => {
    await between(one(graph('payment', 'Requests'), 0), 1, 2)
    const replicas = 'kube_deployment_status_replicas{namespace="pending-orders"}'
    expect(await one(replicas, 0)).toBe(400)
    const publishers =
      'sum by (source_workload) (rate(istio_requests_total{destination_service_name="rabbitmq",reporter="source"}[1m]))'
    const rates = await ask(publishers, 0)
    expect(rates['pending-orders-recreation']).toBeGreaterThan(150)
  })

  test('its pods are OOMKilled until there are six with twice the limit', async () => {
    expect(await ask('kube_pod_container_status_last_terminated_reason{container="rabbitmq"}', 5)).toEqual({})
    expect(
      await one('increase(kube_pod_container_status_restarts_total{container="rabbitmq"}[10m]) > bool 0', 13),
    ).toBe(1)
    expect(await one('kube_deployment_status_replicas{deployment="rabbitmq"}', 15)).toBe(6)
    const limit = 'kube_pod_container_resource_limits{container="rabbitmq",resource="memory"}'
    expect(await one(`${limit} / ${limit} offset 10m`, 20)).toBe(2)
  })
})

describe('cache degradation', () => {
  const { one, graph } = opened(cacheDegradation)

  test('cache hits fall from 97 % to 41 % and database load multiplies', async () => {
    await between(one(graph('cache', 'Cache hits'), -20), 95, 99)
    await between(one(graph('cache', 'Cache hits'), 10), 38, 44)
    const work = graph('store-db', 'Transactions')
    await between(Promise.resolve((await one(work, 10)) / (await one(work, -20))), 5, 12)
  })

  test('clients of the cache see latency that the cache does not', async () => {
    const p90 = (reporter: string) =>
      `histogram_quantile(0.9, sum by (le) (rate(istio_request_duration_milliseconds_bucket{source_workload="storefront",destination_service_name="cache",reporter="${reporter}"}[1m])))`
    await between(one(p90('source'), 10), 600, 1000)
    await between(one(p90('destination'), 10), 1, 10)
  })

  test('web pods run at their CPU limit', async () => {
    await between(one(graph('storefront', 'CPU of a pod'), 10), 1.9, 2)
  })
})

describe('index migration', () => {
  const { one, graph } = opened(indexMigration)

  test('the queue passes 60 s first, then the cluster passes 70, 90 and 100 %', async () => {
    const age = graph('order-events', 'Age of the oldest message')
    const cpu = graph('orders-db', 'Cluster CPU')
    await between(one(age, 2), 0, 60)
    await between(one(age, 5), 61, 200)
    await between(one(cpu, 4.5), 0, 70)
    await between(one(cpu, 6), 71, 90)
    await between(one(cpu, 8.25), 90, 100)
    await between(one(cpu, 12), 98, 100)
  })

  test('traffic is flat', async () => {
    const traffic = graph('orders', 'Requests')
    for (const minute of [-60, 0, 6, 12, 20]) await between(one(traffic, minute), 80, 90)
  })

  test('the restart ends it, and the dead-letter queue drains', async () => {
    await between(one(graph('orders-db', 'Cluster CPU'), 24), 0, 40)
    expect(await one(graph('order-events', 'Dead letters'), 22)).toBeGreaterThan(1000)
    expect(await one(graph('order-events', 'Dead letters'), 34)).toBe(0)
  })
})

describe('the stampede', () => {
  const { one, graph } = opened(stampede)

  test('searches take over 30 s, while the worker never waits longer than its limit', async () => {
    await between(one(graph('search', 'P90 latency'), 0), 35, 42)
    const worker =
      'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{service="document-worker"}[5m])))'
    await between(one(worker, 0), 20, 30)
  })

  test('customers get duplicate emails until the workers are shut down', async () => {
    const mails = graph('document-worker', 'Duplicate emails')
    await between(one(mails, 10), 20, 60)
    expect(await one(mails, 32)).toBe(0)
    expect(await one('kube_deployment_status_replicas{deployment="document-worker"}', 25)).toBe(0)
  })

  test('the site is slow from 90 minutes before the page', async () => {
    const p90 = graph('public-site', 'P90 latency')
    await between(one(p90, -220), 0.4, 0.6)
    await between(one(p90, -85), 2.5, 4.5)
    await between(one(p90, 0), 10, 12)
  })
})

describe('the interceptor loop', () => {
  const { one, ask, graph } = opened(interceptorLoop)

  test('latency is high for six minutes', async () => {
    const p90 = graph('api', 'P90 latency')
    await between(one(p90, 0), 0.1, 0.3)
    await between(one(p90, 3), 7, 9)
    await between(one(p90, 9), 0.1, 0.3)
  })

  test('a request sends thousands of lines to Loki', async () => {
    const lines = graph('loki', 'Log lines received')
    await between(one(`${lines} / on () sum(rate(http_requests_total{service="api"}[1m]))`, 4), 3000, 6000)
  })

  test('there are no metrics for about 40 minutes after the node crash', async () => {
    expect(await ask('up{service="api"}', 32)).not.toEqual({})
    expect(await ask('up{service="api"}', 39)).toEqual({})
    expect(await ask('up{service="api"}', 73)).toEqual({})
    expect(await ask('up{service="api"}', 75)).not.toEqual({})
  })
})
