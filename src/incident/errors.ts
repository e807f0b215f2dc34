/** What a responder asked for cannot be done now; the message says why and what to do instead, and is shown to them. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** Trying again cannot help (a missing scope, an archived channel): ends an effect and is shown on the set-up checklist. */
export class Permanent extends Error {
  override name = 'Permanent'
}

/** The other side is busy and named when to come back. */
export class TryLater extends Error {
  override name = 'TryLater'
  /** How long to wait before the next attempt. */
  readonly afterMs: number

  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.afterMs = afterMs
  }
}

/** A whole system does not answer, so it was not even asked; the message says so and when that changes. */
export class Unavailable extends TryLater {
  override name = 'Unavailable'
}

/** Runs a call to an outside system, or fails at once with `Unavailable` where that system is known not to answer. */
export type Guard = <Answer>(work: () => Promise<Answer>) => Promise<Answer>

/** Without any care: every call is made. */
export const unguarded: Guard = (work) => work()

/** Somebody else changed the incident between our read and our write: read and decide again. */
export class VersionConflict extends Error {
  override name = 'VersionConflict'
}

/** The sentence of whatever was thrown, for logs and checklists. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
