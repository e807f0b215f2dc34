import { formatDuration, spanMs } from '../incident/measure.ts'
import { isAssumed, MILESTONE_NAMES, Milestone, SPANS } from '../incident/milestones.ts'
import { type Phrase, say, typed } from '../incident/phrase.ts'
import { heldAtOf } from './harm.ts'
import type { Material } from './material.ts'

/** A milestone that was reached, with its source in words: `P90 latency left its usual range, an estimate`. */
export type Moment<Sentences = Phrase[]> = { name: string; time: string; source: Sentences }

/** A duration between two milestones; `value` is null and `unknown` says why when it is not known. */
export type Figure = {
  name: string
  value: string | null
  /** The milestones it lies between, by name. */
  from: string
  to: string
  unknown: string | null
  /** The milestones that nobody recorded. */
  missing: Milestone[]
  /** Its end is earlier than its start: one of the two is wrong. */
  disordered: boolean
}

/** When each milestone was reached, in the order they were reached. */
export const moments = ({ milestones, facts, clock }: Material): Moment[] =>
  Milestone.options
    .flatMap((milestone) => {
      const reached = milestones[milestone]
      return reached ? [{ milestone, ...reached }] : []
    })
    .sort((a, b) => a.at - b.at)
    .map(({ milestone, at, source, corrected, estimate }) => {
      const reason = corrected ? facts.reasons.get(milestone) : undefined
      return {
        name: MILESTONE_NAMES[milestone],
        time: clock.say(at),
        source: say`${typed(source)}${estimate ? ', an estimate' : ''}${reason ? say`: ${typed(reason)}` : []}`,
      }
    })

/** Each span with the two milestones it was computed from, or why it is not known. */
export const figures = ({ milestones, harm }: Material): Figure[] =>
  SPANS.map(({ name, from, to }) => {
    const [start, end] = [milestones[from], milestones[to]]
    const missing: Milestone[] = [...(start ? [] : [from]), ...(end ? [] : [to])]
    const ends = { name, from: MILESTONE_NAMES[from], to: MILESTONE_NAMES[to] }
    const figure = { ...ends, value: null, missing, disordered: false }
    if (!start || !end)
      return {
        ...figure,
        unknown: `nobody recorded ${missing.map((one) => `"${MILESTONE_NAMES[one]}"`).join(' and ')}`,
      }
    if (end.at < start.at)
      return {
        ...figure,
        disordered: true,
        unknown: `"${MILESTONE_NAMES[to]}" is earlier than "${MILESTONE_NAMES[from]}", so one of the two times is wrong`,
      }
    if (to === 'detected' && isAssumed(start))
      return { ...figure, unknown: 'only its alert says when it began, and that cannot show how late the alert was' }
    // A mitigation that the graph shows did not hold ended nothing.
    const heldAt = to === 'mitigated' ? (heldAtOf(harm) ?? null) : null
    const length = formatDuration(spanMs(start.at, heldAt ?? end.at))
    const least = from === 'impact_started' && start.estimate && harm.older ? 'at least ' : ''
    const guess = (start.estimate && !least) || heldAt !== null ? ' (estimate)' : ''
    const until = heldAt === null ? figure.to : 'Back in the usual range for good'
    return { ...figure, to: until, value: `${least}${length}${guess}`, unknown: null }
  })
