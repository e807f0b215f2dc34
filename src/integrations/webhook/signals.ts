import { z } from 'zod'
import { alarmSentence } from '../../incident/alarm-sentence.ts'
import { type Alert, AlertActivity, type Delivery, type Signal } from '../../incident/alert.ts'
import {
  instant,
  keyOf,
  Labels,
  Link,
  List,
  nameOfContent,
  occurrenceOf,
  present,
  severityOf,
  Text,
} from '../../incident/outside.ts'

/** What a mapping may yield: an alert, or (with `activity`) something done to one. */
const Yielded = z.object({
  key: Text,
  fingerprint: Text,
  group: Text,
  state: Text,
  title: Text,
  description: Text,
  rule: Text,
  service: Text,
  severity: Text,
  urgency: z.enum(['high', 'low']).optional().catch(undefined),
  priority: Text,
  labels: Labels,
  startsAt: Text,
  endsAt: Text,
  query: Text,
  url: Link,
  runbookUrl: Link,
  dashboardUrl: Link,
  panelUrl: Link,
  imageUrl: Link,
  silenceUrl: Link,
  value: Text,
  threshold: Text,
  notes: List(z.string()),
  activity: AlertActivity.optional().catch(undefined),
  by: Text,
  text: Text,
  at: Text,
})
type Yielded = z.infer<typeof Yielded>

/** Turns one result of a mapping into a signal; undefined when it is not an object. `name` is the webhook's. */
export const toSignal = (yielded: unknown, name: string, delivery: Delivery): Signal | undefined => {
  const read = Yielded.safeParse(yielded)
  if (!read.success) return undefined
  return read.data.activity ? toActivity(read.data, name, delivery) : toAlertSignal(read.data, name, delivery)
}

const toActivity = (members: Yielded, name: string, { body, receivedAt }: Delivery): Signal | undefined => {
  if (!members.key || !members.activity) return undefined
  const by = members.by ? ` by ${members.by}` : ''
  return {
    kind: 'activity',
    once: keyOf(name, members.key, members.activity, nameOfContent(body)),
    at: instant(members.at, receivedAt) ?? receivedAt,
    alertKey: keyOf(name, members.key),
    activity: members.activity,
    text: members.text ?? `${members.activity.replaceAll('_', ' ')}${by}`,
    ...present({ by: members.by }),
  }
}

/** States that senders use for a resolved alert. */
const over = new Set(['resolved', 'ok', 'closed', 'recovered', 'up', 'normal', 'cleared', 'inactive', 'success'])

const toAlertSignal = (members: Yielded, name: string, { body, receivedAt }: Delivery): Signal => {
  const state = over.has(members.state?.toLowerCase() ?? '') ? 'resolved' : 'firing'
  const ended = instant(members.endsAt, receivedAt)
  const endsAt = state === 'resolved' ? ended : undefined
  const startsAt = instant(members.startsAt, receivedAt) ?? ended ?? receivedAt
  const identity = keyOf(
    name,
    members.fingerprint ?? nameOfContent(JSON.stringify([members.title, members.service, members.labels])),
  )
  const alert: Alert = {
    // Without a key an occurrence is identified by its start; without that, by this delivery.
    key: members.key ? keyOf(name, members.key) : keyOf(identity, occurrenceOf(members.startsAt, body)),
    source: name,
    state,
    title:
      alarmSentence({ ...members, threshold: state === 'firing' ? members.threshold : undefined }) ??
      members.title ??
      `An alert from ${name}`,
    labels: members.labels,
    startsAt,
    ...present({
      // The sender's own key identifies the occurrence; a second guess would only mislead.
      fingerprint: members.fingerprint || !members.key ? identity : undefined,
      group: members.group && keyOf(name, members.group),
      description: members.description,
      rule: members.rule,
      service: members.service ?? members.labels.service,
      severity: severityOf(members.severity ?? members.priority),
      urgency: members.urgency,
      priority: members.priority,
      endsAt,
      query: members.query,
      url: members.url,
      runbookUrl: members.runbookUrl,
      dashboardUrl: members.dashboardUrl,
      panelUrl: members.panelUrl,
      imageUrl: members.imageUrl,
      silenceUrl: members.silenceUrl,
      value: members.value,
      threshold: members.threshold,
      notes: members.notes.length > 0 ? members.notes : undefined,
    }),
  }
  return {
    kind: 'alert',
    once: keyOf(alert.key, state),
    at: state === 'resolved' ? (endsAt ?? receivedAt) : startsAt,
    alert,
  }
}
