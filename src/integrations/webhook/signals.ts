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

/** What a mapping may yield: an alert, or (with `activity`) something that happened to one. */
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

/** Makes a signal of one object a mapping yielded; undefined when it is no object. `name` is the webhook's. */
export const toSignal = (yielded: unknown, name: string, delivery: Delivery): Signal | undefined => {
  const read = Yielded.safeParse(yielded)
  if (!read.success) return undefined
  return read.data.activity ? toActivity(read.data, name, delivery) : toAlertSignal(read.data, name, delivery)
}

const toActivity = (told: Yielded, name: string, { body, receivedAt }: Delivery): Signal | undefined => {
  if (!told.key || !told.activity) return undefined
  const by = told.by ? ` by ${told.by}` : ''
  return {
    kind: 'activity',
    once: keyOf(name, told.key, told.activity, nameOfContent(body)),
    at: instant(told.at, receivedAt) ?? receivedAt,
    alertKey: keyOf(name, told.key),
    activity: told.activity,
    text: told.text ?? `${told.activity.replaceAll('_', ' ')}${by}`,
    ...present({ by: told.by }),
  }
}

/** Words that senders use for an alert that is over. */
const over = new Set(['resolved', 'ok', 'closed', 'recovered', 'up', 'normal', 'cleared', 'inactive', 'success'])

const toAlertSignal = (told: Yielded, name: string, { body, receivedAt }: Delivery): Signal => {
  const state = over.has(told.state?.toLowerCase() ?? '') ? 'resolved' : 'firing'
  const ended = instant(told.endsAt, receivedAt)
  const endsAt = state === 'resolved' ? ended : undefined
  const startsAt = instant(told.startsAt, receivedAt) ?? ended ?? receivedAt
  const identity = keyOf(
    name,
    told.fingerprint ?? nameOfContent(JSON.stringify([told.title, told.service, told.labels])),
  )
  const alert: Alert = {
    // Without a key an occurrence is known by its beginning; without that, by this very delivery.
    key: told.key ? keyOf(name, told.key) : keyOf(identity, occurrenceOf(told.startsAt, body)),
    source: name,
    state,
    title:
      alarmSentence({ ...told, threshold: state === 'firing' ? told.threshold : undefined }) ??
      told.title ??
      `An alert from ${name}`,
    labels: told.labels,
    startsAt,
    ...present({
      // A key of the sender's own names the occurrence; another guess at it would only mislead.
      fingerprint: told.fingerprint || !told.key ? identity : undefined,
      group: told.group && keyOf(name, told.group),
      description: told.description,
      rule: told.rule,
      service: told.service ?? told.labels.service,
      severity: severityOf(told.severity ?? told.priority),
      urgency: told.urgency,
      priority: told.priority,
      endsAt,
      query: told.query,
      url: told.url,
      runbookUrl: told.runbookUrl,
      dashboardUrl: told.dashboardUrl,
      panelUrl: told.panelUrl,
      imageUrl: told.imageUrl,
      silenceUrl: told.silenceUrl,
      value: told.value,
      threshold: told.threshold,
      notes: told.notes.length > 0 ? told.notes : undefined,
    }),
  }
  return {
    kind: 'alert',
    once: keyOf(alert.key, state),
    at: state === 'resolved' ? (endsAt ?? receivedAt) : startsAt,
    alert,
  }
}
