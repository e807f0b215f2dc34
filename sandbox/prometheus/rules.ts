import { bind } from '../promql/evaluate.ts'
import { keyOf, type Labels, withoutName } from '../promql/labels.ts'
import { valueText } from '../promql/literals.ts'
import { parse } from '../promql/syntax.ts'
import type { Element, Storage } from '../promql/values.ts'
import type { AlertRule } from '../stories/world.ts'

/** Evaluation interval of rules, and the maximum look-back for an alert's start. */
const intervalMs = 30_000
const longestMs = 2 * 3_600_000

type Active = { labels: Labels; annotations: Labels; state: 'pending' | 'firing'; activeAt: string; value: string }

/** A rule's active alerts; pending until active for the rule's `for`. */
const activeAlerts = (rule: AlertRule, storage: Storage, now: number): Active[] => {
  const valueAt = bind(parse(rule.query), storage)
  const elementsAt = (at: number): Element[] => {
    const value = valueAt(at)
    return value.type === 'vector' ? value.elements : []
  }
  const tick = Math.floor(now / intervalMs) * intervalMs
  return elementsAt(tick).map(({ labels, value }) => {
    const key = keyOf(labels)
    let since = tick
    const activeBefore = (at: number) => elementsAt(at).some((each) => keyOf(each.labels) === key)
    while (tick - since < longestMs && activeBefore(since - intervalMs)) since -= intervalMs
    return {
      labels: { ...withoutName(labels), ...rule.labels, alertname: rule.alert },
      annotations: rule.annotations,
      state: tick - since >= rule.forMs ? 'firing' : 'pending',
      activeAt: new Date(since).toISOString(),
      value: valueText(value),
    }
  })
}

/** `GET /api/v1/alerts`. */
export const alertsAnswer = (rules: readonly AlertRule[], storage: Storage, now: number) => ({
  alerts: rules.flatMap((rule) => activeAlerts(rule, storage, now)),
})

/** `GET /api/v1/rules`. */
export const rulesAnswer = (rules: readonly AlertRule[], storage: Storage, now: number) => ({
  groups: [...Map.groupBy(rules, ({ group }) => group)].map(([name, members]) => ({
    name,
    file: `/etc/prometheus/rules/${name}.yaml`,
    interval: intervalMs / 1000,
    limit: 0,
    rules: members.map((rule) => ruleAnswer(rule, storage, now)),
    evaluationTime: 0.001,
    lastEvaluation: new Date(now).toISOString(),
  })),
})

const ruleAnswer = (rule: AlertRule, storage: Storage, now: number) => {
  const alerts = activeAlerts(rule, storage, now)
  const firing = alerts.some(({ state }) => state === 'firing')
  return {
    type: 'alerting',
    name: rule.alert,
    query: rule.query,
    duration: rule.forMs / 1000,
    keepFiringFor: 0,
    labels: rule.labels,
    annotations: rule.annotations,
    alerts,
    state: firing ? 'firing' : alerts.length ? 'pending' : 'inactive',
    health: 'ok',
    evaluationTime: 0.0004,
    lastEvaluation: new Date(now).toISOString(),
  }
}
