/** A section edited by somebody. */
export type Prose = {
  text: string
  /** The number of the event that wrote it. */
  revision: number
  by: string
  /** Epoch ms. */
  at: number
  /** Hashes of the generated sentences that its authors saw. */
  seen: string[]
}

/** The postmortem's status; absent while it is a draft. */
export type Review = {
  state: 'in review' | 'published'
  /** When it came into this state, epoch ms. */
  since: number
  /** The reviewers, Slack user ids, and those who have approved it. */
  reviewers: string[]
  approved: string[]
  /** When it was published first, epoch ms. */
  publishedAt?: number
}

/** Where it was exported to: the id there (of a canvas or commit), and its address. */
export type Exported = { reference: string; url?: string | undefined }
