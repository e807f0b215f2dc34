import { z } from 'zod'
import { Millis } from './alert.ts'
import { CallFact } from './call-fact.ts'

/** How sure a ranking is of a suspect. */
export const SuspectLabel = z.enum(['likely', 'possible', 'no clear suspect'])
export type SuspectLabel = z.infer<typeof SuspectLabel>

/** One suspect of a ranking, in words that need no further data. */
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
  /** It measures nothing itself: this is what its callers see. */
  virtual: z.boolean().default(false),
  /** The change nearest before the trouble: of this service, or of one that calls it. */
  change: z
    .object({ title: z.string(), at: Millis, url: z.string().optional(), caller: z.string().optional() })
    .optional(),
})
export type RankedSuspect = z.infer<typeof RankedSuspect>

/** Why a ranking was made. */
export const RankingTrigger = z.enum(['opening', 'later', 'alert', 'asked'])
export type RankingTrigger = z.infer<typeof RankingTrigger>

/** When the suspects of a young incident are ranked next, by the incident's clock, and which round that is. */
export const RankAgain = z.object({ at: Millis, round: z.number().int().positive() })
export type RankAgain = z.infer<typeof RankAgain>

/** Minutes after the opening at which it is ranked again: one minute more of the trouble tells much. */
const ROUNDS = [1, 2, 5, 10]

/**
 * The round after one, for an incident that is ranked since `opened` (epoch ms). Rounds that were missed while Muster
 * was away are left out; undefined after the last.
 */
export const nextRound = (opened: number, now: number): RankAgain | undefined => {
  const index = ROUNDS.findIndex((minutes) => opened + minutes * 60_000 > now)
  return index === -1 ? undefined : { at: opened + (ROUNDS[index] as number) * 60_000, round: index + 1 }
}

/** When the ranking began that a round belongs to, epoch ms. */
export const openedAt = ({ at, round }: RankAgain): number => at - (ROUNDS[round - 1] ?? 0) * 60_000

/** What one ranking found. */
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
  /** Services looked at, and how many in reach were too many to look at. */
  services: z.number().int(),
  leftOut: z.number().int().default(0),
  /** What could not be read, a sentence each. */
  problems: z.array(z.string()).default([]),
  /** The frozen input: a case file that ranks the same. */
  case: z.string().optional(),
  /** The frozen graph behind a suspect that leads for the first time. */
  chart: z.string().optional(),
  /** The frozen picture of who calls whom: with the first calls that are seen, and when somebody else leads. */
  graph: z.string().optional(),
  /** What the ranking before said, where this one says something else. */
  was: z.object({ label: SuspectLabel, service: z.string().optional() }).optional(),
  again: RankAgain.optional(),
  /** How often "likely" was right in this workspace, where it has been said often enough to tell. */
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

/** What an earlier ranking said, where the later says something else. */
export const changedLead = (
  before: Pick<RankingFound, 'label' | 'suspects'> | undefined,
  after: Pick<RankingFound, 'label' | 'suspects'>,
): RankingFound['was'] => {
  if (!before || (before.label === after.label && leadOf(before)?.service === leadOf(after)?.service)) return undefined
  const lead = leadOf(before)
  return { label: before.label, ...(lead ? { service: lead.service } : {}) }
}

/** A ranking as an incident keeps it. */
export type LatestRanking = RankingFound & {
  /** When it was made, epoch ms. */
  at: number
  /** What was said before the latest change of lead, and when that was said last. */
  before?: { label: SuspectLabel; service?: string | undefined; at: number }
  /** When this lead was named first. */
  leadSince: number
}

/** The ranking to show from now on. One that could read nothing does not hide the one before, but says so. */
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

/** What a ranking said about the service that was at fault in the end. */
export type Verdict = {
  at: number
  label: SuspectLabel
  /** Its place, from 1; undefined when it was not among those named. */
  place: number | undefined
}

/** How each ranking stood to the cause that people named, in time order. Rankings that could read nothing do not count. */
export const verdictsOf = (rankings: readonly (RankingFound & { at: number })[], cause: string): Verdict[] =>
  rankings
    .filter(({ read }) => read.series > 0)
    .map(({ at, label, suspects }) => {
      const index = suspects.findIndex(({ service }) => service === cause)
      return { at, label, place: index === -1 ? undefined : index + 1 }
    })
