import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { OutgoingPayload, outgoingSchema } from '../../src/integrations/outgoing/payload.ts'
import { type Answer, type Request, serve } from '../integrations/server.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin } = people
const SECRET = `whsec_${Buffer.from('an outgoing secret, long enough').toString('base64')}`
const OLD = 'the secret before it'

let stack: Stack
let receivers: Awaited<ReturnType<typeof serve>>[] = []
afterEach(async () => {
  await stack.stop()
  for (const receiver of receivers) await receiver[Symbol.asyncDispose]()
  receivers = []
})

const receiver = async (answer: (request: Request) => Answer = () => ({})) => {
  const one = await serve(answer)
  receivers.push(one)
  return one
}
const begin = async (outgoing: object, env: Record<string, string> = {}) => {
  stack = await startStack({
    file: { services: { checkout: { name: 'Checkout' } }, outgoing },
    env: {
      OUTGOING_WEBHOOK_SECRET: `${SECRET},${OLD}`,
      STATUSPAGE_API_KEY: 'sp-key',
      INSTATUS_API_KEY: 'in-key',
      ...env,
    },
  })
}
const general = () => stack.channelNamed('general')!.id
const say = async (as: string, channel: string, text: string) => {
  await stack.command(as, channel, text)
  await stack.settled()
}
const ours = () => stack.incidentChannel(1)!.id
const eventsOf = ({ requests }: { requests: Request[] }) => requests.map(({ headers }) => headers['muster-event'])

const published = JSON.parse(readFileSync(new URL('../../docs/outgoing-webhooks.schema.json', import.meta.url), 'utf8'))

test('a receiver gets signed events that any library verifies, in the published format', async () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(outgoingSchema())))
  const hub = await receiver()
  await begin({ hub: { url: `${hub.url}/hooks/muster/?tenant=shop` } })
  await say(dana, general(), 'declare sev2 checkout is slow')
  await say(robin, ours(), 'severity sev1')
  await say(dana, ours(), 'update the pool is full')
  await say(dana, ours(), 'resolve pool enlarged')

  expect(eventsOf(hub)).toEqual(['incident.opened', 'incident.updated', 'incident.updated', 'incident.resolved'])
  for (const { path, query, body, headers } of hub.requests) {
    expect([path, query.get('tenant')]).toEqual(['/hooks/muster/', 'shop'])
    const given = headers as Record<string, string>
    for (const secret of [SECRET, Buffer.from(OLD).toString('base64')])
      expect(new Webhook(secret).verify(body, given)).toEqual(JSON.parse(body))
    expect(() => new Webhook(SECRET).verify(body.replace('INC-1', 'INC-2'), given)).toThrow()
    expect(() => new Webhook(SECRET).verify(body, { ...given, 'webhook-timestamp': '1700000000' })).toThrow()
    expect(z.fromJSONSchema(published).safeParse(JSON.parse(body)).error).toBeUndefined()
    // What was written for the channel stays there.
    expect(body).not.toContain('pool')
  }
  const last = OutgoingPayload.parse(JSON.parse(hub.requests.at(-1)!.body))
  expect(last.incident).toMatchObject({
    id: 'INC-1',
    status: 'resolved',
    service: { id: 'checkout', name: 'Checkout' },
  })
  expect(last.incident.resolvedAt).not.toBeNull()
  expect(new Set(hub.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(4)
})

