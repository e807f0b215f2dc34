import type { CallFact } from '../incident/call-fact.ts'
import type { Topology } from '../topology/call.ts'
import type { RankingInput, ServiceChange } from './input.ts'

/** What to read for a ranking. Instants are epoch ms. */
export type RankingRequest = {
  /** The alerting service by its canonical name; undefined when unknown, and everything is examined. */
  service: string | undefined
  signal: RankingInput['alert']['signal']
  /** When the alert fired, or somebody noticed. */
  firedAt: number
  now: number
  changes: readonly ServiceChange[]
  /** How much history to compare with, ms; an hour when not given. */
  lookbackMs?: number | undefined
  /** The first instant considered abnormal, where that is known better than from when the alert fired. */
  since?: number | undefined
}

/** The data from the metrics: the ranking's input, and the call graph with what is new in it. */
export type RankingReading = {
  input: RankingInput
  topology: Topology
  facts: CallFact[]
  /** Services examined, and how many of those in reach were left out. */
  services: number
  leftOut: number
  /** Queries sent, and how many of them were answered. */
  queried: number
  answered: number
  /** Why something could not be read, one sentence each. */
  problems: string[]
}

/** The source of live rankings: Prometheus. */
export type RankingSource = {
  name: string
  /** Never throws because of a response's content: that is reported in `problems`. */
  read(request: RankingRequest, signal: AbortSignal): Promise<RankingReading>
  /** Who calls whom now, without figures; undefined where it could not be read. */
  calls(now: number, signal: AbortSignal): Promise<Topology | undefined>
  /** Where the alerting service's trouble began, epoch ms, if that was long before the alert. */
  slowOnset(request: RankingRequest, signal: AbortSignal): Promise<number | undefined>
}
