/** The state of a page. `unanswered` may still be answered; `ended` was cancelled or handed over. */
export type PageState = 'requested' | 'sent' | 'acknowledged' | 'declined' | 'unanswered' | 'failed' | 'ended'

/** One page, as the summary shows it. */
export type Page = {
  /** The number of the event that caused it. */
  id: number
  /** The target in words; a person in Slack is in `responder` as well. */
  name: string
  responder?: string | undefined
  service?: string | undefined
  state: PageState
  /** Since when it has had this state, epoch ms. */
  at: number
  requestedAt: number
  sentAt?: number | undefined
  /** Who responded, or why it failed. */
  detail?: string | undefined
  link?: string | undefined
  /** The paging system's key of it, `pagerduty:<incident id>`. */
  reference?: string | undefined
  made?: boolean | undefined
  user?: string | undefined
  /** The level of the escalation policy that is paged, and the number of levels. */
  level: number
  levels?: number | undefined
  /** The announced next step without a response, and when (epoch ms). */
  next?: { text: string; at: number } | undefined
  stopped?: boolean | undefined
}

/** Still waiting for a response. */
export const isOpenPage = ({ state }: Page): boolean =>
  state === 'requested' || state === 'sent' || state === 'unanswered'
