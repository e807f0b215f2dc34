import { z } from 'zod'
import type { Alert, Delivery, Picture, Reading, Signal } from './alert.ts'
import { instant, keyOf, Labels, Link, nameOfContent, occurrenceOf, present, severityOf, Text } from './outside.ts'

/**
 * The webhook payload shared by Alertmanager (version 4) and Grafana alerting: a group of alerts, some firing and some
 * resolved. Members that only one of them sends are optional here and interpreted by the vendor's own code.
 */
export const AlertGroup = z.object({
  alerts: z.array(z.unknown()),
  groupKey: Text,
  receiver: Text,
  /** Grafana only. */
  orgId: Text,
  commonLabels: Labels,
  commonAnnotations: Labels,
  externalURL: Link,
  /** How many alerts of the group the sender left out (`max_alerts`). */
  truncatedAlerts: z.number().catch(0),
})
export type AlertGroup = z.infer<typeof AlertGroup>

export const GroupedAlert = z.object({
  status: Text,
  labels: Labels,
  annotations: Labels,
  startsAt: Text,
  endsAt: Text,
  generatorURL: Link,
  fingerprint: Text,
  /** The rest is Grafana's. */
  dashboardURL: Link,
  panelURL: Link,
  imageURL: Link,
  embeddedImage: Text,
  silenceURL: Link,
  /** The value of each query and expression by its letter; null where there is none. */
  values: Labels,
})
export type GroupedAlert = z.infer<typeof GroupedAlert>

/** One alert with the labels and annotations of its group, and a hash of the labels where the sender has none. */
export type ResolvedAlert = GroupedAlert & { fingerprint: string }

/** What a vendor adds to the shared members, or replaces. */
export type VendorMembers = Partial<Alert> & {
  /** Names the alert's rule and labels among all alerts of this vendor: `alertmanager:<fingerprint>`. */
  identity: string
  picture?: Picture
}

/**
 * Parses a group of alerts. `members` supplies what is specific to the vendor. The `once` of an alert is the same on
 * every repetition and from every member of a high-availability pair.
 */
export const readAlertGroup = (
  body: unknown,
  delivery: Delivery,
  { source, members }: { source: string; members(alert: ResolvedAlert, group: AlertGroup): VendorMembers },
): Reading & { group?: AlertGroup } => {
  const parsed = AlertGroup.safeParse(body)
  if (!parsed.success) return { signals: [], understood: false, notes: ['no list of alerts in the body'] }
  const group = parsed.data
  const signals = group.alerts.flatMap((given): Signal[] => {
    const alert = GroupedAlert.safeParse(given).data
    if (!alert) return []
    const labels = { ...group.commonLabels, ...alert.labels }
    const annotations = { ...group.commonAnnotations, ...alert.annotations }
    const fingerprint = alert.fingerprint ?? nameOfContent(JSON.stringify(Object.entries(labels).sort()))
    const resolved = { ...alert, labels, annotations, fingerprint }
    return [
      signalOf({ ...sharedMembers(resolved, group, delivery, source), ...members(resolved, group) }, alert, delivery),
    ]
  })
  const unreadable = group.alerts.length - signals.length
  return {
    group,
    signals,
    understood: group.alerts.length === 0 || signals.length > 0,
    notes: [
      ...(group.truncatedAlerts > 0 ? [`${counted(group.truncatedAlerts)} left out by the sender`] : []),
      ...(unreadable > 0 ? [`${unreadable} ${unreadable === 1 ? 'alert' : 'alerts'} could not be parsed`] : []),
    ],
  }
}

type Shared = Omit<Alert, 'key'> & { identity: string; picture?: Picture }

const signalOf = ({ identity, picture, ...shared }: Shared, { startsAt }: GroupedAlert, delivery: Delivery): Signal => {
  const key = keyOf(identity, occurrenceOf(startsAt, delivery.body))
  const alert: Alert = { ...shared, key, fingerprint: identity }
  const at = alert.state === 'resolved' ? (alert.endsAt ?? delivery.receivedAt) : alert.startsAt
  return { kind: 'alert', once: keyOf(key, alert.state), at, alert, ...(picture ? { picture } : {}) }
}

const sharedMembers = (
  { labels, annotations, ...alert }: ResolvedAlert,
  group: AlertGroup,
  { receivedAt }: Delivery,
  source: string,
): Omit<Alert, 'key'> => {
  const resolved = alert.status === 'resolved'
  return {
    source,
    state: resolved ? 'resolved' : 'firing',
    title: annotations.summary ?? annotations.title ?? labels.alertname ?? 'An alert without a name',
    labels,
    startsAt: instant(alert.startsAt, receivedAt) ?? receivedAt,
    ...present({
      description: annotations.description ?? annotations.message,
      group: group.groupKey,
      rule: labels.alertname,
      service: labels.service ?? labels.app ?? labels.app_kubernetes_io_name,
      severity: severityOf(labels.severity ?? labels.priority),
      priority: labels.priority,
      // Firing alerts have the year 1 as their end time.
      endsAt: resolved ? instant(alert.endsAt, receivedAt) : undefined,
      url: alert.generatorURL ?? group.externalURL,
      runbookUrl: Link.parse(annotations.runbook_url ?? annotations.runbook),
      dashboardUrl: Link.parse(annotations.dashboard_url ?? annotations.dashboard),
      panelUrl: Link.parse(annotations.panel_url),
      value: annotations.value ?? annotations.current_value,
      threshold: annotations.threshold,
      receiver: group.receiver,
    }),
  }
}

/** A note for responders when the sender left alerts of the group out. */
export const truncationNotes = ({ truncatedAlerts }: AlertGroup, sender: string): string[] =>
  truncatedAlerts > 0 ? [`${counted(truncatedAlerts, 'more', 'of this group')} left out by ${sender}.`] : []

const counted = (count: number, more?: string, which?: string): string =>
  [count, more, count === 1 ? 'alert' : 'alerts', which, count === 1 ? 'was' : 'were'].filter(Boolean).join(' ')
