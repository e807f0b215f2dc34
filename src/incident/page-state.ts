/** How far a page got. `unanswered` may still be answered; `ended` was called off or handed on. */
export type PageState = 'requested' | 'sent' | 'acknowledged' | 'declined' | 'unanswered' | 'failed' | 'ended'

/** One page, as the summary shows it. */
export type Page = {
  /** The number of the event that caused it. */
  id: number
  /** Who is paged, in words; a person in Slack is in `responder` as well. */
  name: string
  responder?: string | undefined
  service?: string | undefined
  state: PageState
  /** Since when, epoch ms. */
  at: number
  requestedAt: number
  sentAt?: number | undefined
  /** Who answered, or why it failed. */
  detail?: string | undefined
  link?: string | undefined
  /** The paging system's key of it, `pagerduty:<incident id>`. */
  reference?: string | undefined
  made?: boolean | undefined
  user?: string | undefined
  /** The level of the escalation policy that is paged, of how many. */
  level: number
  levels?: number | undefined
  /** Announced: what follows when nobody answers, and when (epoch ms). */
  next?: { text: string; at: number } | undefined
  stopped?: boolean | undefined
}

/** Still waiting for an answer. */
export const isOpenPage = ({ state }: Page): boolean =>
  state === 'requested' || state === 'sent' || state === 'unanswered'
