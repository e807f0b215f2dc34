/** Slack says no: `error` is its machine-readable reason, `details` what else stands in the answer (`errors`, `needed`, ...). */
export class SlackRefusal extends Error {
  override name = 'SlackRefusal'
  readonly error: string
  readonly details: Record<string, unknown>

  constructor(error: string, details: Record<string, unknown> = {}) {
    super(error)
    this.error = error
    this.details = details
  }
}

/** Ends a method with Slack's `{ ok: false, error }`. */
export const refuse: (error: string, details?: Record<string, unknown>) => never = (error, details) => {
  throw new SlackRefusal(error, details)
}

/** The answer to arguments that do not fit a method's schema, worded as Slack words it. */
export const refuseArguments: (...messages: string[]) => never = (...messages) =>
  refuse('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
