import { z } from 'zod'
import { clean, Link, List, Part, promqlIn, Text } from '../../incident/outside.ts'
import { parseResponse, type Rest } from './rest.ts'

/** One alert of a PagerDuty incident, with the details its sender put in. Webhooks carry none of this. */
export type AlertDetails = {
  id: string
  /** The sender's deduplication key. */
  key?: string | undefined
  status?: string | undefined
  severity?: string | undefined
  title?: string | undefined
  labels: Record<string, string>
  /** The PromQL expression that fired, where the sender included it or linked to it. */
  query?: string | undefined
  runbookUrl?: string | undefined
  dashboardUrl?: string | undefined
  links: { href: string; text?: string | undefined }[]
}

const PagerDutyAlert = z.object({
  id: z.string(),
  alert_key: Text,
  status: Text,
  severity: Text,
  summary: Text,
  body: Part({
    details: z.unknown().optional(),
    contexts: List(z.object({ href: Link, text: Text })),
  }),
})

/** The alerts behind an incident. */
export const alertDetails = (rest: Rest) => ({
  async alerts(id: string, signal?: AbortSignal): Promise<AlertDetails[]> {
    const list = await rest.pages(`/incidents/${encodeURIComponent(id)}/alerts`, 'alerts', {}, signal)
    return parseResponse(List(PagerDutyAlert), list, `the alerts of incident ${id}`).map(toDetails)
  },
})

const toDetails = (alert: z.infer<typeof PagerDutyAlert>): AlertDetails => {
  const links = (alert.body?.contexts ?? []).flatMap(({ href, text }) => (href ? [{ href, text }] : []))
  const parsed = parseDetails(alert.body?.details)
  const fromLink = [parsed.source, ...links.map(({ href }) => href)].map(promqlIn).find(Boolean)
  return {
    id: alert.id,
    key: alert.alert_key,
    status: alert.status,
    severity: alert.severity,
    title: alert.summary,
    labels: parsed.labels,
    query: queryMembers.map((member) => parsed.labels[member]).find(Boolean) ?? fromLink,
    runbookUrl: Link.parse(parsed.annotations.runbook_url ?? parsed.labels.runbook_url),
    dashboardUrl: Link.parse(parsed.annotations.dashboard_url ?? parsed.labels.dashboard_url),
    links,
  }
}

/** Members in which senders put the expression. */
const queryMembers = ['query', 'promql', 'expr', 'expression']

type Parsed = { labels: Record<string, string>; annotations: Record<string, string>; source?: string | undefined }

/**
 * `details` has whatever shape the sender chose. Alertmanager's default puts a text into `firing` that lists labels,
 * annotations and the link to Prometheus of each alert; plain members of other senders are taken as labels.
 */
const parseDetails = (details: unknown): Parsed => {
  const members = typeof details === 'object' && details !== null ? Object.entries(details) : []
  const plain = members.flatMap(([name, value]) => {
    const text = Text.parse(value)
    return text === undefined || alertmanagerTexts.has(name) || name === '__proto__'
      ? []
      : [[clean(name), text] as const]
  })
  const texts = members.filter(([name]) => name === 'firing' || name === 'resolved').map(([, text]) => Text.parse(text))
  const listed = parseListing(texts.find((text) => text !== undefined) ?? '')
  return { ...listed, labels: { ...Object.fromEntries(plain), ...listed.labels } }
}

const alertmanagerTexts = new Set(['firing', 'resolved', 'num_firing', 'num_resolved'])

/** `Labels:\n - alertname = HighErrorRate\nAnnotations:\n - summary = ...\nSource: http://...`: of the first alert listed. */
const parseListing = (text: string): Parsed => {
  const parsed = { labels: {} as Record<string, string>, annotations: {} as Record<string, string> }
  let into: Record<string, string> = parsed.labels
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*- ([^=]+?) = (.*)$/.exec(line) ?? []
    if (line.startsWith('Annotations:')) into = parsed.annotations
    else if (line.startsWith('Source:')) return { ...parsed, source: line.slice('Source:'.length).trim() }
    else if (name && name !== '__proto__') into[name] = value ?? ''
  }
  return parsed
}
