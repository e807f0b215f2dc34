import { z } from 'zod'
import type { Alert } from './alert.ts'
import type { Service } from './service.ts'
import { SeverityId } from './status.ts'

/** What to do with an alert that belongs to no open incident. */
export const Verdict = z.enum(['open', 'hold', 'note'])
export type Verdict = z.infer<typeof Verdict>

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)])

/** One rule of the operator's policy; the first whose conditions all hold applies. */
export const OpeningRule = z.strictObject({
  /** `pagerduty`, `alertmanager`, ... */
  source: oneOrMore.optional(),
  /** Our service ids. */
  service: oneOrMore.optional(),
  /** The service's tier, 1 (most important) to 5. */
  tier: z.union([z.number(), z.array(z.number()).min(1)]).optional(),
  urgency: z.enum(['high', 'low']).optional(),
  /** The source's priority, `P1`. */
  priority: oneOrMore.optional(),
  /** The source's severity: critical, error, warning, info. */
  severity: oneOrMore.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** `open` an incident, `hold` it for triage, or only `note` it. */
  do: Verdict,
  /** The severity of the incident that is opened. */
  as: SeverityId.optional(),
})
export type OpeningRule = z.infer<typeof OpeningRule>

/** The default policy: what pages people opens an incident, the rest is held for a person or only noted. */
const DEFAULT_RULES: OpeningRule[] = [
  { urgency: 'high', do: 'open' },
  { urgency: 'low', do: 'note' },
  { severity: ['critical', 'error'], do: 'open' },
  { severity: 'info', do: 'note' },
  { do: 'hold' },
]

/** The policy's decision for an alert, and the severity its incident would have. */
export const openingOf = (
  alert: Alert,
  service: Service | undefined,
  { rules, severities }: { rules: readonly OpeningRule[]; severities: readonly string[] },
): { verdict: Verdict; severity: string } => {
  const rule = [...rules, ...DEFAULT_RULES].find((one) => holds(one, alert, service)) as OpeningRule
  return { verdict: rule.do, severity: rule.as ?? severityFromAlert(alert, severities) }
}

const holds = (rule: OpeningRule, alert: Alert, service: Service | undefined): boolean =>
  among(rule.source, alert.source) &&
  among(rule.service, service?.id ?? alert.service) &&
  among(rule.tier, service?.tier) &&
  among(rule.urgency, alert.urgency) &&
  among(rule.priority, alert.priority) &&
  among(rule.severity, alert.severity) &&
  Object.entries(rule.labels ?? {}).every(([name, value]) => alert.labels[name] === value)

const among = <Value>(wanted: Value | Value[] | undefined, found: Value | undefined): boolean =>
  wanted === undefined || (found !== undefined && (Array.isArray(wanted) ? wanted.includes(found) : wanted === found))

/**
 * Priority P1 maps to the worst severity and so on; without a priority, the alert's own severity is used, by default
 * the second worst.
 */
const severityFromAlert = (alert: Alert, severities: readonly string[]): string => {
  const rank = /^P([1-5])$/i.exec(alert.priority ?? '')?.[1]
  const index =
    rank !== undefined
      ? Number(rank) - 1
      : alert.urgency === 'low' || alert.severity === 'warning' || alert.severity === 'info'
        ? 2
        : 1
  return severities[Math.min(index, severities.length - 1)] ?? 'sev2'
}
