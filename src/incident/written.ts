/** What somebody wrote in place of a section. */
export type Prose = {
  text: string
  /** The number of the event that wrote it. */
  revision: number
  by: string
  /** Epoch ms. */
  at: number
  /** Marks of the sentences from the log that its authors saw. */
  seen: string[]
}

/** How far the postmortem is; absent while it is a draft. */
export type Review = {
  state: 'in review' | 'published'
  /** When it came into this state, epoch ms. */
  since: number
  /** Who is to review it, Slack user ids, and who of them has approved it. */
  reviewers: string[]
  approved: string[]
  /** When it was published first, epoch ms. */
  publishedAt?: number
}

/** Where it was written outside: the id there (a canvas's, a commit's), and its address. */
export type Exported = { reference: string; url?: string | undefined }
