import type { ActionItem } from './action-item.ts'
import type { Incident } from './incident.ts'
import type { Insights } from './insights.ts'

/** Who is on call for a service. */
export type OnCallNow = {
  service: string
  people: { name: string /** Slack user id, where it is known. */; id?: string }[]
}

/** What one person may see on their Home tab. */
export type HomeContent = {
  /** Newest first. */
  open: readonly Incident[]
  over: readonly Incident[]
  /** Their own open action items, those due first. */
  items: readonly { incident: Incident; item: ActionItem }[]
  /** Ids of services that are theirs: their user group's, or those they are on call for. */
  services: readonly string[]
  onCall: readonly OnCallNow[]
  /** What the last 30 days add up to; absent where it could not be counted in time. */
  lately?: Insights | undefined
  /** Address of the page of insights. */
  insightsPage?: string
  /** Automatic incidents and paging are switched off, `until` epoch ms. */
  paused?: { by: string; until: number; reason: string } | undefined
  /** Epoch ms. */
  now: number
}
