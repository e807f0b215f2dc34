import { expect, test } from 'vitest'
import { Permanent } from '../../../src/incident/errors.ts'
import { pagerdutyChanges } from '../../../src/integrations/pagerduty/changes.ts'
import { pagerdutyIncidentOf } from '../../../src/integrations/pagerduty/client.ts'
import type { Answer } from '../server.ts'
import { failure, json, pagerduty, refused } from './start.ts'

test('says who is on call for a service, first level first, with e-mail addresses', async () => {
  await using server = await pagerduty({
    'GET /services/PSVCCHK': { body: { service: { id: 'PSVCCHK', escalation_policy: { id: 'PEPCHK1' } } } },
    'GET /oncalls': { body: { ...json('rest_oncalls'), oncalls: json('rest_oncalls').oncalls.toReversed() } },
  })
  expect(await server.client.onCalls({ service: 'PSVCCHK' })).toEqual([
    {
      person: { id: 'PALICE1', name: 'Alice Ng', email: 'alice@acme.example' },
      level: 1,
      schedule: 'Checkout primary',
      escalationPolicy: 'Checkout EP',
      until: Date.parse('2026-11-27T09:00:00Z'),
    },
    {
      person: { id: 'PBOB001', name: 'Bob Ito', email: 'bob@acme.example' },
      level: 2,
      escalationPolicy: 'Checkout EP',
    },
  ])
  const sent = server.requests[1]
  expect(sent?.query.getAll('escalation_policy_ids[]')).toEqual(['PEPCHK1'])
  expect(sent?.query.getAll('include[]')).toEqual(['users'])
  expect(sent?.headers).toMatchObject({
    authorization: 'Token token=u+secret',
    accept: 'application/vnd.pagerduty+json;version=2',
  })
})

test('finds a user by exact e-mail address', async () => {
  const users = {
    users: [{ id: 'PX', name: 'Alice', email: 'alice@acme.example.org' }, ...json('rest_users_query').users],
  }
  await using server = await pagerduty({ 'GET /users': { body: { ...users, more: false } } })
  expect(await server.client.userByEmail('Alice@acme.example')).toMatchObject({ id: 'PALICE1' })
  expect(await server.client.userByEmail('carol@acme.example')).toBeUndefined()
})

test('fetches every page of a list', async () => {
  await using server = await pagerduty({
    'GET /priorities': ({ query }) => {
      const offset = Number(query.get('offset'))
      return { body: { priorities: [{ id: `P${offset}`, name: 'P1' }], more: offset < 200, offset, limit: 100 } }
    },
  })
  expect((await server.client.priorities()).map(({ id }) => id)).toEqual(['P0', 'P100', 'P200'])
})

test('reads an incident, acknowledges it as the configured user, and resolves it', async () => {
  await using server = await pagerduty({
    'GET /incidents/Q1': { body: json('rest_incident_get') },
    'PUT /incidents/Q1': { body: json('rest_incident_get') },
  })
  expect(await server.client.incident('Q1')).toMatchObject({ number: 421, status: 'acknowledged', priority: 'P1' })
  await server.client.acknowledge(['Q1'])
  await server.client.resolve(['Q1'])
  expect(server.requests[1]?.headers.from).toBe('bot@acme.example')
  expect(JSON.parse(server.requests[2]?.body ?? '')).toEqual({
    incident: { type: 'incident_reference', status: 'resolved' },
  })
})

test.each([
  refused(400, 1001),
  refused(400, 1002),
  { status: 400, body: json('rest_incident_update_already_resolved') } satisfies Answer,
])('an incident that is already resolved or acknowledged needs no further call', async (answer) => {
  await using server = await pagerduty({ 'PUT /incidents/Q1': answer })
  await server.client.resolve(['Q1'])
  await server.client.acknowledge(['Q1'])
})

test('escapes an external id as a single path segment', async () => {
  await using server = await pagerduty({})
  await failure(server.client.incident('../users/PALICE1'))
  expect(server.requests[0]?.path).toBe('/incidents/..%2Fusers%2FPALICE1')
})

const wanted = { title: 'checkout 5xx spike', service: 'PSVCCHK', key: 'muster-INC-42' }

