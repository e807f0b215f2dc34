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
  promqlIn,
  severityOf,
  Text,
} from '../../incident/outside.ts'
import { bearsOneOf } from '../../incident/proof.ts'

/**
 * Prometheus Alertmanager by its webhook receiver (payload version 4), at `POST /webhooks/alertmanager`. It signs nothing:
 * genuine is who presents one of the tokens, as a bearer token or as the password of basic authentication.
 */
export const alertmanagerAlerts = ({ tokens }: { tokens: readonly string[] }): AlertSource => ({
  name: 'alertmanager',
  verify: (delivery) => bearsOneOf(delivery, tokens),
  read(body, delivery) {
    const group = Group.safeParse(body)
    if (!group.success) return { signals: [], understood: false, notes: ['no list of alerts in the body'] }
    const { alerts, truncatedAlerts } = group.data
    const read = alerts.map((alert) => Told.safeParse(alert))
    const signals = read.flatMap(({ data }) => (data ? [toSignal(group.data, data, delivery)] : []))
    const unreadable = alerts.length - signals.length
    return {
      signals,
      understood: alerts.length === 0 || signals.length > 0,
      notes: [
        ...(truncatedAlerts > 0 ? [`${truncatedAlerts} alerts were left out by the sender`] : []),
        ...(unreadable > 0 ? [`${unreadable} alerts could not be read`] : []),
        ...(group.data.orgId === undefined ? [] : ['this looks like Grafana, which has /webhooks/grafana']),
      ],
    }
  },
})

/** A group of alerts, some firing and some resolved; a resolved one is listed once, and then no more. */
const Group = z.object({
  alerts: z.array(z.unknown()),
  groupKey: Text,
  receiver: Text,
  commonLabels: Labels,
  commonAnnotations: Labels,
  externalURL: Link,
  truncatedAlerts: z.number().catch(0),
  orgId: Text,
})

const Told = z.object({
  status: Text,
  labels: Labels,
  annotations: Labels,
  startsAt: Text,
  endsAt: Text,
  generatorURL: Link,
  fingerprint: Text,
})

const toSignal = (group: z.infer<typeof Group>, told: z.infer<typeof Told>, delivery: Delivery): Signal => {
  const alert = toAlert(group, told, delivery)
  const at = alert.state === 'resolved' ? (alert.endsAt ?? delivery.receivedAt) : alert.startsAt
  // The same on every repetition (`repeat_interval`) and from every member of a high-availability pair.
  return { kind: 'alert', once: keyOf(alert.key, alert.state), at, alert }
}

const toAlert = (group: z.infer<typeof Group>, told: z.infer<typeof Told>, { body, receivedAt }: Delivery): Alert => {
  const labels = { ...group.commonLabels, ...told.labels }
  const annotations = { ...group.commonAnnotations, ...told.annotations }
  const resolved = told.status === 'resolved'
  // The fingerprint is a hash of the labels; without one we make our own of the same.
  const fingerprint = told.fingerprint ?? nameOfContent(JSON.stringify(Object.entries(labels).sort()))
  const optional = present({
    description: annotations.description ?? annotations.message,
    group: group.groupKey?.endsWith(GROUPED_BY_NOTHING) ? undefined : group.groupKey,
    rule: labels.alertname,
    service: labels.service ?? labels.app ?? labels.app_kubernetes_io_name,
    severity: severityOf(labels.severity ?? labels.priority),
    priority: labels.priority,
    // Firing alerts carry the year 1 as their end.
    endsAt: resolved ? instant(told.endsAt, receivedAt) : undefined,
    query: promqlIn(told.generatorURL),
    url: told.generatorURL ?? group.externalURL,
    runbookUrl: Link.parse(annotations.runbook_url ?? annotations.runbook),
    dashboardUrl: Link.parse(annotations.dashboard_url ?? annotations.dashboard),
    panelUrl: Link.parse(annotations.panel_url),
    receiver: group.receiver && unquoted(group.receiver),
    notes: group.truncatedAlerts > 0 ? [truncation(group.truncatedAlerts)] : undefined,
  })
  return {
    key: keyOf('alertmanager', fingerprint, occurrenceOf(told.startsAt, body)),
    fingerprint: keyOf('alertmanager', fingerprint),
    source: 'alertmanager',
    state: resolved ? 'resolved' : 'firing',
    title: annotations.summary ?? annotations.title ?? labels.alertname ?? 'An alert without a name',
    labels,
    startsAt: instant(told.startsAt, receivedAt) ?? receivedAt,
    ...optional,
  }
}

/** How the key of a route without `group_by` ends: all its alerts are one group, which says nothing about them. */
const GROUPED_BY_NOTHING = ':{}'

const truncation = (count: number) => `${count} more alerts of this group were left out by Alertmanager (max_alerts).`

/** Alertmanager quotes the receiver's name as if it were a regular expression: `team\.bot`. */
const unquoted = (receiver: string) => receiver.replace(/\\([^\w\s])/g, '$1')
