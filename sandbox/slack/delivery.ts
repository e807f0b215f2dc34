/** A payload for the app, with its Socket Mode envelope type. */
export type AppRequest = {
  kind: 'events_api' | 'slash_commands' | 'interactive'
  payload: Record<string, unknown>
}

/** The app's acknowledgement, possibly with a body; or the error Slack shows the person. */
export type AppResponse = { acked: true; body?: Record<string, unknown> } | { acked: false; error: string }

/** Transport to the app: Socket Mode or HTTP. */
export type Delivery = {
  /** Sends a command or interaction once. */
  request: (request: AppRequest) => Promise<AppResponse>
  /** Sends an event, with retries until the app acknowledges it or Slack gives up. */
  sendEvent: (request: AppRequest) => void
  /** Resolves when every event has been acknowledged or given up. */
  settled: () => Promise<void>
  stop: () => void | Promise<void>
}

export type DeliveryOptions = {
  /** Time limit for an acknowledgement in ms. Slack: 3000. */
  ackTimeoutMs: number
  /** Delays before the retries of an event in ms. Slack: 0, 60000, 300000. */
  retryDelaysMs: number[]
}