test('creates an incident with priority and people', async () => {
  await using server = await pagerduty({
    'GET /priorities': { body: json('rest_priorities') },
    'POST /incidents': { status: 201, body: json('rest_incident_get') },
  })
  const page = { users: ['PBOB001'] }
  expect(await server.client.createIncident({ ...wanted, priority: 'p1', urgency: 'high', page })).toMatchObject({
    id: 'Q1INC421XYZ',
    created: true,
  })
  expect(JSON.parse(server.requests[1]?.body ?? '').incident).toEqual({
    type: 'incident',
    title: 'checkout 5xx spike',
    service: { id: 'PSVCCHK', type: 'service_reference' },
    incident_key: 'muster-INC-42',
    urgency: 'high',
    priority: { id: 'PPRIO01', type: 'priority_reference' },
    assignments: [{ assignee: { id: 'PBOB001', type: 'user_reference' } }],
  })
})

test('a repeated creation finds the existing incident', async () => {
  await using server = await pagerduty({
    'POST /incidents': refused(400, 2001, 'Open incident with matching dedup key already exists on this service'),
    'GET /incidents': { body: { incidents: [json('rest_incident_get').incident], more: false } },
  })
  expect(await server.client.createIncident(wanted)).toMatchObject({ id: 'Q1INC421XYZ', number: 421, created: false })
  expect(server.requests[1]?.query.get('incident_key')).toBe('muster-INC-42')
})

test('a rejected creation without an existing incident is permanent, and says why', async () => {
  await using server = await pagerduty({
    'POST /incidents': refused(400, 2001, 'Title cannot be empty'),
    'GET /incidents': { body: { incidents: [], more: false } },
  })
  const error = await failure(server.client.createIncident(wanted))
  expect(error).toBeInstanceOf(Permanent)
  expect(error.message).toBe('PagerDuty refused POST /incidents (400): Invalid Input Provided: Title cannot be empty')
})

test('reports an unknown priority together with the known ones', async () => {
  await using server = await pagerduty({ 'GET /priorities': { body: json('rest_priorities') } })
  expect((await failure(server.client.setPriority('Q1', 'P9'))).message).toBe(
    'PagerDuty has no priority "P9" (it has P1, P2).',
  )
})

test('an account without priorities has none', async () => {
  await using server = await pagerduty({ 'GET /priorities': refused(402, 2014) })
  expect(await server.client.priorities()).toEqual([])
})

test('writes a note once, however often it is requested', async () => {
  const written: { id: string; content: string }[] = []
  await using server = await pagerduty({
    'GET /incidents/Q1/notes': () => ({ body: { notes: written } }),
    'POST /incidents/Q1/notes': ({ body }) => {
      const note = { id: `PNOTE${written.length}`, content: JSON.parse(body).note.content as string }
      written.push(note)
      return { body: { note } }
    },
  })
  const note = { text: 'Mitigated', marker: 'INC-42/7/0' }
  expect(await server.client.addNote('Q1', note)).toMatchObject({ id: 'PNOTE0' })
  expect(await server.client.addNote('Q1', note)).toMatchObject({ id: 'PNOTE0' })
  expect(await server.client.addNote('Q1', { ...note, marker: 'INC-42/17/0' })).toMatchObject({ id: 'PNOTE1' })
  expect(written[0]?.content).toBe('Mitigated\n(muster INC-42/7/0)')
})

test('requests additional responders once', async () => {
  const responders: { message: string }[] = []
  await using server = await pagerduty({
    'GET /incidents/Q1': () => ({ body: { incident: { id: 'Q1', incidents_responders: responders } } }),
    'POST /incidents/Q1/responder_requests': ({ body }) => {
      responders.push({ message: JSON.parse(body).message })
      return { body: { responder_request: {} } }
    },
  })
  const request = { message: 'Please help', marker: 'INC-42/9/0', requester: 'PALICE1', users: ['PBOB001'] }
  await server.client.requestResponders('Q1', request)
  await server.client.requestResponders('Q1', { ...request, users: ['PALICE1'] })
  expect(responders).toHaveLength(1)
})

