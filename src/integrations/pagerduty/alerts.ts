import type { Alert, AlertSource, Delivery, Reading, Signal } from '../../incident/alert.ts'
import { instant, keyOf, Labels, nameOfContent, present } from '../../incident/outside.ts'
import { isSignedBy } from '../../incident/proof.ts'
import { activityOf, mergedInto } from './activity.ts'
import { isOwnNote } from './marker.ts'
import { Envelope, type Event, type PagerDutyIncident } from './webhook.ts'

export type PagerDutyAlertsOptions = {
  /** Several are accepted during a rotation. */
  secrets: readonly string[]
  /** Whether a signal only reports what Muster itself did at PagerDuty. */
  isEcho?: (signal: Signal) => Promise<boolean>
}

/** PagerDuty V3 webhooks at `POST /webhooks/pagerduty`. */
export const pagerdutyAlerts = ({ secrets, isEcho }: PagerDutyAlertsOptions): AlertSource => ({
  name: 'pagerduty',
  verify: ({ headers, body }) => isSignedBy(signaturesIn(headers['x-pagerduty-signature']), body, secrets),
  read(body, delivery) {
    const envelope = Envelope.safeParse(body)
    if (!envelope.success) return { signals: [], understood: false, notes: ['no PagerDuty V3 event in the body'] }
    const reading = readEvent(envelope.data.event, delivery)
    return isEcho ? withoutEchoes(reading, isEcho) : reading
  },
})

const withoutEchoes = async (reading: Reading, isEcho: (signal: Signal) => Promise<boolean>): Promise<Reading> => {
  const echoes = await Promise.all(reading.signals.map(isEcho))
  return { ...reading, signals: reading.signals.filter((_signal, i) => !echoes[i]) }
}

/** PagerDuty: `v1=<hex>,v1=<hex>`, one for each secret during a rotation. Other versions are ignored. */
const signaturesIn = (header = ''): string[] =>
  header
    .split(',')
    .map((part) => part.trim())
    .flatMap((part) => (part.startsWith('v1=') ? [part.slice(3).toLowerCase()] : []))

const readEvent = (event: Event, delivery: Delivery): Reading => {
  const type = event.event_type
  // Known and irrelevant to incidents: the test button, and edits of a service.
  if (type === 'pagey.ping' || type.startsWith('service.')) return { signals: [], understood: true, notes: [type] }

  const data = event.data
  const isIncident = data?.type === 'incident' || (data?.type === undefined && !data?.incident)
  const incidentId = isIncident ? data?.id : data?.incident?.id
  if (!incidentId) return { signals: [], understood: false, notes: [`${type} names no incident`] }
  const at = instant(event.occurred_at, delivery.receivedAt) ?? delivery.receivedAt
  return toReading(event, {
    // Both ids are the same on every attempt; without them the hash of the body identifies the delivery.
    once: keyOf('pagerduty', event.id ?? delivery.headers['x-webhook-id'] ?? nameOfContent(delivery.body)),
    at,
    key: keyOf('pagerduty', incidentId),
    alert:
      isIncident && data ? alertOf(event, data, { id: incidentId, at, receivedAt: delivery.receivedAt }) : undefined,
  })
}

type Occurrence = { once: string; at: number; key: string; alert: Alert | undefined }

const toReading = (event: Event, occurrence: Occurrence): Reading => {
  const { once, at, key, alert } = occurrence
  const type = event.event_type
  if (type === 'incident.triggered' || (type === 'incident.resolved' && !mergedInto(event))) {
    if (!alert) return { signals: [], understood: false, notes: [`${type} without an incident`] }
    return { signals: [{ kind: 'alert', once, at, alert }], understood: true }
  }
  // Our own notes are echoed as webhooks; responders have already read that text in Slack.
  if (type === 'incident.annotated' && isOwnNote(event.data?.content)) return { signals: [], understood: true }

  const described = activityOf(event)
  if (!described) return { signals: [], understood: false, notes: [`unknown PagerDuty event type ${type}`] }
  return {
    understood: true,
    signals: [
      {
        kind: 'activity',
        once,
        at,
        alertKey: key,
        activity: described.activity,
        text: described.text,
        ...present({
          by: event.agent?.summary,
          byId: event.agent?.id,
          into: described.into,
          // A priority that automation sets is on the timeline but changes nothing here.
          priority: isUser(event) ? described.priority : undefined,
          alert,
        }),
      },
    ],
  }
}

/** Whether it was a person, rather than a rule, an integration or the service itself. */
const isUser = ({ agent }: Event): boolean => agent?.type === 'user' || agent?.type === 'user_reference'

type When = { id: string; at: number; receivedAt: number }

const alertOf = (event: Event, data: PagerDutyIncident, { id, at, receivedAt }: When): Alert => {
  const resolved =
    event.event_type === 'incident.resolved' ||
    (event.event_type !== 'incident.triggered' && data.status === 'resolved')
  const number = data.number ? `#${data.number}` : id
  return {
    key: keyOf('pagerduty', id),
    source: 'pagerduty',
    state: resolved ? 'resolved' : 'firing',
    title: data.title ?? `PagerDuty incident ${number}`,
    labels: labelsOf(data),
    startsAt: instant(data.created_at, receivedAt) ?? at,
    ...present({
      // Events with one key are one alert, however many PagerDuty incidents they opened one after the other.
      fingerprint: data.incident_key && keyOf('pagerduty', data.service?.id ?? '', data.incident_key),
      endsAt: resolved ? at : undefined,
      // The id, which the catalogue has as `pagerdutyService`; the name is the label `service`.
      service: data.service?.id ?? data.service?.summary,
      urgency: data.urgency === 'high' || data.urgency === 'low' ? data.urgency : undefined,
      priority: data.priority?.summary,
      url: data.html_url,
    }),
  }
}

/** Further members of the incident, as labels that rules in the catalogue can match. */
const labelsOf = (data: PagerDutyIncident): Record<string, string> =>
  Labels.parse({
    service: data.service?.summary,
    pagerduty_service: data.service?.id,
    pagerduty_number: data.number,
    incident_key: data.incident_key,
    escalation_policy: data.escalation_policy?.summary,
    team: data.teams[0]?.summary,
    incident_type: data.incident_type?.name,
    conference_url: data.conference_bridge?.conference_url,
  })
