import type { RankedSuspect, RankingFound, SuspectLabel } from '../incident/ranking.ts'
import type { CaseFile } from '../suspects/case-file.ts'
import type { ServiceChange } from '../suspects/input.ts'
import type { Ranking, Suspect } from '../suspects/result.ts'
import { signalText } from '../suspects/sentence.ts'
import type { RankingReading } from '../suspects/source.ts'

/** Suspects that an incident keeps of a ranking. */
const SHOWN = 3

/** Below this share of answered queries nobody is called likely: the missing one may be the culprit's. */
const ENOUGH_ANSWERS = 0.9

/** With too few answers, "likely" would be a guess. */
export const labelGiven = (label: SuspectLabel, { queried, answered }: RankingReading): SuspectLabel =>
  label === 'likely' && answered < ENOUGH_ANSWERS * queried ? 'possible' : label

/** The suspects, with certainty capped at that label. */
export const labelled = (
  ranked: SuspectLabel,
  suspects: RankedSuspect[],
  reading: RankingReading,
): Pick<RankingFound, 'label' | 'suspects'> => {
  const label = labelGiven(ranked, reading)
  if (label === ranked) return { label, suspects }
  return { label, suspects: suspects.map((one) => (one.label === 'likely' ? { ...one, label } : one)) }
}

/** The first three with any evidence beyond the usual. */
export const suspectsOf = (ranking: Ranking, file: CaseFile): RankedSuspect[] =>
  ranking.suspects
    .filter(({ signals }) => signals.length > 0)
    .slice(0, SHOWN)
    .map((suspect) => rankedSuspect(suspect, ranking, file))

const rankedSuspect = (suspect: Suspect, { suspects }: Ranking, { edges }: CaseFile): RankedSuspect => {
  const { service, label, score, signals, explainedBy, virtual } = suspect
  const callers = new Set(edges.flatMap(({ client, server }) => (server === service ? [client] : [])))
  const nearest = nearestChange([suspect]) ?? nearestChange(suspects.filter((other) => callers.has(other.service)))
  return {
    service,
    label,
    score,
    virtual,
    signals: signals.map(({ since, ...signal }) => ({
      text: signalText(signal, service).replaceAll('`', ''),
      ...(since === undefined ? {} : { since }),
    })),
    ...(explainedBy ? { explainedBy: explainedBy.service } : {}),
    explains: suspects.filter((other) => other.explainedBy?.service === service).map((other) => other.service),
    ...(nearest
      ? {
          change: {
            title: nearest.title,
            at: nearest.at,
            ...(nearest.url ? { url: nearest.url } : {}),
            ...(nearest.service === service ? {} : { caller: nearest.service }),
          },
        }
      : {}),
  }
}

/** The latest change before the trouble began; a caller's new query affects its database. */
const nearestChange = (suspects: readonly Suspect[]): ServiceChange | undefined =>
  suspects.flatMap(({ changes }) => changes).sort((a, b) => b.at - a.at)[0]
