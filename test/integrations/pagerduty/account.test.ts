import { afterEach, expect, test } from 'vitest'
import { routingKeyOf } from '../../../sandbox/pagerduty/account.ts'
import { createFakePagerDuty } from '../../../sandbox/pagerduty.ts'
import type { Reading, Signal } from '../../../src/incident/alert.ts'
import { pagerdutyAlerts } from '../../../src/integrations/pagerduty/alerts.ts'
import { pagerdutyChanges } from '../../../src/integrations/pagerduty/changes.ts'
import { pagerdutyClient } from '../../../src/integrations/pagerduty/client.ts'
import { serve } from '../server.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** The sandbox's PagerDuty account, a client of it, and an endpoint that receives its webhooks as Muster does. */
const account = async () => {
  const source = pagerdutyAlerts({ secrets: ['hook-secret'] })
  const signals: Signal[] = []
  const endpoint = await serve(({ headers, body }) => {
    const signature = headers['x-pagerduty-signature']
    const delivery = {
      headers: { 'x-pagerduty-signature': Array.isArray(signature) ? signature[0] : signature },
      body: Buffer.from(body),
      receivedAt: Date.now(),
    }
    if (!source.verify(delivery)) return { status: 401 }
    signals.push(...(source.read(JSON.parse(body), delivery) as Reading).signals)
    return { status: 202 }
  })
  const person = { title: 'SRE', timezone: 'Europe/London' }
  const pagerduty = await createFakePagerDuty({
    token: 'pd-token',
    people: [
      { ...person, name: 'alice', realName: 'Alice Ng', email: 'alice@acme.example' },
      { ...person, name: 'bob', realName: 'Bob Ito', email: 'bob@acme.example' },
    ],
    services: [{ id: 'PSVCCHK', name: 'checkout', onCall: ['bob', 'alice'] }],
    webhook: { url: `${endpoint.url}/webhooks/pagerduty`, secret: 'hook-secret' },
    now: Date.now,
    sleep: async () => {},
  })
  open.push(() => endpoint[Symbol.asyncDispose](), pagerduty.stop)
  const client = pagerdutyClient({ token: 'pd-token', from: 'alice@acme.example', url: pagerduty.url })
  return { pagerduty, client, signals }
}

test('every change to an incident, from trigger to resolution, arrives as a signal', async () => {
  const { pagerduty, client, signals } = await account()
  const [first] = await client.onCalls({ service: 'PSVCCHK' })
  expect(first?.person).toMatchObject({ name: 'Bob Ito', email: 'bob@acme.example' })
  const alice = await client.userByEmail('ALICE@acme.example')

  const wanted = { title: 'checkout 5xx', service: 'PSVCCHK', key: 'muster-INC-1', priority: 'P1' }
  const made = await client.createIncident(wanted)
  expect(await client.createIncident(wanted)).toMatchObject({ id: made.id, created: false })
  await client.acknowledge([made.id])
  await client.reassign(made.id, { users: [first?.person.id ?? ''] })
  await client.setPriority(made.id, 'P2')
  const note = { text: 'Rolled back', marker: 'INC-1/7/0' }
  expect((await client.addNote(made.id, note)).id).toBe((await client.addNote(made.id, note)).id)
  await client.publishUpdate(made.id, { message: 'Rollback in progress' })
  const help = { message: 'Please help', marker: 'INC-1/8/0', requester: alice?.id ?? '', users: ['PBOB000'] }
  await client.requestResponders(made.id, { ...help, users: [first?.person.id ?? ''] })
  await client.resolve([made.id])
  await client.resolve([made.id])
  expect(await client.incident(made.id)).toMatchObject({ status: 'resolved', priority: 'P2' })

  await pagerduty.settled()
  expect(pagerduty.state().attempts.every(({ status }) => status === 202)).toBe(true)
  const reported = signals.map((signal) => (signal.kind === 'alert' ? signal.alert.state : signal.activity))
  for (const each of ['firing', 'acknowledged', 'reassigned', 'priority_changed', 'update_published', 'resolved']) {
    expect(reported).toContain(each)
  }
  // Our own note is recognised as ours.
  expect(reported).not.toContain('annotated')
  expect(new Set(signals.map(({ once }) => once)).size).toBe(signals.length)
})

test('an event triggers a page, and the alert behind the incident carries what its sender knew', async () => {
  const { pagerduty, client, signals } = await account()
  const event = {
    routing_key: routingKeyOf('PSVCCHK'),
    event_action: 'trigger',
    dedup_key: 'checkout-5xx',
    payload: {
      summary: 'checkout 5xx',
      source: 'prometheus',
      severity: 'critical',
      custom_details: { alertname: 'HighErrorRate', query: 'job:errors:ratio > 0.05' },
    },
  }
  for (let attempt = 0; attempt < 2; attempt++)
    await fetch(`${pagerduty.url}/v2/enqueue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    })
  await pagerduty.settled()
  const fired = signals.filter(({ kind }) => kind === 'alert')
  expect(fired).toHaveLength(1)
  const id = fired[0]?.kind === 'alert' ? fired[0].alert.key.slice('pagerduty:'.length) : ''
  expect(await client.alerts(id)).toMatchObject([
    { key: 'checkout-5xx', labels: { alertname: 'HighErrorRate' }, query: 'job:errors:ratio > 0.05' },
  ])
})

test('a webhook is subscribed and pinged', async () => {
  const { pagerduty, client, signals } = await account()
  const [existing] = await client.subscriptions()
  expect(existing).toMatchObject({ active: true })
  const made = await client.createSubscription({ url: existing?.url ?? '' })
  expect(made.secret).toBeTruthy()
  await client.pingSubscription(existing?.id ?? '')
  await pagerduty.settled()
  expect(pagerduty.state().attempts).toMatchObject([{ status: 202 }])
  expect(signals).toEqual([])
})

test('requests the changes around an incident from PagerDuty', async () => {
  const { client } = await account()
  const feed = pagerdutyChanges({
    pagerduty: client,
    serviceIdOf: (service) => (service === 'checkout' ? 'PSVCCHK' : undefined),
  })
  const window = { from: Date.now() - 3_600_000, to: Date.now(), service: 'checkout' }
  expect(await feed.changes(window, new AbortController().signal)).toEqual([])
})
