/** A request that cannot be carried out now; the message says why and what to do instead, and is shown to the person. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** A request that lacks one thing. A form shows the message at that field and keeps everything else that was entered. */
export class Missing extends Refusal {
  override name = 'Missing'
  /** The member of the input. */
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/**
 * Retrying cannot help (an archived channel, an unknown user): ends an effect and is shown on the set-up checklist. A
 * system that rejects a whole account is `Unavailable` instead.
 */
export class Permanent extends Error {
  override name = 'Permanent'
  /** True when the same call is refused for every incident, for instance by a policy of the workspace. */
  readonly everywhere: boolean

  constructor(message: string, { everywhere = false, ...options }: ErrorOptions & { everywhere?: boolean } = {}) {
    super(message, options)
    this.everywhere = everywhere
  }
}

/** A system denies access: its token is missing, wrong, or may not do this. */
export class Denied extends Permanent {
  override name = 'Denied'
}

/** The other side is busy and named a retry time. */
export class TryLater extends Error {
  override name = 'TryLater'
  /** How long to wait before the next attempt. */
  readonly afterMs: number

  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.afterMs = afterMs
  }
}

/** A prerequisite of the effect does not exist yet. Waiting is expected here, not an error. */
export class NotReady extends TryLater {
  override name = 'NotReady'
}

type Outage = ErrorOptions & { system: string; afterMs?: number; partly?: boolean }

/** Default retry delay when a system names none, ms. */
const UNAVAILABLE_RETRY_MS = 5_000

/**
 * A whole system does not respond (reset, timeout, 5xx) or rejects the whole account (a revoked token, a missing
 * scope). The effect is not at fault: it waits for as long as it takes, never uses up its attempts, and resumes by
 * itself.
 */
export class Unavailable extends TryLater {
  override name = 'Unavailable'
  /** What is unavailable, by its breaker's name: `Slack`, `PagerDuty`. Effects that wait for it wait together. */
  readonly system: string
  /** True when the rest of the system works, as with one missing scope. */
  readonly partly: boolean

  constructor(message: string, { system, afterMs = UNAVAILABLE_RETRY_MS, partly = false, ...options }: Outage) {
    super(message, afterMs, options)
    this.system = system
    this.partly = partly
  }
}

/** Whether the same call would be refused for every incident, until somebody changes the workspace or the app. */
export const isRefusedEverywhere = (error: unknown): boolean =>
  (error instanceof Permanent && error.everywhere) || (error instanceof Unavailable && error.partly)

/** Runs a call to an outside system, or fails at once with `Unavailable` while that system is known to be down. */
export type Guard = <Answer>(work: () => Promise<Answer>) => Promise<Answer>

/** Unguarded: every call is made. */
export const unguarded: Guard = (work) => work()

/** Somebody else changed the incident between our read and our write: read and decide again. */
export class VersionConflict extends Error {
  override name = 'VersionConflict'
}

/** The message of anything thrown, for logs and checklists. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
