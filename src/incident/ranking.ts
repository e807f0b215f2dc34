import { z } from 'zod'
import { Millis } from './alert.ts'
import { CallFact } from './call-fact.ts'

/** The certainty of a ranking about a suspect. */
export const SuspectLabel = z.enum(['likely', 'possible', 'no clear suspect'])
export type SuspectLabel = z.infer<typeof SuspectLabel>

/** One suspect of a ranking, self-contained for display. */
export const RankedSuspect = z.object({
  /** Our service id, or its source's own name. */
  service: z.string(),
  label: SuspectLabel,
  score: z.number(),
  /** The strongest signals first: `connections 41 -> 100 (limit 100)`, and since when they have been unusual. */
  signals: z.array(z.object({ text: z.string(), since: Millis.optional() })),
  /** The service whose trouble explains this one's. */
  explainedBy: z.string().optional(),
  /** The services whose trouble it explains. */
  explains: z.array(z.string()).default([]),
  /** It reports no metrics itself: its callers' view is used. */
  virtual: z.boolean().default(false),
  /** The last change before the trouble: of this service, or of one that calls it. */
  change: z
    .object({ title: z.string(), at: Millis, url: z.string().optional(), caller: z.string().optional() })
    .optional(),
})
export type RankedSuspect = z.infer<typeof RankedSuspect>

/** The trigger of a ranking. */
export const RankingTrigger = z.enum(['opening', 'later', 'alert', 'asked'])
export type RankingTrigger = z.infer<typeof RankingTrigger>

/** When the suspects of a young incident are re-ranked, by the incident's clock, and in which round. */
export const RankAgain = z.object({ at: Millis, round: z.number().int().positive() })
export type RankAgain = z.infer<typeof RankAgain>

/** Minutes after the opening at which it is re-ranked: one more minute of data changes much. */
const ROUNDS = [1, 2, 5, 10]

/**
 * The next round for an incident that has been ranked since `opened` (epoch ms). Rounds missed during downtime are
 * skipped; undefined after the last.
 */
export const nextRound = (opened: number, now: number): RankAgain | undefined => {
  const index = ROUNDS.findIndex((minutes) => opened + minutes * 60_000 > now)
  return index === -1 ? undefined : { at: opened + (ROUNDS[index] as number) * 60_000, round: index + 1 }
}

/** The start of the series of rankings that a round belongs to, epoch ms. */
export const openedAt = ({ at, round }: RankAgain): number => at - (ROUNDS[round - 1] ?? 0) * 60_000

/** The result of one ranking. */
export const RankingFound = z.object({
  trigger: RankingTrigger,
  /** The service it was ranked for; absent when everything was looked at. */
  service: z.string().optional(),
  label: SuspectLabel,
  /** At most three, the most suspect first; empty when nothing left its usual range. */
  suspects: z.array(RankedSuspect),
  facts: z.array(CallFact).default([]),
  /** How many signals had enough points to be judged. */
  read: z.object({ series: z.number().int(), of: z.number().int() }),
  /** Services examined, and how many in reach were beyond the limit. */
  services: z.number().int(),
  leftOut: z.number().int().default(0),
  /** What could not be read, one sentence each. */
  problems: z.array(z.string()).default([]),
  /** The frozen input: a case file that reproduces the ranking. */
  case: z.string().optional(),
  /** The frozen chart of a suspect that leads for the first time. */
  chart: z.string().optional(),
  /** The frozen call graph: with the first calls seen, and when the lead changes. */
  graph: z.string().optional(),
  /** The previous ranking's result, where it differs. */
  was: z.object({ label: SuspectLabel, service: z.string().optional() }).optional(),
  again: RankAgain.optional(),
  /** How often "likely" was right in this workspace, once there are enough verdicts. */
  record: z.object({ right: z.number().int(), of: z.number().int() }).optional(),
})
export type RankingFound = z.infer<typeof RankingFound>

/** The suspect a ranking names; undefined when nobody is clearly suspect. */
export const leadOf = ({ label, suspects }: Pick<RankingFound, 'label' | 'suspects'>): RankedSuspect | undefined =>
  label === 'no clear suspect' ? undefined : suspects[0]

/** The services that began to call another shortly before, as the call graph showed. */
export const callersThatBegan = (
  ranking: Pick<RankingFound, 'facts'> | undefined,
): Extract<CallFact, { kind: 'new_caller' }>[] => (ranking?.facts ?? []).filter((fact) => fact.kind === 'new_caller')

/** The result of an earlier ranking, where a later one differs. */
export const changedLead = (
  before: Pick<RankingFound, 'label' | 'suspects'> | undefined,
  after: Pick<RankingFound, 'label' | 'suspects'>,
): RankingFound['was'] => {
  if (!before || (before.label === after.label && leadOf(before)?.service === leadOf(after)?.service)) return undefined
  const lead = leadOf(before)
  return { label: before.label, ...(lead ? { service: lead.service } : {}) }
}

/** A ranking as stored in the incident's state. */
export type LatestRanking = RankingFound & {
  /** When it was made, epoch ms. */
  at: number
  /** The lead before the latest change, and when it was last named. */
  before?: { label: SuspectLabel; service?: string | undefined; at: number }
  /** When this lead was first named. */
  leadSince: number
}

/** The ranking to show from now on. One that could not read anything does not replace the previous one, but says so. */
export const latestRanking = (
  before: LatestRanking | undefined,
  event: RankingFound & { at: number },
): LatestRanking => {
  const graph = event.graph ?? before?.graph
  if (before && before.read.series > 0 && event.read.series === 0)
    return { ...before, problems: event.problems, ...(graph ? { graph } : {}) }
  const { at } = event
  // The parse leaves out what makes it an event.
  const { was, again: _again, ...found } = RankingFound.parse(event)
  if (!before) return { ...found, at, leadSince: at }
  return {
    ...found,
    ...(graph ? { graph } : {}),
    at,
    leadSince: was ? at : before.leadSince,
    ...(was ? { before: { ...was, at: before.at } } : before.before ? { before: before.before } : {}),
  }
}

/** People write names as they like: `MySQL` is `mysql`. */
export const isSameService = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** A ranking's verdict on the service that was at fault. */
export type Verdict = {
  at: number
  label: SuspectLabel
  /** Its rank, from 1; undefined when it was not named. */
  place: number | undefined
}

/**
 * How each ranking compares with the recorded cause, in time order. Rankings that could not read anything do not count.
 */
export const verdictsOf = (rankings: readonly (RankingFound & { at: number })[], cause: string): Verdict[] =>
  rankings
    .filter(({ read }) => read.series > 0)
    .map(({ at, label, suspects }) => {
      const index = suspects.findIndex(({ service }) => isSameService(service, cause))
      return { at, label, place: index === -1 ? undefined : index + 1 }
    })
