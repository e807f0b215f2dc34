import type { FirstSteps } from './first-steps.ts'
import type { Catalogue } from './service.ts'
import type { Role, Severity, StatusGuidance, WORKING_STATUSES } from './status.ts'

/** The operator's severities, roles and services. */
export type Vocabulary = {
  /** Worst first. */
  severities: readonly Severity[]
  roles: readonly Role[]
  /** What the working statuses mean here. */
  statuses?: Partial<Record<(typeof WORKING_STATUSES)[number], StatusGuidance | undefined>>
  catalogue: Catalogue
  /** IANA zone of charts and the lines beside them; UTC when not set. */
  timezone?: string
  /** Template of the address of an incident's call: `callLink` fills it in. */
  call?: string | undefined
  /** What to do first: `firstStepsOf` says what applies. */
  firstSteps?: readonly FirstSteps[]
}