test('a receiver that is down gets everything in order once it is back, and delays no other', {
  timeout: 120_000,
}, async () => {
  let down = true
  const sick = await receiver(() => ({ status: down ? 503 : 200 }))
  const well = await receiver()
  await begin({ sick: { url: sick.url }, well: { url: well.url, internalText: true, events: ['incident.updated'] } })
  await stack.command(dana, general(), 'declare sev2 checkout is slow')
  // By its number: that the channel exists is known to Slack a moment before it is recorded.
  await stack.command(dana, general(), 'update INC-1 the pool is full')
  const update = await until('the update at the other one', () => well.requests[0])
  expect(JSON.parse(update.body).incident.internal.update).toBe('the pool is full')
  await until('a failed attempt', () => sick.requests.length > 0)
  down = false
  // With many failures in a row its breaker opens, and probes it after 30 s.
  await until('both events', () => new Set(eventsOf(sick)).size === 2, 60_000)
  await stack.settled()
  // However often it was tried, the id of a delivery stays the same.
  const ids = sick.requests.map(({ headers, body }) => `${headers['webhook-id']} ${JSON.parse(body).id}`)
  expect(new Set(ids).size).toBe(2)
  expect(eventsOf(sick).at(-1)).toBe('incident.updated')
})

test('a redirect is not followed, and the refusal is on the timeline', async () => {
  const elsewhere = await receiver()
  const moved = await receiver(() => ({ status: 307, headers: { location: elsewhere.url } }))
  await begin({ hub: { url: moved.url } })
  await say(dana, general(), 'declare sev2 checkout is slow')
  await stack.command(dana, ours(), 'timeline')
  const shown = await until('the timeline', () =>
    stack
      .messages(ours())
      .map(textOf)
      .find((text) => text.includes('Muster could not send the webhook')),
  )
  expect(shown).toContain('Set the final address')
  expect(elsewhere.requests).toEqual([])
})

