import type { StepAction, StoryAlert } from '../story.ts'
import { common, fingerprint } from './fingerprint.ts'

/** Go's zero time: the alert has not ended. */
export const notEnded = '0001-01-01T00:00:00Z'

export const labelsOf = ({ name, service, severity, labels }: StoryAlert): Record<string, string> => ({
  alertname: name,
  service,
  severity,
  ...labels,
})

/** Where the shop's Grafana is; a delivery names the one that is really there. */
export const SHOP_GRAFANA = 'https://grafana.shop.example'

export const annotationsOf = ({
  summary,
  description,
  runbookUrl,
  service,
  panel,
}: StoryAlert): Record<string, string> => ({
  summary,
  ...(description && { description }),
  ...(runbookUrl && { runbook_url: runbookUrl }),
  ...(panel && { panel_url: `${SHOP_GRAFANA}/d/${service}/${service}?orgId=1&viewPanel=${panel}` }),
})

/** An Alertmanager webhook, version 4. `at` converts story time to epoch ms. */
export const alertmanagerBody = (
  { group, added = false, alerts }: Extract<StepAction, { kind: 'alertmanager' }>,
  at: (storyMs: number) => number,
) => {
  const ended = alerts.filter(({ endsAtMs }) => endsAtMs !== undefined).length
  return {
    receiver: 'muster',
    status: ended === alerts.length ? 'resolved' : 'firing',
    alerts: alerts.map((alert) => ({
      status: alert.endsAtMs === undefined ? 'firing' : 'resolved',
      labels: labelsOf(alert),
      annotations: annotationsOf(alert),
      startsAt: new Date(at(alert.startsAtMs)).toISOString(),
      endsAt: alert.endsAtMs === undefined ? notEnded : new Date(at(alert.endsAtMs)).toISOString(),
      generatorURL: `http://prometheus.monitoring:9090/graph?g0.expr=${encodeURIComponent(alert.query ?? '')}&g0.tab=1`,
      fingerprint: fingerprint(labelsOf(alert)),
    })),
    groupLabels: group,
    commonLabels: common(alerts.map(labelsOf)),
    commonAnnotations: common(alerts.map(annotationsOf)),
    externalURL: 'http://alertmanager.monitoring:9093',
    version: '4',
    groupKey: `{}:{${labelText(group)}}`,
    truncatedAlerts: 0,
    notification_reason: reason(alerts.length, ended, added),
    routeLabels: {},
  }
}

const labelText = (labels: Record<string, string>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')

const reason = (all: number, ended: number, added: boolean) => {
  if (ended === 0) return added ? 'new alerts added' : 'first notification'
  return ended === all ? 'all alerts resolved' : 'some alerts resolved'
}
