import { Permanent } from '../../incident/errors.ts'

type ErrorBody = { status: number; code?: number | undefined; message?: string | undefined; reasons: readonly string[] }

/** PagerDuty understood the request and rejected it; a retry gets the same response. */
export class PagerDutyRejection extends Permanent {
  override name = 'PagerDutyRejection'
  /** The HTTP status, and PagerDuty's own error code and reasons (PagerDuty: "Errors"). */
  readonly status: number
  readonly code: number | undefined
  readonly reasons: readonly string[]

  constructor(request: string, { status, code, message, reasons }: ErrorBody) {
    const details = [message, ...reasons].filter(Boolean).join(': ')
    const advice = adviceFor(status, code)
    super(`PagerDuty refused ${request} (${status})${details ? `: ${details}` : ''}${advice ? `. ${advice}` : ''}`)
    this.status = status
    this.code = code
    this.reasons = reasons
  }

  /** Is the incident already in the requested state? Then there is nothing left to do. */
  get isAlreadyDone(): boolean {
    const { code, reasons } = this
    return code === 1001 || code === 1002 || reasons.some((reason) => /already (resolved|acknowledged)/i.test(reason))
  }
}

/** The plan does not include the feature, or the token may not use it: a matter of set-up, not an outage. */
export const isNotIncluded = (error: unknown): boolean =>
  error instanceof PagerDutyRejection && (error.status === 402 || error.status === 403)

/** The incident has ended at PagerDuty or was deleted there, and accepts no more changes. */
export const isEnded = (error: unknown): boolean =>
  error instanceof PagerDutyRejection && (error.status === 404 || error.isAlreadyDone)

/** What an operator can do about it. */
const adviceFor = (status: number, code: number | undefined): string | undefined => {
  if (code === 1008) return 'PAGERDUTY_FROM_EMAIL must be the e-mail address of a PagerDuty user.'
  if (status === 401) return 'Check PAGERDUTY_API_TOKEN, and PAGERDUTY_API_URL for an account in the EU.'
  if (status === 402) return 'The PagerDuty plan does not include this.'
  if (status === 403) return 'The API token may not do this; it needs full access, not read-only.'
  return undefined
}