test('private incidents and drills are not sent; one that becomes private is withdrawn without its title', async () => {
  const open = await receiver()
  const trusted = await receiver()
  await begin({ open: { url: open.url }, trusted: { url: trusted.url, private: true, drills: true } })
  await say(dana, general(), 'declare --private sev2 a leaked credential')
  await say(dana, general(), 'declare --drill sev2 the game day')
  expect(open.requests).toEqual([])
  expect(trusted.requests.map(({ body }) => JSON.parse(body).incident.title)).toEqual(
    expect.arrayContaining(['a leaked credential', 'the game day']),
  )
  await say(dana, general(), 'declare sev2 odd log-ins')
  const third = stack.incidentChannel(3)!.id
  await say(dana, third, 'private customer data is involved')
  await until('the withdrawal', () => eventsOf(open).includes('incident.withdrawn'))
  expect(eventsOf(open)).toEqual(['incident.opened', 'incident.withdrawn'])
  expect(JSON.parse(open.requests.at(-1)!.body)).toEqual({
    id: expect.stringMatching(/^INC-3\//),
    event: 'incident.withdrawn',
    at: expect.any(String),
    incident: { id: 'INC-3' },
  })
})

/** A status page as far as its API is documented: entries by id, with what was said about them. */
const page = async () => {
  const entries = new Map<string, { status: string; updates: string[] } & Record<string, unknown>>()
  const server = await receiver(({ method, path, body }) => {
    const sent = body ? JSON.parse(body) : {}
    const { incident = sent } = sent
    const id = path.split('/').find((part) => entries.has(part))
    const entry = entries.get(id ?? '')
    if (method === 'DELETE') return { status: entries.delete(id ?? '') ? 204 : 404, text: '' }
    if (method === 'POST' && !entry)
      entries.set(`e${entries.size + 1}`, { ...incident, updates: [incident.body ?? incident.message] })
    else if (entry)
      Object.assign(entry, { status: incident.status, updates: [...entry.updates, incident.body ?? incident.message] })
    return { status: 200, body: { id: id ?? `e${entries.size}` } }
  })
  return { server, entries }
}

test.each([
  {
    type: 'statuspage',
    key: 'OAuth sp-key',
    path: '/v1/pages/p4ge/incidents',
    states: ['investigating', 'monitoring', 'resolved'],
  },
  {
    type: 'instatus',
    key: 'Bearer in-key',
    path: '/v1/p4ge/incidents',
    states: ['INVESTIGATING', 'MONITORING', 'RESOLVED'],
  },
])('$type shows the text written for customers, and follows the status', async ({ type, key, path, states }) => {
  const { server, entries } = await page()
  await begin({ public: { type, page: 'p4ge', url: server.url, components: { checkout: ['c0mp'] } } })
  await say(dana, general(), 'declare sev2 pool exhausted by shipping')
  await say(robin, ours(), 'service checkout')
  await say(dana, ours(), 'update internal words only')
  expect(server.requests).toEqual([])

  await publicUpdate('Some orders fail; we are on it')
  expect(server.requests[0]).toMatchObject({ method: 'POST', path })
  expect(server.requests[0]!.headers.authorization).toBe(key)
  const [entry] = [...entries.values()]
  expect(entry).toMatchObject({
    name: 'Problem with Checkout',
    status: states[0],
    updates: ['Some orders fail; we are on it'],
  })
  expect(server.requests[0]!.body).toContain('"c0mp"')
  await say(dana, ours(), 'mitigated pool enlarged')
  expect([...entries.values()][0]!.status).toBe(states[1])
  await say(dana, ours(), 'resolve pool enlarged')
  expect([...entries.values()][0]).toMatchObject({
    status: states[2],
    updates: expect.arrayContaining(['This problem has been resolved.']),
  })
  for (const { body } of server.requests) expect(body).not.toMatch(/pool|internal/)

  await say(dana, ours(), 'reopen it is back')
  await say(dana, ours(), 'private customer data is involved')
  await until('the entry to disappear', () => entries.size === 0)
})

const publicUpdate = async (text: string) => {
  await stack.command(dana, ours(), 'update')
  const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
  const input = (value: string) => ({ value: { type: 'plain_text_input', value } })
  const state = { text: input('the pool is full'), doing: input(''), public: input(text) }
  await stack.act({ type: 'submit_modal', as: dana, modal: modal.id, state })
  await stack.settled()
}

test('action items are sent to subscribed receivers, with owner, day, state and ticket', async () => {
  const tracker = await receiver()
  const other = await receiver()
  await begin({ tracker: { url: tracker.url, actionItems: true }, other: { url: other.url } })
  await say(dana, general(), 'declare sev2 checkout is slow')
  await say(dana, ours(), `action [preventative] alert on connections <@${robin}> due 2031-02-03`)
  await say(robin, ours(), 'action edit 1 https://tracker.example/7')
  await say(robin, ours(), 'action start 1')
  await say(robin, ours(), 'action done 1')
  await say(dana, ours(), 'action said twice')
  await say(dana, ours(), 'action remove 2')
  const items = () =>
    tracker.requests.filter(({ headers }) => String(headers['muster-event']).startsWith('action_item'))
  await until('all of them', () => items().length === 6)
  expect(items().map(({ headers }) => headers['muster-event'])).toEqual([
    'action_item.created',
    'action_item.updated',
    'action_item.updated',
    'action_item.done',
    'action_item.created',
    'action_item.removed',
  ])
  for (const { body, headers } of items()) {
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body))
    expect(z.fromJSONSchema(published).safeParse(JSON.parse(body)).error).toBeUndefined()
  }
  const [first] = items()
  expect(JSON.parse(first!.body).item).toMatchObject({
    number: 1,
    text: 'alert on connections',
    type: 'preventative',
    due: '2031-02-03',
    owner: { slackId: robin, email: 'robin@shop.example' },
  })
  expect(JSON.parse(items()[3]!.body).item).toMatchObject({ state: 'done', ticket: 'https://tracker.example/7' })
  expect(eventsOf(other)).toEqual(['incident.opened'])
})

test('action items of a private incident and of a drill go only to receivers that may see it', async () => {
  const tracker = await receiver()
  await begin({ tracker: { url: tracker.url, actionItems: true } })
  await say(dana, general(), 'declare --private sev2 leaked key')
  await say(dana, ours(), 'action rotate the key')
  await say(dana, general(), 'declare --drill sev2 failover')
  await say(dana, general(), 'action INC-2 rehearse it')
  expect(eventsOf(tracker)).toEqual([])
})
