import type { ServiceChange, SignalKind } from './input.ts'

/** The certainty of the ranking. Below `possible` it says "no clear suspect" and shows what it saw. */
export type Label = 'likely' | 'possible' | 'no clear suspect'

/** What kind of evidence one line is: a series' kind, a sight on an edge, or the end of a series. */
export type EvidenceKind = SignalKind | 'network' | 'flood' | 'amplification' | 'silence'

/** One reason to suspect a service, in words and numbers a responder can check. */
export type SuspectSignal = {
  kind: EvidenceKind
  metric: string
  unit: string
  /** The median of the baseline; null when there was none. */
  baseline: number | null
  /** The mean of the worse half of the test window. */
  now: number | null
  direction: 'up' | 'down'
  limit?: number | undefined
  /** Epoch ms of the first value beyond the usual range of the run that reaches the test window. */
  since?: number | undefined
  /** 0-6: how far beyond the usual, before anything was explained away. 1 is the edge of the usual. */
  score: number
  /** What is left of the score after callees, callers and load took their share. */
  residual: number
  /** The other end, for evidence that belongs to an edge. */
  edge?: { client: string; server: string } | undefined
}

/** Whose trouble accounts for this service's, over which call. */
export type Explanation = {
  service: string
  edge: { client: string; server: string }
  /** Which trouble of this service is explained, and by which trouble of the other. */
  of: EvidenceKind
  by: EvidenceKind
  /** 0-1: the share of the score it accounts for. */
  share: number
}

/** The readings of a service's own series. */
export type DataStatus = 'read' | 'new' | 'silent' | 'no data'

/** One service, judged. */
export type Suspect = {
  service: string
  /** Comparable within one ranking; 2 is strong evidence that nothing else explains. */
  score: number
  label: Label
  /** The strongest three, strongest first. */
  signals: SuspectSignal[]
  explainedBy?: Explanation | undefined
  /**
   * Whether the alerting service's requests get here; null when the call graph does not contain the alerting service.
   */
  reachable: boolean | null
  /** Calls away from the alerting service. */
  hops?: number | undefined
  /** Seen only by its callers, and not declared in the catalogue. */
  virtual: boolean
  status: DataStatus
  /** Changes shortly before the onset. Shown beside the suspect, and not scored. */
  changes: ServiceChange[]
}

/** A service that could not be judged, why, and its latest values, which a person may judge. */
export type Unread = {
  service: string
  status: Exclude<DataStatus, 'read'>
  latest: { metric: string; unit: string; value: number }[]
}

/** The full result. */
export type Ranking = {
  label: Label
  /** Every service with any evidence, most suspect first. */
  suspects: Suspect[]
  /** Services that could not be judged: new ones first, then those gone silent, then those without data. */
  unread: Unread[]
  /** How many of the series had enough points to be scored. */
  read: { series: number; of: number }
  alert: { service: string }
  /** Epoch ms: where the test window begins, found by walking back from the alert. */
  onset: number
  baseline: { from: number; to: number }
}
