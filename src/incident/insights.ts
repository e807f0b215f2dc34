/** A duration over many incidents, ms. */
export type SpanSummary = {
  name: string
  /** How many of the incidents have it; for the others it is unknown. */
  known: number
  median: number
  /** The 90th percentile; absent for fewer than five. */
  p90?: number
}

/** Statistics of a set of incidents. */
export type Insights = {
  /** Epoch ms. */
  from: number
  to: number
  /** The service or team they are limited to; everything when absent. */
  about?: string
  /** Real incidents; drills, cancelled and merged ones are counted separately. */
  incidents: number
  /** How many of them were imported. */
  imported: number
  apart: { drills: number; cancelled: number; merged: number; triage: number }
  bySeverity: { severity: string; count: number }[]
  byService: { service: string; count: number }[]
  spans: SpanSummary[]
  /** For how many the start of the impact is only known to be no later than the first alert. */
  assumedStarts: number
  /** Rules that opened or joined more than one incident. */
  repeats: { rule: string; count: number }[]
  actions: {
    open: number
    done: number
    /** The open ones, of the oldest incident first; `at` is its declaration, epoch ms. */
    items: { incident: string; text: string; owner?: string; at: number }[]
  }
  /** Updates that were due, and those of them that came in time. */
  updates: { due: number; onTime: number }
  /** Of the incidents with a confirmed cause: how often the ranking had named it. */
  suspects: { judged: number; right: number; wrong: number; silent: number }
  /** Incidents per period, oldest first, and their median time to resolve (ms); `from` is epoch ms. */
  trend: { from: number; count: number; resolve?: number }[]
}
