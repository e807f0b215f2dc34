import type { Account, User } from './account.ts'

export type Note = { id: string; by: User | undefined; content: string; at: number }

export type PagerDutyAlert = {
  id: string
  key: string
  summary: string
  severity: string
  status: 'triggered' | 'resolved'
  details: unknown
  at: number
}

/** The internal state of an incident; `shapes.ts` converts it for the API. Times are epoch ms. */
export type PagerDutyIncident = {
  id: string
  number: number
  title: string
  status: 'triggered' | 'acknowledged' | 'resolved'
  key: string
  service: Account['services'][number]
  createdAt: number
  updatedAt: number
  reopenedAt?: number
  resolvedAt?: number
  assignees: User[]
  acknowledgements: { at: number; by: User }[]
  lastChangedBy: User | undefined
  priority?: Account['priorities'][number]
  urgency: 'high' | 'low'
  conference?: { number?: string; url?: string }
  mergedInto?: PagerDutyIncident
  body?: string
  notes: Note[]
  alerts: PagerDutyAlert[]
  statusUpdates: { id: string; message: string; by: User | undefined; at: number }[]
  responderRequests: {
    users: User[]
    message: string
    by: User | undefined
    at: number
    /** Answers by the user's id. */
    answers: Map<string, 'accepted' | 'declined'>
  }[]
}
