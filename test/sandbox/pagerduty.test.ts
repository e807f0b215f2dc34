import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { call, incident, now, page, webhooks, world } from './pagerduty-world.ts'
import { fixture, missingFrom } from './shape.ts'

describe('monitoring events', () => {
  test('open an incident, page the first level, and send a signed webhook', async () => {
    expect((await page()).status).toBe(202)
    const [event] = await webhooks()
    expect(event).toMatchObject({
      event_type: 'incident.triggered',
      data: { title: 'High P90 latency', incident_key: 'shipping-p90', assignees: [{ summary: 'Olena K' }] },
    })
    expect(missingFrom({ event }, fixture('pagerduty/webhook_incident.triggered.json'))).toEqual([])
    const [request] = world.muster.requests
    const expected = createHmac('sha256', 'hush')
      .update(request?.body ?? '')
      .digest('hex')
    expect(request?.headers['x-pagerduty-signature']).toBe(`v1=${expected}`)
    expect(request?.headers['x-webhook-id']).toBeTruthy()
  })

  test('with the same dedup key are one incident', async () => {
    await page()
    await page()
    expect(world.pagerduty.state().incidents).toHaveLength(1)
    expect(await webhooks()).toHaveLength(1)
  })

  test('with a wrong routing key are rejected', async () => {
    const answer = await call('POST', '/v2/enqueue', { routing_key: 'short', event_action: 'trigger' })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      status: 'invalid event',
      errors: ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    })
  })

  test("for changes are listed as the service's change events", async () => {
    const payload = { summary: 'Deploy', timestamp: new Date(now - 60_000).toISOString(), source: 'argocd' }
    const key = world.pagerduty.account.services[1]?.routingKey
    await call('POST', '/v2/change/enqueue', { routing_key: key, payload, links: [{ href: 'https://ci.example/1' }] })
    const listed = await call('GET', '/services/PSVCPAY/change_events')
    expect(listed.body.change_events).toMatchObject([{ summary: 'Deploy', timestamp: '2026-11-21T02:59:00Z' }])
    expect(missingFrom(listed.body, fixture('pagerduty/rest_change_events.json'))).toEqual([
      '.change_events[0].integration',
      '.change_events[0].custom_details.sha',
      '.change_events[0].links[0].text',
    ])
    expect((await call('GET', '/services/PSVCSHIP/change_events')).body.change_events).toEqual([])
  })
})

