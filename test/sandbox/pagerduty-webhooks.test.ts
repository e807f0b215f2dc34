import { describe, expect, test } from 'vitest'
import { routingKeyOf } from '../../sandbox/pagerduty/account.ts'
import { call, incident, page, webhooks, world } from './pagerduty-world.ts'

describe('authentication and rate limit', () => {
  test('rejects a wrong token, and a write without a known From user', async () => {
    expect((await call('GET', '/users', undefined, { authorization: 'Token token=wrong' })).body.error.code).toBe(2006)
    const nobody = await call('POST', '/incidents', incident(), { from: 'nobody@shop.example' })
    expect(nobody.status).toBe(400)
    expect(nobody.body.error.code).toBe(1008)
  })

  test('counts down and responds 429 when the limit is used up', async () => {
    const first = await call('GET', '/priorities')
    expect(first.headers.get('ratelimit-limit')).toBe('50')
    expect(first.headers.get('ratelimit-remaining')).toBe('49')
    for (let i = 0; i < 49; i++) await call('GET', '/abilities')
    const refused = await call('GET', '/priorities')
    expect(refused.status).toBe(429)
    expect(refused.body.error).toEqual({ message: 'Rate Limit Exceeded', code: 2020 })
    expect(Number(refused.headers.get('ratelimit-reset'))).toBeGreaterThan(0)
  })

  test('responds 400 to a body that is not JSON', async () => {
    const response = await fetch(`${world.pagerduty.url}/v2/enqueue`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(400)
  })
})

describe('webhooks', () => {
  test('are retried with the same id after 503 and 429, in order', async () => {
    world.statuses = [503, 429, 202]
    await page()
    const { id } = world.pagerduty.state().incidents[0] ?? { id: '' }
    await call('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', status: 'acknowledged' } })
    await world.pagerduty.settled()
    const attempts = world.pagerduty.state().attempts
    expect(attempts.map(({ eventType, status }) => [eventType, status])).toEqual([
      ['incident.triggered', 503],
      ['incident.triggered', 429],
      ['incident.triggered', 202],
      ['incident.acknowledged', 202],
    ])
    expect(new Set(attempts.map(({ webhookId }) => webhookId)).size).toBe(2)
  })

  test('are dropped after a 4xx; three in a row disable the subscription', async () => {
    world.statuses = [400, 404, 422]
    for (const key of ['a', 'b', 'c']) await page(key)
    await world.pagerduty.settled()
    await page('d')
    expect(await webhooks()).toHaveLength(3)
    const [subscription] = (await call('GET', '/webhook_subscriptions')).body.webhook_subscriptions
    expect(subscription.delivery_method).toMatchObject({ temporarily_disabled: true, secret: null })
    await call('POST', `/webhook_subscriptions/${subscription.id}/enable`, {})
    await page('e')
    expect(await webhooks()).toHaveLength(4)
  })

  test('can be subscribed to, with a secret returned once, and pinged', async () => {
    const created = await call('POST', '/webhook_subscriptions', {
      webhook_subscription: {
        type: 'webhook_subscription',
        delivery_method: { type: 'http_delivery_method', url: `${world.muster.url}/second` },
        events: ['incident.resolved'],
        filter: { type: 'service_reference', id: 'PSVCPAY' },
      },
    })
    const { id, delivery_method } = created.body.webhook_subscription
    expect(delivery_method.secret).toBeTruthy()
    expect((await call('POST', `/webhook_subscriptions/${id}/ping`)).status).toBe(202)
    await page()
    await world.pagerduty.settled()
    expect(
      world.muster.requests
        .filter(({ path }) => path === '/second')
        .map(({ body }) => JSON.parse(body).event.event_type),
    ).toEqual(['pagey.ping'])
  })
})

test('the dead fault closes connections', async () => {
  world.pagerduty.setFault({ kind: 'dead' })
  await expect(call('GET', '/users')).rejects.toThrow()
  world.pagerduty.setFault({ kind: 'none' })
  expect((await call('GET', '/users')).status).toBe(200)
})

test('a fault does not affect monitoring, which uses a URL of its own', async () => {
  world.pagerduty.setFault({ kind: 'failing' })
  expect((await fetch(`${world.pagerduty.url}/v2/enqueue`, { method: 'POST' })).status).toBe(500)
  const response = await fetch(`${world.pagerduty.unaffectedUrl}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: routingKeyOf('PSVCSHIP'),
      event_action: 'trigger',
      payload: { summary: 'Slow', source: 'prometheus', severity: 'critical' },
    }),
  })
  expect(response.status).toBe(202)
  await world.pagerduty.settled()
  expect(world.muster.requests).toHaveLength(1)
})
