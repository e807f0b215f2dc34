import type { RecordedEvent, SnapshotRef } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { formatDuration, shorten } from '../incident/measure.ts'
import { isPerson, plain } from '../incident/phrase.ts'
import type { Playbook } from '../incident/playbook.ts'
import { callersThatBegan, leadOf } from '../incident/ranking.ts'
import { snapshotPhrases } from '../incident/sentence.ts'
import type { Service } from '../incident/service.ts'
import { isReview } from './words.ts'

const MOST_LINES = 8
const LONGEST_LINE = 320
/** Slack: a text input holds 3,000 characters. */
const LONGEST_PART = 2_900

/** A playbook from one incident's log: only what was recorded, nothing guessed. */
export const draftPlaybook = (
  incident: Incident,
  events: readonly RecordedEvent[],
  { service, features }: { service: Service | undefined; features: string[] },
): Playbook => ({
  title: shorten(incident.title, 120),
  ...(incident.service ? { service: incident.service } : {}),
  symptoms: lines(symptomsOf(incident, events)),
  looks: lines(looksOf(incident, events, service)),
  mitigations: lines(mitigationsOf(incident, events)),
  people: lines(peopleOf(incident, events)),
  from: incident.id,
  features,
})

/** A truncated link is useless, so a line that would end in one is omitted; and everything must fit a form. */
const lines = (all: string[]): string => {
  let text = ''
  for (const line of [...new Set(all)].slice(0, MOST_LINES)) {
    const whole = line.replace(/\s+/g, ' ').trim()
    const next = /https?:\S+$/.test(whole) ? whole : shorten(whole, LONGEST_LINE)
    if (text.length + next.length < LONGEST_PART) text += `${text ? '\n' : ''}${next}`
  }
  return text
}

/** Every signal that left its usual range, over all collections, at its first appearance. */
const unusual = (events: readonly RecordedEvent[]): SnapshotRef[] => {
  const seen = new Map<string, SnapshotRef>()
  for (const event of events)
    if (event.type === 'evidence_collected')
      for (const one of event.snapshots)
        if (one.kind !== 'missing' && one.standing === undefined && !seen.has(one.title)) seen.set(one.title, one)
  return [...seen.values()]
}

const symptomsOf = (incident: Incident, events: readonly RecordedEvent[]): string[] => {
  const lead = incident.ranking && leadOf(incident.ranking)
  return [
    ...incident.alerts.rules.map((rule) => `Alert ${rule.replace(/ @ $/, '')}`),
    ...(incident.alert && !incident.alert.rule ? [`Alert "${incident.alert.title}"`] : []),
    ...(lead ? [`Suspect ${lead.service}: ${lead.signals.map(({ text }) => text).join('; ')}`] : []),
    ...callersThatBegan(incident.ranking).map(({ client, server }) => `New caller: ${client} began to call ${server}`),
    ...unusual(events)
      .filter(({ kind }) => kind === 'chart')
      .map((one) => `${plain(snapshotPhrases(one))}${one.query ? `, query: ${one.query}` : ''}`),
    ...(incident.impact ? [`Impact: ${incident.impact}`] : []),
  ]
}

const looksOf = (incident: Incident, events: readonly RecordedEvent[], service: Service | undefined): string[] => [
  ...(service?.runbook ? [`Runbook of ${service.name}: ${service.runbook}`] : []),
  ...[
    ['Runbook of the alert', incident.alert?.runbookUrl],
    ['Dashboard', incident.alert?.dashboardUrl],
  ].flatMap(([name, url]) => (url ? [`${name}: ${url}`] : [])),
  ...unusual(events).flatMap(({ title, url, query, kind }) =>
    url ? [`${title}: ${withoutTime(url)}`] : kind === 'logs' && query ? [`${title}: ${query}`] : [],
  ),
]

/** A link to the live graph, not to its state then. */
const withoutTime = (address: string): string => {
  const url = URL.parse(address)
  if (!url) return address
  for (const name of ['g0.end_input', 'g0.moment_input', 'from', 'to']) url.searchParams.delete(name)
  return url.href
}

/** What people noted once they knew the cause, and when it took effect. */
const mitigationsOf = ({ milestones, declaredAt, outcome }: Incident, events: readonly RecordedEvent[]): string[] => {
  const began = milestones.declared?.at ?? declaredAt
  const since = milestones.identified?.at ?? began
  const until = milestones.resolved?.at ?? Number.POSITIVE_INFINITY
  const after = (at: number) => `After ${formatDuration(Math.max(0, at - began))}`
  const steps = events.flatMap((event) =>
    event.type === 'noted' && isPerson(event.by) && event.at >= since && event.at <= until && !isReview(event.text)
      ? [{ at: event.at, text: `${after(event.at)}: ${event.text}` }]
      : [],
  )
  const mitigated = milestones.mitigated
  const turns = [
    ...(mitigated ? [{ at: mitigated.at, text: `${after(mitigated.at)}: mitigated` }] : []),
    ...(milestones.resolved
      ? [
          {
            at: milestones.resolved.at,
            text: `${after(milestones.resolved.at)}: resolved${outcome ? `: ${outcome}` : ''}`,
          },
        ]
      : []),
  ]
  return [...steps, ...turns].sort((a, b) => a.at - b.at).map(({ text }) => text)
}

const peopleOf = ({ roles, found }: Incident, events: readonly RecordedEvent[]): string[] => {
  const writers = new Map<string, number>()
  for (const event of events)
    if (event.type === 'noted' && isPerson(event.by)) writers.set(event.by, (writers.get(event.by) ?? 0) + 1)
  const named = new Set<string>()
  const once = (id: string, what: string): string[] => {
    if (named.has(id)) return []
    named.add(id)
    return [`<@${id}> ${what}`]
  }
  return [
    ...Object.entries(roles).flatMap(([role, id]) => once(id, `was ${role}`)),
    ...[...writers].sort((a, b) => b[1] - a[1]).flatMap(([id]) => once(id, 'wrote what was found and done')),
    ...found.flatMap(({ responder, why }) => (responder ? once(responder, `is ${why}`) : [])),
  ]
}