describe('incidents over REST', () => {
  test("match PagerDuty's format for incidents, alerts and notes", async () => {
    await page()
    const [{ data }] = await webhooks()
    await call('PUT', `/incidents/${data.id}`, { incident: { type: 'incident_reference', status: 'acknowledged' } })
    const { body } = await call('GET', `/incidents/${data.id}`)
    expect(body.incident).toMatchObject({ status: 'acknowledged', incident_number: 1, alert_counts: { all: 1 } })
    expect(missingFrom(body, fixture('pagerduty/rest_incident_get.json'))).toEqual([])
    const alerts = (await call('GET', `/incidents/${data.id}/alerts`)).body
    expect(alerts.alerts).toMatchObject([{ alert_key: 'shipping-p90', body: { details: { p90: '9.28 s' } } }])
    const note = await call('POST', `/incidents/${data.id}/notes`, { note: { content: 'looking' } })
    expect(note.status).toBe(200)
    expect(missingFrom(note.body, fixture('pagerduty/rest_incident_note_response.json'))).toEqual([])
  })

  test('are created once per incident_key', async () => {
    const first = await call('POST', '/incidents', incident({ incident_key: 'muster-INC-1', urgency: 'high' }))
    expect(first.status).toBe(201)
    const second = await call('POST', '/incidents', incident({ incident_key: 'muster-INC-1' }))
    expect(second.status).toBe(400)
    expect(second.body.error.code).toBe(2001)
    const found = await call('GET', '/incidents?incident_key=muster-INC-1&world.statuses[]=triggered')
    expect(found.body.incidents).toMatchObject([{ id: first.body.incident.id }])
  })

  test('send webhooks for every change', async () => {
    const { body } = await call('POST', '/incidents', incident())
    const path = `/incidents/${body.incident.id}`
    const put = (change: object) => call('PUT', path, { incident: { type: 'incident_reference', ...change } })
    await put({ priority: { id: 'PPRIO01', type: 'priority_reference' } })
    await put({ status: 'acknowledged' })
    await put({ status: 'triggered' })
    await put({ escalation_level: 2 })
    await call('POST', `${path}/notes`, { note: { content: 'a note' } })
    await call('POST', `${path}/status_updates`, { message: 'an update' })
    const target = { responder_request_target: { id: world.pagerduty.account.users[1]?.id, type: 'user_reference' } }
    const requester_id = world.pagerduty.account.users[0]?.id
    await call('POST', `${path}/responder_requests`, {
      requester_id,
      message: 'help',
      responder_request_targets: [target],
    })
    await put({ status: 'resolved' })
    await put({ status: 'triggered' })
    const events = await webhooks()
    expect(events.map(({ event_type }) => event_type.replace('incident.', ''))).toEqual([
      ...['triggered', 'priority_updated', 'acknowledged', 'unacknowledged', 'escalated', 'annotated'],
      ...['status_update_published', 'responder.added', 'resolved', 'reopened'],
    ])
    for (const name of ['annotated', 'status_update_published', 'responder.added', 'acknowledged']) {
      const event = events.find(({ event_type }) => event_type === `incident.${name}`)
      expect(missingFrom({ event }, fixture(`pagerduty/webhook_incident.${name}.json`))).toEqual([])
    }
  })

  test('name the incident they are merged into', async () => {
    const [one, two] = [
      (await call('POST', '/incidents', incident())).body,
      (await call('POST', '/incidents', incident())).body,
    ]
    const source_incidents = [{ id: two.incident.id, type: 'incident_reference' }]
    await call('PUT', `/incidents/${one.incident.id}/merge`, { source_incidents })
    const event = (await webhooks()).at(-1)
    expect(event.data.resolve_reason.incident.id).toBe(one.incident.id)
    expect(missingFrom({ event }, fixture('pagerduty/webhook_incident.resolved.merged.json'))).toEqual([])
  })

  test('cannot be acknowledged or resolved after they are resolved', async () => {
    const { body } = await call('POST', '/incidents', incident())
    const resolve = () =>
      call('PUT', `/incidents/${body.incident.id}`, { incident: { type: 'incident_reference', status: 'resolved' } })
    expect((await resolve()).status).toBe(200)
    const again = await resolve()
    expect(again.status).toBe(400)
    expect(again.body.error).toMatchObject({ code: 2001, errors: ['Incident Already Resolved'] })
  })
})

describe('people and on-call', () => {
  test('on-call entries have levels, and the e-mail address only on request', async () => {
    const rows = (await call('GET', '/oncalls?escalation_policy_ids[]=PEPSHIP&include[]=users')).body
    expect(
      rows.oncalls.map((row: { escalation_level: number; user: { email: string } }) => [
        row.escalation_level,
        row.user.email,
      ]),
    ).toEqual([
      [1, 'olena@shop.example'],
      [2, 'priya@shop.example'],
    ])
    expect(missingFrom(rows, fixture('pagerduty/rest_oncalls.json'))).toEqual([])
    const bare = (await call('GET', '/oncalls?escalation_policy_ids[]=PEPSHIP')).body
    expect(bare.oncalls[0].user.email).toBeUndefined()
  })

  test('users can be searched by e-mail, with paging', async () => {
    expect((await call('GET', '/users?query=priya@shop.example')).body.users).toMatchObject([{ name: 'Priya R' }])
    const first = (await call('GET', '/users?limit=1')).body
    expect(first).toMatchObject({ limit: 1, offset: 0, more: true, total: null })
    expect((await call('GET', '/users?limit=1&offset=1')).body.more).toBe(false)
    expect((await call('GET', '/users/PNOBODY')).body.error.code).toBe(2100)
  })
})
