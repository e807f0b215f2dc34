import { LogLevel } from '@slack/bolt'

export type AppLog = {
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** Bolt's own log lines, through ours; its chatter below a warning is left out. */
export const boltLogger = (log: AppLog) => ({
  debug: () => {},
  info: () => {},
  warn: (...messages: unknown[]) => log.warn(messages.map(String).join(' ')),
  error: (...messages: unknown[]) => log.error(messages.map(String).join(' ')),
  setLevel: () => {},
  getLevel: () => LogLevel.WARN,
  setName: () => {},
})
