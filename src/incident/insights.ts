/** How long something took over many incidents, ms. */
export type SpanSummary = {
  name: string
  /** How many of the incidents have it; of the others it is not known. */
  known: number
  median: number
  /** Nine of ten took no longer; absent for fewer than five. */
  p90?: number
}

/** What a set of incidents adds up to. */
export type Insights = {
  /** Epoch ms. */
  from: number
  to: number
  /** The service or team it is about; everything when absent. */
  about?: string
  /** Real incidents; drills, cancelled ones and what was merged into others are counted apart. */
  incidents: number
  /** How many of them were imported. */
  imported: number
  apart: { drills: number; cancelled: number; merged: number; triage: number }
  bySeverity: { severity: string; count: number }[]
  byService: { service: string; count: number }[]
  spans: SpanSummary[]
  /** Of how many the start of the impact is only known to be no later than the first alert. */
  assumedStarts: number
  /** Rules that opened or joined more than one incident. */
  repeats: { rule: string; count: number }[]
  actions: { open: number; done: number; oldest?: { incident: string; text: string; at: number } }
  /** Of the incidents whose cause people confirmed: how often the ranking had named it. */
  suspects: { judged: number; right: number; wrong: number; silent: number }
  /** Incidents a stretch of time, oldest first; `from` is epoch ms. */
  trend: { from: number; count: number }[]
}
