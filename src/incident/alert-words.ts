import type { Alert } from './alert.ts'
import { link, type Phrase, say } from './phrase.ts'

/** What an alert means, for somebody who has never seen its rule. */
export type AlertWords = {
  /** The description's first paragraph, without what the title already says. */
  description: string | undefined
  /** `value 9.28 s, threshold 2`; empty when nothing was measured. */
  values: string
  /** Informative labels, `namespace robot-shop`. */
  labels: string[]
  /** Runbook, dashboard, panel, silence. */
  links: Phrase[][]
  /** Everything else, for the full view: name and text. */
  details: [name: string, text: string][]
}

/** Labels that identify the rule, its routing or its scrape, or that are the same on all of a team's alerts. */
const ROUTINE =
  /^(alertname|rulename|severity|priority|service|receiver|prometheus|prometheus_replica|replica|monitor|job|grafana_folder|alert_rule_uid|datasource_uid|ref_id|aws_account|metric|query|value|cluster_id|endpoint|uid|incident_key|incident_type|escalation_policy)$|^__|^pagerduty_/
/** Labels whose values every summary shows elsewhere. */
const REPEATED = /^(alertname|rulename|severity|priority|service|value|query|incident_key|incident_type)$|^pagerduty_/
const MOST_LABELS = 4
const LONGEST_LABEL = 60

export const alertWords = (alert: Alert): AlertWords => {
  const { title, description, runbookUrl, dashboardUrl, panelUrl, silenceUrl, notes = [], labels, query, rule } = alert
  const [first = '', ...rest] = (description ?? '').split(/\n\s*\n/).map((part) => part.trim())
  const isNew = first !== '' && !contains(title, first)
  const value = alert.value ?? labels.value
  const threshold = alert.threshold ?? thresholdIn(query)
  const informative = Object.entries(labels)
    .filter(([name, text]) => !ROUTINE.test(name) && text.length <= LONGEST_LABEL && !contains(title, text))
    .slice(0, MOST_LABELS)
  // The title, severity and service are shown elsewhere in the summary.
  const others = Object.entries(labels).filter(
    ([name, text]) => !REPEATED.test(name) && !informative.some(([known]) => known === name) && !contains(title, text),
  )
  return {
    description: isNew ? first.replace(/\s+/g, ' ') : undefined,
    values: [
      ...(value === undefined || contains(title, value) ? [] : [`value ${value}`]),
      ...(threshold === undefined ? [] : [`threshold ${threshold}`]),
    ].join(', '),
    labels: informative.map(([name, text]) => `${name} ${text}`),
    links: [
      ...(runbookUrl ? [[link(runbookUrl, 'runbook')]] : []),
      ...(dashboardUrl ? [[link(dashboardUrl, 'dashboard')]] : []),
      ...(panelUrl ? [[link(panelUrl, 'panel')]] : []),
      ...(silenceUrl ? [[link(silenceUrl, 'silence')]] : []),
    ],
    details: [
      ...(rest.length > 0 ? ([['Description', rest.join('\n\n')]] as [string, string][]) : []),
      ...notes.map((note): [string, string] => ['Note', note]),
      ...(rule && rule !== title ? ([['Rule', rule]] as [string, string][]) : []),
      ...(query ? ([['Query', query]] as [string, string][]) : []),
      ...(others.length > 0
        ? ([['Labels', others.map(([name, text]) => `${name}=${text}`).join(', ')]] as [string, string][])
        : []),
    ],
  }
}

/** The lines of a summary: what is wrong, what was measured, links. */
export const alertLines = (words: AlertWords): Phrase[][] => {
  const { description, values, labels, links } = words
  const facts = [values, ...labels].filter(Boolean).join(' \u00b7 ')
  return [
    ...(description ? [say`${description}`] : []),
    ...(facts ? [say`${facts}`] : []),
    ...(links.length > 0 ? [links.flatMap((one, i) => (i === 0 ? one : [{ text: ' \u00b7 ' }, ...one]))] : []),
  ]
}

const contains = (whole: string, part: string): boolean => whole.toLowerCase().includes(part.toLowerCase())

/** The number at the end of an expression that it is compared with. */
const thresholdIn = (query: string | undefined): string | undefined =>
  query === undefined ? undefined : /[<>]=?\s*(-?\d[\d.e+-]*)\s*\)?\s*$/.exec(query)?.[1]
