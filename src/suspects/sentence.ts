import type { Ranking, Suspect, SuspectSignal } from './result.ts'
import { developmentText, unitBeside } from './value-text.ts'

/** Formats an instant; by default as the time of day, UTC. */
export type Clock = (at: number) => string

const timeOfDay: Clock = (at) => new Date(at).toISOString().slice(11, 16)

/**
 * The result in two or three plain sentences, in Slack's and Markdown's common subset (service names in backticks):
 * who, by what evidence; who else is affected; what changed, or what could not be read.
 */
export const sentencesOf = (ranking: Ranking, clock: Clock = timeOfDay): string => {
  const [first, second] = ranking.suspects
  const unread = unreadText(ranking)
  if (!first || first.signals.length === 0) return join('No clear suspect: no signal left its usual range.', unread)
  return join(verdict(first, second, clock), victimsText(ranking, first), changeText(first, clock) ?? unread)
}

const join = (...sentences: (string | undefined)[]): string =>
  sentences.filter((sentence) => sentence !== undefined).join(' ')

const name = (service: string) => `\`${service}\``

const verdict = (first: Suspect, second: Suspect | undefined, clock: Clock): string => {
  const evidence = first.signals
    .slice(0, 2)
    .map((signal) => signalText(signal, first.service, clock))
    .join('; ')
  const seen = first.virtual ? ', as its callers see it' : ''
  if (first.label === 'likely') return `${name(first.service)} is the likely cause${seen}: ${evidence}.`
  if (first.label === 'no clear suspect')
    return `No clear suspect; ${name(first.service)} strayed furthest${seen}: ${evidence}.`
  const rival = second && second.label === 'possible' ? `; so is ${name(second.service)}` : ''
  return `${name(first.service)} is a possible cause${seen}: ${evidence}${rival}.`
}

/**
 * One signal of a service in words: `connections 41 → 100 (limit 100) since 02:57`, and of a call
 * ``requests to `mysql` 0 → 40/s``.
 */
export const signalText = (signal: SuspectSignal, service: string, clock: Clock = timeOfDay): string => {
  const { metric, baseline, now, limit, since, edge } = signal
  const unit = unitBeside(metric, signal.unit)
  const where = edge ? ` ${callText(edge, service)}` : ''
  const start = since === undefined ? '' : ` since ${clock(since)}`
  return `${metric}${where} ${developmentText(baseline, now, unit, limit)}${start}`
}

/** Whom a service calls, or by whom it is called: to `mysql`. */
export const callText = ({ client, server }: { client: string; server: string }, service: string): string => {
  if (service === client) return `to ${name(server)}`
  return service === server ? `from ${name(client)}` : `from ${name(client)} to ${name(server)}`
}

/** Services whose trouble the first suspect explains, most affected first. */
const victimsText = ({ suspects }: Ranking, first: Suspect): string | undefined => {
  const explained = suspects.filter(({ explainedBy }) => explainedBy?.service === first.service)
  const said = (of: string, one: string, many: string): string[] => {
    const names = explained.filter(({ explainedBy }) => explainedBy?.of === of).map(({ service }) => name(service))
    return names.length === 0 ? [] : [`${listed(names)} ${names.length === 1 ? one : many}`]
  }
  const clauses = [
    ...said('errors', 'fails because it calls it', 'fail because they call it'),
    ...said('latency', 'is slow because it calls it', 'are slow because they call it'),
    ...said('traffic', 'gets more requests from it', 'get more requests from it'),
  ]
  return clauses.length === 0 ? undefined : `${clauses.join('; ')}.`
}

const MOST_NAMES = 3

const listed = (names: string[]): string => {
  const shown =
    names.length > MOST_NAMES + 1 ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const changeText = ({ changes }: Suspect, clock: Clock): string | undefined => {
  const last = [...changes].sort((a, b) => b.at - a.at)[0]
  return last && `Changed shortly before: ${last.title} (${clock(last.at)}).`
}

const unreadText = ({ read }: Ranking): string | undefined =>
  read.series === read.of ? undefined : `${read.of - read.series} of ${read.of} signals could not be read.`
