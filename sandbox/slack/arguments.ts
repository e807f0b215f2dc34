import { refuse, refuseArguments } from './refusal.ts'

/** The arguments of one call: strings where they came form-encoded, JSON values where they came as JSON. */
export type Arguments = Record<string, unknown>

/**
 * Reads a request body as Slack does: JSON by its content type, else a form. In a form, objects and lists are JSON
 * texts; they stay texts here and are read by the method that expects them.
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

/** A text argument; an empty one counts as left out. */
export const optional = (args: Arguments, name: string): string | undefined => {
  const value = args[name]
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : String(value)
}

export const required = (args: Arguments, name: string): string =>
  optional(args, name) ?? refuseArguments(`missing required field: ${name}`)

export const flag = (args: Arguments, name: string): boolean => ['true', '1'].includes(String(args[name]))

/** A whole number within limits, or the default; Slack clamps rather than refuses. */
export const limit = (args: Arguments, standard: number, most: number): number => {
  const asked = Number(optional(args, 'limit') ?? standard)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : standard
}

/** Comma-separated texts, or a JSON list. */
export const list = (args: Arguments, name: string): string[] => {
  const value = args[name]
  if (Array.isArray(value)) return value.map(String)
  return (optional(args, name) ?? '').split(',').filter(Boolean)
}

/** An object or list, sent as such or as a JSON text; `error` is what Slack answers to one it cannot read. */
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

/** One page of a list and where the next begins. */
export const page = <Item>(items: Item[], args: Arguments, standard: number, most: number) => {
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
  const end = start + limit(args, standard, most)
  const next = end < items.length ? Buffer.from(`start:${end}`).toString('base64') : ''
  return { items: items.slice(start, end), next }
}
