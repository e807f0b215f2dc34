import { Permanent } from '../../incident/errors.ts'

type Told = { status: number; code?: number | undefined; message?: string | undefined; reasons: readonly string[] }

/** PagerDuty understood and said no; the same request gets the same answer. */
export class PagerDutyRefused extends Permanent {
  override name = 'PagerDutyRefused'
  /** The HTTP status, and PagerDuty's own error code and reasons (developer.pagerduty.com, "Errors"). */
  readonly status: number
  readonly code: number | undefined
  readonly reasons: readonly string[]

  constructor(what: string, { status, code, message, reasons }: Told) {
    const said = [message, ...reasons].filter(Boolean).join(': ')
    const advice = adviceFor(status, code)
    super(`PagerDuty refused ${what} (${status})${said ? `: ${said}` : ''}${advice ? `. ${advice}` : ''}`)
    this.status = status
    this.code = code
    this.reasons = reasons
  }

  /** Is the incident already what we asked for? Then there is nothing left to do. */
  get isAlreadyDone(): boolean {
    const { code, reasons } = this
    return code === 1001 || code === 1002 || reasons.some((reason) => /already (resolved|acknowledged)/i.test(reason))
  }
}

/** What somebody can do about it. */
const adviceFor = (status: number, code: number | undefined): string | undefined => {
  if (code === 1008) return 'PAGERDUTY_FROM_EMAIL must be the e-mail address of a PagerDuty user.'
  if (status === 401) return 'Check PAGERDUTY_API_TOKEN, and PAGERDUTY_API_URL for an account in the EU.'
  if (status === 402) return 'The PagerDuty plan does not include this.'
  if (status === 403) return 'The API token may not do this; it needs full access, not read-only.'
  return undefined
}
