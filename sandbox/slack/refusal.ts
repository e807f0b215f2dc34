/** A Slack API error: `error` is the code, `details` are further members of the response (`errors`, `needed`, ...). */
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

/** Fails the current call with `{ ok: false, error }`. */
export const refuse: (error: string, details?: Record<string, unknown>) => never = (error, details) => {
  throw new SlackRefusal(error, details)
}

/** Fails the current call with `invalid_arguments` and Slack's messages. */
export const refuseArguments: (...messages: string[]) => never = (...messages) =>
  refuse('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
