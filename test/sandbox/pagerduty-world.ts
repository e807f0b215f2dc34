import { afterEach, beforeEach } from 'vitest'
import { createFakePagerDuty, type FakePagerDuty } from '../../sandbox/pagerduty.ts'
import { createRecorder } from './recording.ts'

const people = [
  { name: 'olena', realName: 'Olena K', title: 'On-call', email: 'olena@shop.example', timezone: 'Europe/Kyiv' },
  { name: 'priya', realName: 'Priya R', title: 'Team lead', email: 'priya@shop.example', timezone: 'Asia/Kolkata' },
]
const services = [
  { id: 'PSVCSHIP', name: 'Shipping', onCall: ['olena', 'priya'] },
  { id: 'PSVCPAY', name: 'Payment', onCall: ['priya'] },
]
export const now = Date.UTC(2026, 10, 21, 3)

type World = {
  /** Stands in for Muster, and records the webhooks. */
  muster: Awaited<ReturnType<typeof createRecorder>>
  pagerduty: FakePagerDuty
  /** Statuses the recorder responds with, one per webhook; 202 afterwards. */
  statuses: number[]
}
/** Made anew for each test. */
export const world = {} as World

beforeEach(async () => {
  world.statuses = []
  world.muster = await createRecorder(() => ({ status: world.statuses.shift() ?? 202 }))
  world.pagerduty = await createFakePagerDuty({
    token: 'pd-token',
    people,
    services,
    now: () => now,
    perMinute: 50,
    webhook: { url: `${world.muster.url}/webhooks/pagerduty`, secret: 'hush' },
    retryDelaysMs: [1, 1, 1],
    sleep: async () => {},
  })
})
afterEach(async () => {
  await world.pagerduty.stop()
  await world.muster.stop()
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into member by member, as the tests say
type Answer = { status: number; headers: Headers; body: any }

export const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const response = await fetch(world.pagerduty.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: 'Token token=pd-token',
      from: 'olena@shop.example',
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
}

export const page = (dedup_key = 'shipping-p90') =>
  call('POST', '/v2/enqueue', {
    routing_key: world.pagerduty.account.services[0]?.routingKey,
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: 'High P90 latency',
      source: 'prometheus',
      severity: 'critical',
      custom_details: { p90: '9.28 s' },
    },
  })

export const incident = (extra: object = {}) => ({
  incident: { type: 'incident', title: 'slow', service: { id: 'PSVCSHIP', type: 'service_reference' }, ...extra },
})

export const webhooks = async () => {
  await world.pagerduty.settled()
  return world.muster.requests.map(({ body }) => JSON.parse(body).event)
}
