import { createHmac } from 'node:crypto'

/** What the deliveries are signed with: both servers know it. */
export const SECRET = 'bench-webhook-secret'
/** So many services send alerts. */
export const SERVICES = 50
/** One in this many deliveries is repeated, as PagerDuty does when it assumes a loss. */
const REPEATED_ONE_IN = 10
/** How much later it comes again, in deliveries. */
const REPEATED_AFTER = 200

/** Requests ready to be written to a socket: signed PagerDuty V3 webhooks, each of another incident, and some redeliveries. */
export const deliveries = (count: number, { round, at }: { round: number /** epoch ms */; at: number }): Buffer[] => {
  const requests: Buffer[] = []
  for (let i = 0; requests.length < count; i++) {
    requests.push(requestOf(JSON.stringify(triggered(`R${round}N${i}`, i % SERVICES, at))))
    if (i % REPEATED_ONE_IN === 0 && i >= REPEATED_AFTER) requests.push(requests.at(-REPEATED_AFTER) as Buffer)
  }
  return requests.slice(0, count)
}

const requestOf = (body: string): Buffer => {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return Buffer.from(
    [
      'POST /webhooks/pagerduty HTTP/1.1',
      'Host: 127.0.0.1',
      'User-Agent: PagerDuty-Webhook/V3.0',
      'Content-Type: application/json',
      `X-PagerDuty-Signature: v1=${signature}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}

const reference = (kind: string, id: string, summary: string) => ({
  html_url: `https://acme.pagerduty.com/${kind}s/${id}`,
  id,
  self: `https://api.pagerduty.com/${kind}s/${id}`,
  summary,
  type: `${kind}_reference`,
})

/** An `incident.triggered` event with every member PagerDuty sends. */
const triggered = (id: string, service: number, at: number) => ({
  event: {
    id: `01EVENT${id}`,
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: new Date(at).toISOString(),
    agent: reference('service', `PSV${service}`, `service-${service}`),
    client: null,
    data: {
      ...reference('incident', `Q${id}`, `service-${service}: HighErrorRate`),
      type: 'incident',
      number: service + 1,
      status: 'triggered',
      incident_key: `key-${id}`,
      created_at: new Date(at).toISOString(),
      title: `service-${service}: HighErrorRate`,
      incident_type: { name: 'incident_default' },
      service: reference('service', `PSV${service}`, `service-${service}`),
      assignees: [reference('user', 'PALICE1', 'Alice Ng')],
      escalation_policy: reference('escalation_policy', 'PEPCHK1', 'Checkout EP'),
      teams: [reference('team', 'PTEAM01', 'Payments')],
      priority: null,
      urgency: 'high',
      conference_bridge: null,
      resolve_reason: null,
    },
  },
})
