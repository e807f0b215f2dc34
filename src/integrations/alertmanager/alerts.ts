import type { AlertSource } from '../../incident/alert.ts'
import { readAlertGroup, truncationNotes } from '../../incident/alertmanager-payload.ts'
import { keyOf, promqlIn } from '../../incident/outside.ts'
import { bearsOneOf } from '../../incident/proof.ts'

/**
 * Prometheus Alertmanager's webhook receiver (payload version 4) at `POST /webhooks/alertmanager`. Alertmanager signs
 * nothing: deliveries are authenticated by a token, as a bearer token or as the password of basic authentication.
 */
export const alertmanagerAlerts = ({ tokens }: { tokens: readonly string[] }): AlertSource => ({
  name: 'alertmanager',
  entries: 'alerts',
  verify: (delivery) => bearsOneOf(delivery, tokens),
  read(body, delivery) {
    const { group, ...reading } = readAlertGroup(body, delivery, {
      source: 'alertmanager',
      members({ generatorURL, fingerprint }, group) {
        const { groupKey, receiver } = group
        const notes = truncationNotes(group, 'Alertmanager (max_alerts)')
        const query = promqlIn(generatorURL)
        return {
          identity: keyOf('alertmanager', fingerprint),
          // A route without `group_by` puts all its alerts into one group, which is meaningless.
          group: groupKey?.endsWith(GROUPED_BY_NOTHING) ? undefined : groupKey,
          receiver: receiver && unquoted(receiver),
          ...(query ? { query } : {}),
          ...(notes.length > 0 ? { notes } : {}),
        }
      },
    })
    if (group?.orgId === undefined) return reading
    return {
      ...reading,
      notes: [...(reading.notes ?? []), 'this looks like Grafana, whose endpoint is /webhooks/grafana'],
    }
  },
})

/** How the key of a route without `group_by` ends. */
const GROUPED_BY_NOTHING = ':{}'

/** Alertmanager quotes the receiver's name like a regular expression: `team\.bot`. */
const unquoted = (receiver: string) => receiver.replace(/\\([^\w\s])/g, '$1')
