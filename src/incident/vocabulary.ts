import type { Catalogue } from './service.ts'
import type { Role, Severity } from './status.ts'

/** The operator's severities, roles and services. */
export type Vocabulary = {
  /** Worst first. */
  severities: readonly Severity[]
  roles: readonly Role[]
  catalogue: Catalogue
  /** IANA zone of charts and the lines beside them; UTC when not set. */
  timezone?: string
}
