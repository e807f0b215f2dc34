import { refuse, refuseArguments } from './refusal.ts'

/** Arguments of one call: strings from a form body, any JSON value from a JSON body. */
export type Arguments = Record<string, unknown>

/**
 * Parses a request body: JSON by content type, otherwise a form. Objects and lists in a form are JSON strings; the
 * methods that expect them parse them with `structure`.
 */
export const parseArguments = (contentType: string, body: string): Arguments => {
  if (!contentType.includes('application/json')) return Object.fromEntries(new URLSearchParams(body))
  try {
    const parsed: unknown = JSON.parse(body || '{}')
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Arguments
  } catch {
    return refuse('invalid_json')
  }
  return refuse('json_not_object')
}

/** A string argument; empty counts as missing. */
export const optional = (args: Arguments, name: string): string | undefined => {
  const value = args[name]
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : String(value)
}

export const required = (args: Arguments, name: string): string =>
  optional(args, name) ?? refuseArguments(`missing required field: ${name}`)

export const flag = (args: Arguments, name: string): boolean => ['true', '1'].includes(String(args[name]))

/** The `limit` argument. Slack: too large a value is clamped, an invalid one ignored. */
export const limit = (args: Arguments, defaultLimit: number, max: number): number => {
  const requested = Number(optional(args, 'limit') ?? defaultLimit)
  return Number.isInteger(requested) && requested > 0 ? Math.min(requested, max) : defaultLimit
}

/** A list argument: comma-separated or a JSON array. */
export const list = (args: Arguments, name: string): string[] => {
  const value = args[name]
  if (Array.isArray(value)) return value.map(String)
  return (optional(args, name) ?? '').split(',').filter(Boolean)
}

/** An object or list argument, as JSON or a JSON string; `error` is Slack's error when it does not parse. */
export const structure = (args: Arguments, name: string, error: string): unknown => {
  const value = args[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return refuse(error)
  }
}

/** One page of a list, and the cursor of the next. */
export const page = <Item>(items: Item[], args: Arguments, defaultLimit: number, max: number) => {
  const cursor = optional(args, 'cursor')
  const start =
    cursor === undefined
      ? 0
      : Number(
          Buffer.from(cursor, 'base64')
            .toString()
            .replace(/^start:/, ''),
        )
  if (!Number.isInteger(start)) return refuse('invalid_cursor')
  const end = start + limit(args, defaultLimit, max)
  const next = end < items.length ? Buffer.from(`start:${end}`).toString('base64') : ''
  return { items: items.slice(start, end), next }
}
