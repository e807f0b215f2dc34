import { formatDuration, spanMs } from '../incident/measure.ts'
import { type Phrase, say, typed } from '../incident/phrase.ts'
import { formatValue } from '../incident/unit.ts'
import { inWords, type Signal } from './evidence.ts'
import type { FailedRequests } from './failed-requests.ts'
import type { Material } from './material.ts'
import { counted, recorded, type Section } from './prose.ts'

const MOST_SIGNALS = 4
/** A graph with a value a minute cannot show less. */
const SHORTEST_MS = 60_000

/** Who was harmed, for how long, how many requests failed, and how far the numbers went. */
export const impact = (material: Material): Section => {
  const { incident, facts, evidence } = material
  const described = [...(facts.impact ? [facts.impact] : []), ...facts.labelled.impact]
  const { total, firing } = incident.alerts
  const ended = firing > 0 ? `${firing} still firing` : total === 1 ? 'it has resolved' : 'all have resolved'
  const alerts = total > 0 ? [say`${counted(total, 'alert')} fired for it; ${ended}.`] : []
  const moved = evidence.filter((signal) => signal.moved)
  const noticed = moved.filter((one) => one.title === material.harm.signal || isNoticed(one))
  const signals = (noticed.length > 0 ? noticed : moved)
    .slice(0, MOST_SIGNALS)
    .map((signal) => say`${inWords(signal)}.`)
  return {
    known: [...recorded(described), ...lasted(material), ...failed(material), ...signals, ...alerts],
    unknown: described.length > 0 ? null : 'nobody described who was harmed, and how',
  }
}

/** What callers of a service notice. The other graphs are evidence: after a gap in the data traffic seems to have dropped. */
const isNoticed = ({ signal }: Signal): boolean => signal === 'errors' || signal === 'latency'

/** How long the impact lasted: by the graph, unless a person recorded its start or no graph shows it. */
const lasted = ({ milestones, harm, clock }: Material): Phrase[][] => {
  const { impact_started: start, mitigated } = milestones
  if (start?.estimate && harm.began !== null) {
    const length = harm.episodes.reduce((sum, { from, to }) => sum + spanMs(from, to), 0)
    if (length < SHORTEST_MS) return []
    const least = harm.older ? 'at least ' : ''
    const lastSeen = harm.episodes.at(-1)?.to
    if (harm.ended === null && lastSeen !== undefined)
      return [
        say`"${harm.signal ?? ''}" had been out of its usual range for ${least}${formatDuration(length)} when it was last seen, at ${clock.say(lastSeen)}; no later graph was kept.`,
      ]
    const ranges = harm.episodes.map(({ from, to }) => clock.range(from, to)).join(' and from ')
    return [
      say`"${harm.signal ?? ''}" was out of its usual range for ${least}${formatDuration(length)}: from ${ranges}.`,
    ]
  }
  if (!start || !mitigated || mitigated.at < start.at) return []
  const relapses = harm.relapses.map(({ from, to }) => clock.range(from, to)).join(' and from ')
  return [
    say`The harm lasted ${formatDuration(spanMs(start.at, mitigated.at))}: from ${clock.say(start.at)} (${typed(start.source)}) to ${clock.say(mitigated.at)} (${typed(mitigated.source)}).`,
    ...(relapses ? [say`"${harm.signal ?? ''}" was out of its usual range again from ${relapses}.`] : []),
  ]
}

/** A count derived from two graphs is accurate to three digits at best. */
const about = (count: number): string =>
  Number(count.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 0 })

/** Share of the harm that the graphs may lack before the count is only a lower bound. */
const MOST_LACKING = 0.05

/** Whether the graphs have data for too little of the harm to count everything. */
export const isLowerBound = ({ covered, span }: FailedRequests): boolean => covered < (1 - MOST_LACKING) * span

const failed = ({ harm }: Material): Phrase[][] => {
  if (!harm.failed) return []
  const { requests, of, covered, span } = harm.failed
  const share = of > 0 ? ` (${formatValue((100 * requests) / of, '%')})` : ''
  const counts = `${about(requests)} of ${about(of)} requests failed`
  if (isLowerBound(harm.failed))
    return [
      say`At least ${counts}${share}: the frozen graphs have data for ${formatDuration(covered)} of the ${formatDuration(span)}.`,
    ]
  const until = harm.ended === null ? ' until the last graph' : ''
  return [say`About ${counts}${until}${share}, counted from the frozen graphs.`]
}
