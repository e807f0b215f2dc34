import { badData } from './errors.ts'

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}

/** `5m`, `1h30m`, `-2m`, or a number of seconds, in milliseconds. */
export const durationMs = (text: string): number => {
  const sign = text.startsWith('-') ? -1 : 1
  const bare = text.replace(/^[-+]\s*/, '')
  if (/^[\d.]+(e[-+]?\d+)?$/i.test(bare)) return sign * Number(bare) * 1000
  const parts = [...bare.matchAll(/(\d+)(ms|[smhdwy])/g)]
  if (!parts.length || parts.map(([whole]) => whole).join('') !== bare)
    throw badData(`not a valid duration string: ${JSON.stringify(text)}`)
  return sign * parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
}

/** A number as PromQL writes it: decimal, hexadecimal, `Inf`, `NaN`, or a duration, which counts as seconds. */
export const numberOf = (text: string): number => {
  if (/^[-+]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  const value = Number(text.replaceAll('_', ''))
  return Number.isNaN(value) ? durationMs(text) / 1000 : value
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" }

/** The content of a string literal. Backtick strings have no escapes. */
export const textOf = (literal: string): string => {
  const inner = literal.slice(1, -1)
  return literal.startsWith('`') ? inner : inner.replace(/\\(.)/g, (whole, char) => escapes[char] ?? whole)
}

/** A sample value in Prometheus's JSON format. */
export const valueText = (value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}
