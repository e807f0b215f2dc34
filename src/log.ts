import { pino } from 'pino'

export type Log = {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** What must never be read in a log, wherever it turns up: tokens by their shape. */
const SECRETS = /xox[a-z]-[\w-]+|xapp-[\w-]+|glsa_\w+|Bearer\s+\S+|Token token=\S+/g

const redact = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(SECRETS, '[secret]') : value instanceof Error ? errorFields(value) : value

const errorFields = (error: Error): Record<string, unknown> => ({
  name: error.name,
  message: error.message.replace(SECRETS, '[secret]'),
  stack: error.stack?.replace(SECRETS, '[secret]'),
  ...(error.cause ? { cause: error.cause instanceof Error ? errorFields(error.cause) : String(error.cause) } : {}),
})

/** Redacted all the way down. Most fields are plain text and numbers, which need no copy through JSON. */
const readable = (fields: Record<string, unknown>): Record<string, unknown> => {
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields))
    copy[name] =
      typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value, redact)) : redact(name, value)
  return copy
}

/** One line of JSON each, with whatever fields help: `log.info('effect done', { incident: 'INC-42', ms: 412 })`. */
export const createLog = (level: string, destination?: { write(line: string): void }): Log => {
  const logger = pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  const write =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}) =>
      logger[name](readable(fields), message.replace(SECRETS, '[secret]'))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
