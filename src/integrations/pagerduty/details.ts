import { z } from 'zod'
import { clean, Link, List, Part, promqlIn, Text } from '../../incident/outside.ts'
import { type Call, readAnswer } from './call.ts'

/** One alert of a PagerDuty incident, with what its sender put into it: the webhook tells none of this. */
export type AlertDetails = {
  id: string
  /** The sender's deduplication key. */
  key?: string | undefined
  status?: string | undefined
  severity?: string | undefined
  title?: string | undefined
  labels: Record<string, string>
  /** The PromQL expression that fired, where the sender told it or linked to it. */
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
export const alertDetails = (call: Call) => ({
  async alerts(id: string, signal?: AbortSignal): Promise<AlertDetails[]> {
    const list = await call.pages(`/incidents/${encodeURIComponent(id)}/alerts`, 'alerts', {}, signal)
    return readAnswer(List(PagerDutyAlert), list, `the alerts of incident ${id}`).map(toDetails)
  },
})

const toDetails = (told: z.infer<typeof PagerDutyAlert>): AlertDetails => {
  const links = (told.body?.contexts ?? []).flatMap(({ href, text }) => (href ? [{ href, text }] : []))
  const read = readDetails(told.body?.details)
  const fromLink = [read.source, ...links.map(({ href }) => href)].map(promqlIn).find(Boolean)
  return {
    id: told.id,
    key: told.alert_key,
    status: told.status,
    severity: told.severity,
    title: told.summary,
    labels: read.labels,
    query: queryMembers.map((member) => read.labels[member]).find(Boolean) ?? fromLink,
    runbookUrl: Link.parse(read.annotations.runbook_url ?? read.labels.runbook_url),
    dashboardUrl: Link.parse(read.annotations.dashboard_url ?? read.labels.dashboard_url),
    links,
  }
}

/** Where senders of their own put the expression. */
const queryMembers = ['query', 'promql', 'expr', 'expression']

type Read = { labels: Record<string, string>; annotations: Record<string, string>; source?: string | undefined }

/**
 * `details` is whatever the sender made it. Alertmanager's default puts a text into `firing` that lists labels,
 * annotations and the link to Prometheus of each alert; plain members of other senders are taken as labels.
 */
const readDetails = (details: unknown): Read => {
  const members = typeof details === 'object' && details !== null ? Object.entries(details) : []
  const plain = members.flatMap(([name, value]) => {
    const text = Text.parse(value)
    return text === undefined || alertmanagerTexts.has(name) || name === '__proto__'
      ? []
      : [[clean(name), text] as const]
  })
  const texts = members.filter(([name]) => name === 'firing' || name === 'resolved').map(([, text]) => Text.parse(text))
  const listed = readListing(texts.find((text) => text !== undefined) ?? '')
  return { ...listed, labels: { ...Object.fromEntries(plain), ...listed.labels } }
}

const alertmanagerTexts = new Set(['firing', 'resolved', 'num_firing', 'num_resolved'])

/** `Labels:\n - alertname = HighErrorRate\nAnnotations:\n - summary = ...\nSource: http://...`: of the first alert listed. */
const readListing = (text: string): Read => {
  const read = { labels: {} as Record<string, string>, annotations: {} as Record<string, string> }
  let into: Record<string, string> = read.labels
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*- ([^=]+?) = (.*)$/.exec(line) ?? []
    if (line.startsWith('Annotations:')) into = read.annotations
    else if (line.startsWith('Source:')) return { ...read, source: line.slice('Source:'.length).trim() }
    else if (name && name !== '__proto__') into[name] = value ?? ''
  }
  return read
}
