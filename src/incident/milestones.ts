import { z } from 'zod'
import { formatDuration, spanMs } from './measure.ts'
import { type Phrase, say } from './phrase.ts'

/** The milestones that all durations are computed from, in the order an incident usually reaches them. */
export const Milestone = z.enum([
  'impact_started',
  'detected',
  'declared',
  'acknowledged',
  'commander',
  'identified',
  'mitigated',
  'resolved',
])
export type Milestone = z.infer<typeof Milestone>

/** When a milestone was reached, and the source of that. */
export type Reached = {
  /** Epoch ms. */
  at: number
  /** `first alert`, `status set by <@U1>`, ... */
  source: string
  /** Recorded by a person: automatic values no longer change it. */
  corrected: boolean
  /** Derived from a graph, not observed by anybody. */
  estimate?: boolean
}
export type Milestones = Partial<Record<Milestone, Reached>>

/** Their display names. */
export const MILESTONE_NAMES: Record<Milestone, string> = {
  impact_started: 'Impact started',
  detected: 'Detected',
  declared: 'Declared',
  acknowledged: 'Acknowledged',
  commander: 'Commander in place',
  identified: 'Cause identified',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
}

/** Sets a milestone from an event, unless it is already set or a person recorded it. */
export const reach = (milestones: Milestones, milestone: Milestone, at: number, source: string): Milestones =>
  milestones[milestone] ? milestones : { ...milestones, [milestone]: { at, source, corrected: false } }

/** Unsets milestones: a reopened incident is no longer resolved. */
export const unreach = (milestones: Milestones, ...names: Milestone[]): Milestones =>
  Object.fromEntries(Object.entries(milestones).filter(([name]) => !names.includes(name as Milestone)))

/** A duration between two milestones, printed with the two facts it was computed from. */
export type Span = { name: string; ms: number; from: Milestone; to: Milestone }

/** The durations worth printing, each with its two milestones. */
export const SPANS = [
  { name: 'Time to detect', from: 'impact_started', to: 'detected' },
  { name: 'Time to acknowledge', from: 'detected', to: 'acknowledged' },
  { name: 'Time to commander', from: 'detected', to: 'commander' },
  { name: 'Time to identify', from: 'detected', to: 'identified' },
  { name: 'Time to mitigate', from: 'impact_started', to: 'mitigated' },
  { name: 'Time to resolve', from: 'impact_started', to: 'resolved' },
] as const

/** `, 5 min after it was detected`; empty while the cause is not known. */
export const causeKnownAfter = (milestones: Milestones): Phrase[] => {
  const span = spans(milestones).find(({ to }) => to === 'identified')
  return span ? say`, ${formatDuration(span.ms)} after it was detected` : []
}

/** Source of an impact start that is only the start of the alert: stored in logs, so the text must not change. */
export const FIRST_ALERT = 'start of the first alert'

/** True while the start of the impact is only known to be no later than the first alert. */
export const isAssumed = ({ source, corrected, estimate }: Reached): boolean =>
  source === FIRST_ALERT && !corrected && !estimate

/**
 * The durations whose ends are both known and in order; a negative one is omitted, not shown as zero. So is the time to
 * detect while the impact start is assumed: an alert cannot measure how late it fired. A mitigation that did not hold
 * ended nothing.
 * @param heldAt when the harm ended for good, epoch ms, where a graph shows that the mitigation did not hold.
 */
export const spans = (milestones: Milestones, heldAt?: number): Span[] =>
  SPANS.flatMap(({ name, from, to }) => {
    const [start, end] = [milestones[from], milestones[to]]
    if (!start || !end || end.at < start.at || (to === 'detected' && isAssumed(start))) return []
    return [{ name, from, to, ms: spanMs(start.at, to === 'mitigated' && heldAt ? heldAt : end.at) }]
  })
