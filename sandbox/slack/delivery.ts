/** What is sent to the app, under the name Socket Mode gives it. */
export type AppRequest = {
  kind: 'events_api' | 'slash_commands' | 'interactive'
  payload: Record<string, unknown>
}

/** What became of it: acknowledged, perhaps with a body, or why not in the words of the person's error line. */
export type AppResponse = { acked: true; body?: Record<string, unknown> } | { acked: false; error: string }

/** A way to the app: a socket it opened, or requests to its address. */
export type Delivery = {
  /** A command or interaction: one try, one answer. */
  request: (request: AppRequest) => Promise<AppResponse>
  /** An event: tried again until the app acknowledges it or Slack gives up. */
  sendEvent: (request: AppRequest) => void
  /** Waits until every event has arrived or been given up. */
  settled: () => Promise<void>
  stop: () => void | Promise<void>
}

export type DeliveryOptions = {
  /** How long the app has to acknowledge; 3000 ms at Slack. */
  ackTimeoutMs: number
  /** Pauses before the second, third and fourth try of an event, in ms; 0, 60000 and 300000 at Slack. */
  retryDelaysMs: number[]
}
