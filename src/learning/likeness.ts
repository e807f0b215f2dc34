import type { IncidentFacts } from '../incident/index-entry.ts'
import type { SimilarIncident } from '../incident/similar.ts'
import { type FeatureKind, partsOf } from './features.ts'

/** The weight of one common feature of a kind, and the maximum for all of that kind. */
const KINDS: Record<FeatureKind, { weight: number; most: number }> = {
  alert_here: { weight: 5, most: 10 },
  alert: { weight: 3, most: 6 },
  suspect: { weight: 3, most: 3 },
  caller: { weight: 4, most: 6 },
  service: { weight: 2, most: 3 },
  log: { weight: 2, most: 4 },
  word: { weight: 1, most: 3 },
  label: { weight: 0.5, most: 1 },
}
/** Less than this is a coincidence: the same service alone, or a word. */
export const ALIKE = 3.5
const YEAR_MS = 365 * 86_400_000

/** Document frequencies: how many incidents have each feature. */
export type Commonness = { counts: ReadonlyMap<string, number>; total: number }

/** 1 for a feature that one incident has, near 0 for one that nearly all have. */
const rarity = (feature: string, { counts, total }: Commonness): number =>
  Math.log(1 + Math.max(1, total) / Math.max(1, counts.get(feature) ?? 1)) / Math.log(1 + Math.max(1, total))

/** Below it a third of ten thousand incidents have the feature: it chooses nothing, and reading them all takes long. */
const LEAST_RARITY = 0.15

/** What each feature says, for the first, coarse choice in the database; the closer look counts all of them. */
export const weightsOf = (features: readonly string[], commonness: Commonness): Map<string, number> =>
  new Map(
    features.flatMap((feature) => {
      const rare = rarity(feature, commonness)
      return rare < LEAST_RARITY ? [] : [[feature, KINDS[partsOf(feature)[0]].weight * rare]]
    }),
  )

/** The combined weight of these features. */
const sumOf = (shared: readonly string[], commonness: Commonness): number => {
  const sums = new Map<FeatureKind, number>()
  for (const feature of shared) {
    const [kind] = partsOf(feature)
    const { weight, most } = KINDS[kind]
    sums.set(kind, Math.min(most, (sums.get(kind) ?? 0) + weight * rarity(feature, commonness)))
  }
  return [...sums.values()].reduce((sum, value) => sum + value, 0)
}

/** How alike an incident and the one that a playbook was made for are. */
export const likenessOf = (features: readonly string[], others: readonly string[], commonness: Commonness): number => {
  const theirs = new Set(others)
  return sumOf(
    features.filter((feature) => theirs.has(feature)),
    commonness,
  )
}

/**
 * How similar two incidents are, with the reasons in words.
 * @param now epoch ms: of two that are equally similar the more recent comes first, and so does one with a known fix.
 */
export const compare = (
  features: readonly string[],
  past: { facts: IncidentFacts; features: readonly string[] },
  commonness: Commonness,
  now: number,
): SimilarIncident => {
  const theirs = new Set(past.features)
  const shared = features.filter((feature) => theirs.has(feature))
  const { facts } = past
  const age = Math.max(0, now - facts.declaredAt) / YEAR_MS
  const score = sumOf(shared, commonness)
  const { id, title, declaredAt, fix, spans, channel, imported } = facts
  const tookMs = spans['Time to mitigate'] ?? spans['Time to resolve']
  return {
    incident: id,
    title,
    declaredAt,
    score: (score / (1 + age / 10)) * (fix ? 1.1 : 1),
    reasons: reasonsOf(shared),
    ...(fix ? { fix } : {}),
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(channel ? { channel } : {}),
    ...(imported ? { imported } : {}),
  }
}

const reasonsOf = (shared: readonly string[]): string[] => {
  const of = (wanted: FeatureKind) =>
    shared.flatMap((feature) => {
      const [kind, value] = partsOf(feature)
      return kind === wanted ? [value] : []
    })
  const [words, logs, suspects, labels, callers] = [of('word'), of('log'), of('suspect'), of('label'), of('caller')]
  const alerts = of('alert').length
  return [
    ...(alerts > 1 ? [`${alerts} alerts the same`] : alerts === 1 ? ['same alert'] : []),
    ...(of('service').length > 0 ? ['same service'] : []),
    ...suspects.slice(0, 1).map((service) => `same suspect, ${service}`),
    ...callers.slice(0, 1).map((call) => `same new caller, ${call.replace(' -> ', ' of ')}`),
    ...(logs.length > 0
      ? [logs.length === 1 ? 'same line in the logs' : `${logs.length} lines in the logs the same`]
      : []),
    // What rings the same alert mentions the same words.
    ...(words.length > 0 && alerts === 0 ? [`both mention ${words.slice(0, 3).join(', ')}`] : []),
    ...labels.slice(0, 1).map((label) => `same ${label.replace('=', ' ')}`),
  ]
}
