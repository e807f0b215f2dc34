import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Alert } from './alert.ts'

/**
 * Parsing external payloads. They gain members, lose members and contain invalid values, and an alert must survive all
 * of it: a member that cannot be parsed is missing, never an error.
 */

/**
 * Text that every database can store: PostgreSQL rejects NUL, and half a surrogate pair inside JSON. The length is
 * unchanged.
 */
export const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** Text; numbers and booleans are written out, blank text and anything else is missing. */
export const Text = z
  .unknown()
  .optional()
  .transform((value): string | undefined => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (typeof value !== 'string' || value.trim() === '') return undefined
    return clean(value)
  })

/** A link that is safe to show: `javascript:` and the like, and invalid URLs, are missing. */
export const Link = Text.transform((text) =>
  text && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined,
)

/** Labels: text by name. Values that are not text are dropped. */
export const Labels = z
  .unknown()
  .optional()
  .transform((value): Record<string, string> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
    const entries = Object.entries(value).flatMap(([name, given]) => {
      const text = Text.parse(given)
      return text === undefined || name === '__proto__' ? [] : [[clean(name), text] as const]
    })
    return Object.fromEntries(entries)
  })

/** An optional object; anything else counts as absent. */
export const Part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).optional().catch(undefined)

/** A list without invalid entries; a missing one is empty. */
export const List = <Item extends z.ZodType>(item: Item) =>
  z
    .unknown()
    .optional()
    .transform((value): z.infer<Item>[] => {
      if (!Array.isArray(value)) return []
      return value.flatMap((entry) => {
        const read = item.safeParse(entry)
        return read.success ? [read.data] : []
      })
    })

/** Drops absent members: what our types call optional is absent, not undefined. */
export const present = <Members extends object>(members: Members): Present<Members> =>
  // Object.fromEntries forgets the names; they are those that came in.
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<Members>
type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> }

const YEAR_2000 = Date.UTC(2000, 0, 1)
const A_DAY = 86_400_000
/** As seconds this is the year 5138, as milliseconds 1973: no real instant falls on the wrong side. */
const SECONDS_BELOW = 100_000_000_000

const epochMillis = (value: unknown): number => {
  if (typeof value === 'number') return Math.round(value < SECONDS_BELOW ? value * 1000 : value)
  if (typeof value !== 'string') return Number.NaN
  if (/^\d+(\.\d+)?$/.test(value)) return epochMillis(Number(value))
  if (!/^\d{4}-\d\d-\d\d/.test(value)) return Number.NaN
  // A date and time without a zone is UTC, not this machine's time.
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(value) || value.length === 10
  return Date.parse(zoned ? value : `${value}Z`)
}

/**
 * Epoch ms of ISO 8601 text or of epoch seconds or milliseconds; undefined when it cannot be parsed or is implausible
 * (before 2000, which is how "not set" is often written, or over a day after `receivedAt`, where that is given).
 */
export const instant = (value: unknown, receivedAt = Number.POSITIVE_INFINITY): number | undefined => {
  const at = epochMillis(value)
  return at >= YEAR_2000 && at <= receivedAt + A_DAY ? at : undefined
}

/** PostgreSQL indexes at most about 2,700 bytes of a key. */
const LONGEST_KEY = 400

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * A key made of parts, `alertmanager:f404ec:2026-11-21T04:40:00Z`; one too long to index is truncated and made unique
 * by its hash.
 */
export const keyOf = (...parts: (string | number)[]): string => {
  const key = clean(parts.join(':'))
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, 100).toWellFormed()}#${digest(key)}`
}

/** A short hash of any content, the same for equal content. */
export const nameOfContent = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32)

/**
 * Identifies one occurrence of an alert by its start time as the source wrote it; without a plausible one (some write
 * the year 1), by the delivery itself. Either way a redelivery is the same occurrence, and next month's alert is not.
 */
export const occurrenceOf = (startsAt: string | undefined, body: Buffer): string =>
  startsAt !== undefined && instant(startsAt) !== undefined ? startsAt : nameOfContent(body)

const severities: Record<string, NonNullable<Alert['severity']>> = {
  critical: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  page: 'critical',
  disaster: 'critical',
  p1: 'critical',
  sev1: 'critical',
  '1': 'critical',
  error: 'error',
  high: 'error',
  major: 'error',
  p2: 'error',
  sev2: 'error',
  '2': 'error',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  minor: 'warning',
  p3: 'warning',
  sev3: 'warning',
  '3': 'warning',
  info: 'info',
  informational: 'info',
  notice: 'info',
  low: 'info',
  none: 'info',
  p4: 'info',
  p5: 'info',
  sev4: 'info',
  '4': 'info',
  '5': 'info',
}

/** Maps a source's severity to ours: `page` is critical, `P3` a warning; undefined for an unknown word. */
export const severityOf = (word: string | undefined): Alert['severity'] =>
  word && Object.hasOwn(severities, word.toLowerCase()) ? severities[word.toLowerCase()] : undefined

/** The PromQL expression in a link to Prometheus' own page (`.../graph?g0.expr=...`), where alerts carry it. */
export const promqlIn = (link: string | undefined): string | undefined => {
  if (!link || !URL.canParse(link)) return undefined
  return Text.parse(new URL(link).searchParams.get('g0.expr')?.trim())
}
