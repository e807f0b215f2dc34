import { formatDuration } from './measure.ts'
import { code, link, type Phrase, say, strong, time } from './phrase.ts'
import { leadOf, type RankedSuspect, type RankingFound, type SuspectLabel, type Verdict } from './ranking.ts'

/** Advice for a label; its accuracy figures are in docs/suspects.md. */
export const LABEL_ADVICE: Record<SuspectLabel, string> = {
  likely: 'Look there first.',
  possible: 'Look at the first two or three; the evidence does not tell them apart.',
  'no clear suspect': 'Trust your own eyes: the fault may leave no trace in metrics.',
}

/** A suspect's strongest signal and since when: `Open connections 41 -> 100 (limit 100) since 02:57`. */
export const signalPhrases = ({ text, since }: RankedSuspect['signals'][number]): Phrase[] => [
  ...say`${text}`,
  ...(since === undefined ? [] : say` since ${time(since)}`),
]

/** The change beside a suspect. Its time is absolute: the estimate of when the incident began still moves. */
export const changePhrases = ({ title, at, url, caller }: NonNullable<RankedSuspect['change']>): Phrase[] => [
  ...(url ? [link(url, title)] : say`${title}`),
  ...say` at ${time(at)}`,
  ...(caller === undefined ? [] : say` (${code(caller)} calls it)`),
]

/** Why nothing could be ranked; undefined when data was read. */
export const unreadable = ({ read, problems }: RankingFound): string | undefined =>
  read.series > 0 ? undefined : (problems[0] ?? 'Prometheus has no signal of these services.')

/** The lead in one line: label, service, strongest signal. */
export const leadPhrases = (ranking: RankingFound): Phrase[] => {
  const lead = leadOf(ranking)
  const reason = unreadable(ranking)
  if (reason !== undefined) return say`No suspects: ${reason}`
  if (!lead) return say`No clear suspect (${readPhrases(ranking)})`
  const [first] = lead.signals
  return [
    ...say`${strong(ranking.label === 'likely' ? 'Likely' : 'Possible')} ${code(lead.service)}`,
    ...(lead.virtual ? say`, as its callers see it` : []),
    ...(first ? say`: ${signalPhrases(first)}` : []),
  ]
}

/** `71 signals read`, `68 of 71 signals could be read` */
export const readPhrases = ({ read }: Pick<RankingFound, 'read'>): Phrase[] =>
  read.series === read.of
    ? say`${read.of} ${read.of === 1 ? 'signal' : 'signals'} read`
    : say`${read.series} of ${read.of} signals could be read`

/** `was: no clear suspect` */
export const wasPhrases = ({ label, service }: NonNullable<RankingFound['was']>): Phrase[] =>
  service === undefined ? say`was: ${label}` : say`was: ${code(service)} (${label})`

/**
 * For the timeline: the first ranking and each that names somebody else. A ranking that repeats the last is left out.
 */
export const rankingSentence = (event: RankingFound): Phrase[] | undefined => {
  if (event.trigger !== 'opening' && event.trigger !== 'asked' && !event.was) return undefined
  return [...say`Suspects: ${leadPhrases(event)}`, ...(event.was ? say` (${wasPhrases(event.was)})` : [])]
}

/** One sentence on whether the rankings were right about the cause, and when; undefined without rankings. */
export const verdictPhrases = (verdicts: readonly Verdict[], cause: string, opened: number): Phrase[] | undefined => {
  if (verdicts.length === 0) return undefined
  const right = verdicts.find(({ place, label }) => place === 1 && label !== 'no clear suspect')
  if (right) {
    const lost = verdicts.at(-1)?.place === 1 ? '' : ', but no longer in the last ranking'
    return say`The suspect ranking named ${code(cause)} first (${right.label}) ${formatDuration(Math.max(0, right.at - opened))} after the opening${lost}`
  }
  const best = Math.min(...verdicts.map(({ place }) => place ?? Number.POSITIVE_INFINITY))
  return Number.isFinite(best)
    ? say`The suspect ranking had ${code(cause)} in place ${best}, and never first with any certainty`
    : say`The suspect ranking never named ${code(cause)}`
}
