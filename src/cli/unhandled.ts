import type { Log } from '../platform/log.ts'

/**
 * Exits the process on an unhandled failure, with its stack in the log: a supervisor restarts it, and recorded work is
 * resumed. The one exception is Slack's Socket Mode client, whose reconnect timer has nowhere to report a failure to
 * (it rejects with undefined when it is stopped in the meantime); alerts and pages do not need it.
 */
export const exitOnUnhandled = (log: Log): void => {
  process.on('unhandledRejection', (reason) => {
    if (isFromSlackSocket(reason)) {
      if (reason !== undefined)
        log.error('the Slack connection failed and is not retried; restart Muster', { error: reason })
      return
    }
    log.error('unhandled rejection; exiting', { error: asError(reason) })
    process.exit(1)
  })
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception; exiting', { error: asError(error) })
    process.exit(1)
  })
}

const isFromSlackSocket = (reason: unknown): boolean =>
  reason === undefined || (reason instanceof Error && (reason.stack ?? '').includes('@slack/socket-mode/'))

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(`rejected with ${JSON.stringify(reason) ?? typeof reason}`)
