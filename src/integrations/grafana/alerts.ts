import { z } from 'zod'
import type { Alert, AlertSource, Delivery, Signal } from '../../incident/alert.ts'
import {
  instant,
  keyOf,
  Labels,
  Link,
  nameOfContent,
  occurrenceOf,
  present,
  severityOf,
  Text,
} from '../../incident/outside.ts'
import { bearsOneOf, isSignedBy } from '../../incident/proof.ts'

type Options = {
  /** Each is accepted as the HMAC key, as a bearer token and as the password of basic authentication. */
  secrets: readonly string[]
  /** Header names as set in the contact point's HMAC options, in whatever case. */
  signatureHeader?: string
  timestampHeader?: string
}

/** Grafana alerting by its webhook contact point, at `POST /webhooks/grafana`. */
export const grafanaAlerts = (options: Options): AlertSource => {
  const signatureHeader = (options.signatureHeader ?? 'X-Grafana-Alerting-Signature').toLowerCase()
  const timestampHeader = (options.timestampHeader ?? 'X-Grafana-Alerting-Timestamp').toLowerCase()

  return {
    name: 'grafana',
    verify(delivery) {
      const signature = delivery.headers[signatureHeader]
      if (signature === undefined) return bearsOneOf(delivery, options.secrets)
      return isSignedBy([signature.trim().toLowerCase()], signedContent(delivery, timestampHeader), options.secrets)
    },
    read(body, delivery) {
      const group = Group.safeParse(body)
      if (!group.success) return { signals: [], understood: false, notes: ['no list of alerts in the body'] }
      const { alerts, truncatedAlerts } = group.data
      const signals = alerts
        .map((alert) => Told.safeParse(alert))
        .flatMap(({ data }) => (data ? [toSignal(group.data, data, delivery)] : []))
      const unreadable = alerts.length - signals.length
      return {
        signals,
        understood: alerts.length === 0 || signals.length > 0,
        notes: [
          ...(truncatedAlerts > 0 ? [`${truncatedAlerts} alerts were left out by the sender`] : []),
          ...(unreadable > 0 ? [`${unreadable} alerts could not be read`] : []),
        ],
      }
    },
  }
}

/**
 * With a timestamp header the signature covers `<unix seconds>:<body>`. An old timestamp is no reason to refuse: a clock
 * that is wrong must not cost an alert, and a replayed delivery carries the same `once` and changes nothing.
 */
const signedContent = ({ headers, body }: Delivery, timestampHeader: string): Buffer => {
  const timestamp = headers[timestampHeader]
  return timestamp === undefined ? body : Buffer.concat([Buffer.from(`${timestamp}:`), body])
}

const Group = z.object({
  alerts: z.array(z.unknown()),
  groupKey: Text,
  receiver: Text,
  orgId: Text,
  commonLabels: Labels,
  commonAnnotations: Labels,
  externalURL: Link,
  truncatedAlerts: z.number().catch(0),
})

const Told = z.object({
  status: Text,
  labels: Labels,
  annotations: Labels,
  startsAt: Text,
  endsAt: Text,
  fingerprint: Text,
  generatorURL: Link,
  dashboardURL: Link,
  panelURL: Link,
  imageURL: Link,
  /** The value of each query and expression by its letter; null where there is none. */
  values: Labels,
})

const toSignal = (group: z.infer<typeof Group>, told: z.infer<typeof Told>, delivery: Delivery): Signal => {
  const alert = toAlert(group, told, delivery)
  const at = alert.state === 'resolved' ? (alert.endsAt ?? delivery.receivedAt) : alert.startsAt
  return { kind: 'alert', once: keyOf(alert.key, alert.state), at, alert }
}

const toAlert = (group: z.infer<typeof Group>, told: z.infer<typeof Told>, { body, receivedAt }: Delivery): Alert => {
  const labels = { ...group.commonLabels, ...told.labels }
  const annotations = { ...group.commonAnnotations, ...told.annotations }
  const resolved = told.status === 'resolved'
  const fingerprint = told.fingerprint ?? nameOfContent(JSON.stringify(Object.entries(labels).sort()))
  // Organisations of one Grafana hash their labels alike.
  const identity = keyOf('grafana', group.orgId ?? '1', fingerprint)
  const trouble = troubles.get(labels.alertname ?? '')
  const rule = trouble ? (labels.rulename ?? labels.alertname) : labels.alertname
  const summary = annotations.summary ?? annotations.title ?? rule ?? 'An alert without a name'
  const notes = [
    ...(trouble ? [trouble.note] : []),
    ...valuesIn(told.values),
    ...(group.truncatedAlerts > 0
      ? [`${group.truncatedAlerts} more alerts of this group were left out by Grafana.`]
      : []),
  ]
  return {
    key: keyOf(identity, occurrenceOf(told.startsAt, body)),
    fingerprint: identity,
    source: 'grafana',
    state: resolved ? 'resolved' : 'firing',
    // The rule's own summary speaks of a breach that nobody has measured.
    title: trouble ? `${trouble.title}: ${rule}` : summary,
    labels,
    startsAt: instant(told.startsAt, receivedAt) ?? receivedAt,
    ...present({
      description: annotations.description ?? annotations.message ?? (trouble ? annotations.summary : undefined),
      group: group.groupKey,
      rule,
      service: labels.service ?? labels.app ?? labels.app_kubernetes_io_name,
      severity: severityOf(labels.severity ?? labels.priority),
      priority: labels.priority,
      endsAt: resolved ? instant(told.endsAt, receivedAt) : undefined,
      url: told.generatorURL ?? group.externalURL,
      runbookUrl: Link.parse(annotations.runbook_url),
      dashboardUrl: told.dashboardURL,
      panelUrl: told.panelURL,
      imageUrl: told.imageURL,
      receiver: group.receiver,
      notes: notes.length > 0 ? notes : undefined,
    }),
  }
}

/** Grafana sends an alert of these names when a rule cannot be evaluated; the rule's name is in `rulename`. */
const troubles = new Map([
  ['DatasourceNoData', { title: 'No data', note: 'The rule found no data: nothing was measured, good or bad.' }],
  ['DatasourceError', { title: 'Query failed', note: 'The rule could not be evaluated: its data source failed.' }],
])

const valuesIn = (values: Record<string, string>): string[] => {
  const told = Object.entries(values).map(([letter, value]) => `${letter} = ${value}`)
  return told.length > 0 ? [`Values: ${told.join(', ')}`] : []
}
