import type { Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import { callersThatBegan, leadOf } from '../incident/ranking.ts'
import { patternOf, tellingWords } from './words.ts'

/** What two incidents may have in common, by kind. `alert_here` is the same rule at the same service; `caller` is a
 * service that began to call another, `client -> server`. */
export type FeatureKind = 'alert_here' | 'alert' | 'service' | 'suspect' | 'caller' | 'label' | 'log' | 'word'

/** Labels that identify a location or a kind, not an instance. */
const TELLING_LABELS = new Set([
  'namespace',
  'cluster',
  'region',
  'job',
  'team',
  'queue',
  'topic',
  'database',
  'dbclusteridentifier',
  'queuename',
  'app',
])
const MOST_WORDS = 16
const MOST_LOG_PATTERNS = 10
/** Log lines that indicate trouble; routine lines are skipped. */
const TROUBLE =
  /error|fail|exception|time[d ]?-? ?out|refused|denied|fatal|panic|oom|slow|full|limit|exhaust|dead ?lock/i

/** `kind:value`, lower case, each once. */
export const featuresOf = (
  incident: Incident,
  { cause, logs }: { cause?: string | undefined; logs: readonly Snapshot[] },
): string[] => {
  const { alerts, alert, service, ranking } = incident
  const rules = alerts.rules.map((rule) => rule.toLowerCase())
  // Where the source names no rule, the title without its measured values is used.
  const titles = alert && !alert.rule ? [patternOf(alert.title)] : []
  const suspect = cause ?? (ranking && leadOf(ranking)?.service)
  const services = [...alerts.services, ...(service ? [service] : [])]
  const ownNames = new Set(services.flatMap((name) => tellingWords(name)))
  const found: [FeatureKind, string][] = [
    ...rules.map((rule): [FeatureKind, string] => ['alert_here', rule]),
    ...rules.map((rule): [FeatureKind, string] => ['alert', rule.replace(/ @ [^@]*$/, '')]),
    ...titles.map((title): [FeatureKind, string] => ['alert', title]),
    ...titles.map((title): [FeatureKind, string] => ['alert_here', `${title} @ ${service ?? ''}`]),
    ...services.map((name): [FeatureKind, string] => ['service', name]),
    ...(suspect ? [['suspect', suspect] as [FeatureKind, string]] : []),
    ...callersThatBegan(ranking).map(({ client, server }): [FeatureKind, string] => [
      'caller',
      `${client} -> ${server}`,
    ]),
    ...Object.entries(alert?.labels ?? {})
      .filter(([name]) => TELLING_LABELS.has(name.toLowerCase()))
      .map(([name, value]): [FeatureKind, string] => ['label', `${name}=${value}`]),
    ...logPatterns(logs).map((pattern): [FeatureKind, string] => ['log', pattern]),
    // The service's own name is a feature already.
    ...tellingWords(`${incident.title} ${incident.impact ?? ''}`)
      .filter((word) => !ownNames.has(word))
      .slice(0, MOST_WORDS)
      .map((word): [FeatureKind, string] => ['word', word]),
  ]
  return [...new Set(found.map(([kind, value]) => `${kind}:${value.toLowerCase().slice(0, 200)}`))]
}

const logPatterns = (logs: readonly Snapshot[]): string[] => {
  const counts = new Map<string, number>()
  for (const log of logs)
    if (log.kind === 'logs')
      for (const { text } of log.lines.filter((line) => TROUBLE.test(line.text))) {
        const pattern = patternOf(text)
        if (pattern.length > 8) counts.set(pattern, (counts.get(pattern) ?? 0) + 1)
      }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_LOG_PATTERNS)
    .map(([pattern]) => pattern)
}

/** A feature's two parts. */
export const partsOf = (feature: string): [FeatureKind, string] => {
  const at = feature.indexOf(':')
  return [feature.slice(0, at) as FeatureKind, feature.slice(at + 1)]
}
