import { pino } from 'pino'
import { maskSecrets } from '../incident/secrets.ts'

export type Log = {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** Secrets that must never reach a log, wherever they occur: tokens by their shape, passwords in URLs. */
const SECRETS =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|gl(?:sa|c)_\w+|gh[opsu]_\w+|github_pat_\w+|(?:Bearer|Basic)\s+[^\s"']+|Token token=[^\s"']+|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)|(?<=[?&](?:signature|token|secret)=)[^\s&"']+|(?<=hooks\.slack\.com\/(?:services|workflows)\/)[\w/]+/g
/** Members whose value is a secret, whatever its format. */
const SECRET_NAMES = /token$|secret|password|authorization|cookie|api_?key/i

const redacted = (text: string): string => text.replace(SECRETS, '[secret]')

/** For text that others wrote: an error may quote what a system answered, a log line or a body. */
const masked = (text: string): string => maskSecrets(redacted(text))

const redactWith =
  (clean: (text: string) => string) =>
  (key: string, value: unknown): unknown => {
    if (SECRET_NAMES.test(key) && value !== undefined && value !== null) return '[secret]'
    if (typeof value === 'string') return clean(value)
    if (typeof value === 'bigint') return String(value)
    return value instanceof Error ? errorFields(value) : value
  }

/** Causes are followed a few levels only: a chain can be circular. */
const errorFields = (error: Error, depth = 0): Record<string, unknown> => {
  const { name, message, stack, cause } = error
  const why = cause instanceof Error && depth < 4 ? errorFields(cause, depth + 1) : String(cause)
  return {
    name,
    message: masked(message),
    ...(stack ? { stack: masked(stack) } : {}),
    ...(cause ? { cause: typeof why === 'string' ? masked(why) : why } : {}),
  }
}

/**
 * The fields as JSON can hold them. Most are plain text and numbers, which need no round trip through JSON. A field that cannot
 * be serialised must not break what is being logged.
 */
const writable = (fields: Record<string, unknown>, clean: (text: string) => string): object => {
  const redact = redactWith(clean)
  try {
    const copy: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(fields)) {
      const safe = redact(name, value)
      copy[name] = typeof safe === 'object' && safe !== null ? JSON.parse(JSON.stringify(safe, redact)) : safe
    }
    return copy
  } catch (error) {
    return { unwritable: masked(String(error)) }
  }
}

/** One line of JSON per message, with whatever fields help: `log.info('effect done', { incident: 'INC-42', ms: 412 })`. */
export const createLog = (level: string, destination?: { write(line: string): void }): Log => {
  const logger = pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  const write =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}) => {
      // What works is logged in our own words, thousands of times in a storm.
      const clean = name === 'warn' || name === 'error' ? masked : redacted
      logger[name](writable(fields, clean), clean(message))
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
