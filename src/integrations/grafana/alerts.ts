import type { AlertSource, Delivery, Picture } from '../../incident/alert.ts'
import {
  type AlertGroup,
  type ResolvedAlert,
  readAlertGroup,
  truncationNotes,
  type VendorMembers,
} from '../../incident/alertmanager-payload.ts'
import { keyOf, present } from '../../incident/outside.ts'
import { bearsOneOf, isSignedBy } from '../../incident/proof.ts'
import { mediaTypeOf } from './picture.ts'

type Options = {
  /** Each is accepted as the HMAC key, as a bearer token and as the password of basic authentication. */
  secrets: readonly string[]
  /** Header names as set in the contact point's HMAC options, in any case. */
  signatureHeader?: string
  timestampHeader?: string
}

/** Grafana alerting's webhook contact point at `POST /webhooks/grafana`. */
export const grafanaAlerts = (options: Options): AlertSource => {
  const signatureHeader = (options.signatureHeader ?? 'X-Grafana-Alerting-Signature').toLowerCase()
  const timestampHeader = (options.timestampHeader ?? 'X-Grafana-Alerting-Timestamp').toLowerCase()

  return {
    name: 'grafana',
    entries: 'alerts',
    verify(delivery) {
      const signature = delivery.headers[signatureHeader]
      if (signature === undefined) return bearsOneOf(delivery, options.secrets)
      return isSignedBy([signature.trim().toLowerCase()], signedContent(delivery, timestampHeader), options.secrets)
    },
    read(body, delivery) {
      const { group: _group, ...reading } = readAlertGroup(body, delivery, { source: 'grafana', members: membersOf })
      return reading
    },
  }
}

/**
 * With a timestamp header the signature covers `<unix seconds>:<body>`. An old timestamp is not refused: a wrong clock
 * must not cost an alert, and a replayed delivery has the same `once` and changes nothing.
 */
const signedContent = ({ headers, body }: Delivery, timestampHeader: string): Buffer => {
  const timestamp = headers[timestampHeader]
  return timestamp === undefined ? body : Buffer.concat([Buffer.from(`${timestamp}:`), body])
}

const membersOf = ({ labels, annotations, ...alert }: ResolvedAlert, group: AlertGroup): VendorMembers => {
  const failure = RULE_FAILURES.get(labels.alertname ?? '')
  const rule = failure ? (labels.rulename ?? labels.alertname) : labels.alertname
  const description = annotations.description ?? annotations.message ?? (failure ? annotations.summary : undefined)
  const picture = embeddedPicture(alert.embeddedImage)
  const notes = [...(failure ? [failure.note] : []), ...valueNotes(alert.values), ...truncationNotes(group, 'Grafana')]
  return {
    // Label hashes are equal in every organisation of a Grafana.
    identity: keyOf('grafana', group.orgId ?? '1', alert.fingerprint),
    // The rule's own summary describes a breach that nobody has measured.
    ...(failure ? { title: `${failure.title}: ${rule}` } : {}),
    ...present({
      rule,
      description,
      dashboardUrl: alert.dashboardURL,
      panelUrl: alert.panelURL,
      imageUrl: alert.imageURL,
      picture,
      silenceUrl: alert.silenceURL,
      value: measuredValue(alert.values),
      notes: notes.length > 0 ? notes : undefined,
    }),
  }
}

/**
 * The screenshot inside an alert: base64, with or without the prefix of a `data:` URL. Undefined for anything that is
 * not an image, whatever type it declares.
 */
const embeddedPicture = (text: string | undefined): Picture | undefined => {
  if (!text) return undefined
  const base64 = text.replace(/^data:[\w/+.-]*;base64,/, '')
  const bytes = Buffer.from(base64, 'base64')
  const mediaType = mediaTypeOf(bytes)
  return mediaType ? { mediaType, base64: bytes.toString('base64') } : undefined
}

/** Grafana: the alert's name when a rule cannot be evaluated; the rule's name is then in the label `rulename`. */
const RULE_FAILURES = new Map([
  ['DatasourceNoData', { title: 'No data', note: 'The rule found no data: nothing was measured, good or bad.' }],
  ['DatasourceError', { title: 'Query failed', note: 'The rule could not be evaluated: its data source failed.' }],
])

/**
 * Grafana: a rule is a query, an expression that reduces it, and a condition that is 0 or 1, by letters in that order.
 * The last that is no condition is what was measured.
 */
const measuredValue = (values: Record<string, string>): string | undefined =>
  Object.entries(values)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .filter(([, value]) => value !== '0' && value !== '1')
    .at(-1)?.[1]

const valueNotes = (values: Record<string, string>): string[] => {
  const pairs = Object.entries(values).map(([letter, value]) => `${letter} = ${value}`)
  return pairs.length > 0 ? [`Values: ${pairs.join(', ')}`] : []
}