test('reads labels, links and the PromQL expression from what Alertmanager sent to PagerDuty', async () => {
  const firing =
    'Labels:\n - alertname = HighErrorRate\n - service = checkout\nAnnotations:\n - runbook_url = https://runbooks.example/r\nSource: http://prometheus:9090/graph?g0.expr=job%3Aerr%3Aratio5m+%3E+0.05&g0.tab=1\n'
  const [alert] = json('rest_incident_alerts').alerts
  const details = { num_firing: '1', firing, team: 'payments' }
  const body = {
    alerts: [
      { ...alert, body: { ...alert.body, details } },
      { id: 'Q2', body: null },
    ],
    more: false,
  }
  await using server = await pagerduty({ 'GET /incidents/Q1/alerts': { body } })
  expect(await server.client.alerts('Q1')).toMatchObject([
    {
      key: 'd3640fbd41094207a1c11e58e46b1662',
      labels: { alertname: 'HighErrorRate', service: 'checkout', team: 'payments' },
      query: 'job:err:ratio5m > 0.05',
      runbookUrl: 'https://runbooks.example/r',
      links: [{ href: 'https://grafana.acme.example/d/chk', text: 'Dashboard' }],
    },
    { id: 'Q2', labels: {}, links: [] },
  ])
})

test('subscribes a URL, enables it and pings it', async () => {
  await using server = await pagerduty({
    'POST /webhook_subscriptions': {
      body: {
        webhook_subscription: { id: 'PWH1', delivery_method: { url: 'https://m.example', secret: 'told-once' } },
      },
    },
    'POST /webhook_subscriptions/PWH1/enable': { status: 200, body: {} },
    'POST /webhook_subscriptions/PWH1/ping': { status: 202 },
    'GET /webhook_subscriptions': {
      body: {
        webhook_subscriptions: [
          { id: 'PWH1', active: true, delivery_method: { url: 'https://m.example', temporarily_disabled: true } },
        ],
      },
    },
  })
  expect(await server.client.createSubscription({ url: 'https://m.example' })).toMatchObject({ secret: 'told-once' })
  await server.client.enableSubscription('PWH1')
  await server.client.pingSubscription('PWH1')
  expect(await server.client.subscriptions()).toMatchObject([{ id: 'PWH1', active: false }])
})

test('maps change events to changes', async () => {
  await using server = await pagerduty({ 'GET /services/PSVCCHK/change_events': { body: json('rest_change_events') } })
  const feed = pagerdutyChanges({ pagerduty: server.client, serviceIdOf: () => 'PSVCCHK' })
  const to = Date.parse('2026-11-21T05:00:00Z')
  expect(await feed.changes({ from: to - 3_600_000, to, service: 'checkout' }, new AbortController().signal)).toEqual([
    {
      key: 'pagerduty:change:01BBYA6PEVW6A852BUO6QYUE7O',
      source: 'pagerduty',
      kind: 'deploy',
      title: 'Deploy checkout v413',
      service: 'PSVCCHK',
      revision: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      by: 'argocd',
      at: Date.parse('2026-11-21T04:31:00Z'),
      url: 'https://github.com/acme/checkout/commit/f95f852',
    },
  ])
  expect(server.requests[0]?.query.get('since')).toBe('2026-11-21T04:00:00Z')
})

test("resolves an alert's key to the incident at PagerDuty", () => {
  expect(pagerdutyIncidentOf('pagerduty:Q1INC421XYZ')).toBe('Q1INC421XYZ')
  expect(pagerdutyIncidentOf('grafana:1:c6ea')).toBeUndefined()
})

test('acknowledges many incidents in one request, or one by one where that is rejected', async () => {
  let bulk: Answer = { body: { incidents: [] } }
  await using server = await pagerduty({
    'PUT /incidents': () => bulk,
    'PUT /incidents/Q1': { body: json('rest_incident_get') },
    'PUT /incidents/Q2': refused(400, 1001),
    'PUT /incidents/Q3': refused(404, 2100),
  })
  const finished: string[] = []
  const onDone = async (ids: string[]) => {
    finished.push(...ids)
  }
  await server.client.acknowledge(['Q1', 'Q2', 'Q3'], { onDone })
  expect(JSON.parse(server.requests[0]?.body ?? '').incidents).toEqual(
    ['Q1', 'Q2', 'Q3'].map((id) => ({ id, type: 'incident_reference', status: 'acknowledged' })),
  )
  expect([server.requests.length, finished]).toEqual([1, ['Q1', 'Q2', 'Q3']])

  bulk = refused(400, 1001)
  finished.length = 0
  await server.client.acknowledge(['Q1', 'Q2', 'Q3'], { onDone })
  expect(finished).toEqual(['Q1', 'Q2', 'Q3'])
})
