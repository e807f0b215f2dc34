import { TZDate } from '@date-fns/tz'
import { z } from 'zod'
import { shorten } from '../../incident/measure.ts'

/** `2026-01-31T08:00:00Z`, `2026-01-31 08:00 +02:00`, `2026-01-31 08:00:00`; seconds and zone may be missing. */
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i

/** An instant as epoch ms; undefined when it cannot be parsed. Without a zone of its own it is in the given one. */
export const instantOf = (text: string, zone: string): number | undefined => {
  const [, year, month, day, hour, minute, second = '0', offset] = INSTANT.exec(text.trim()) ?? []
  if (year === undefined) return undefined
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  const [y, mo, d, h, mi, s] = parts
  const wall = new Date(Date.UTC(y, mo - 1, d, h, mi, s))
  // 31 February and 25 o'clock roll over, and are mistakes.
  const isReal =
    wall.getUTCMonth() === mo - 1 && wall.getUTCDate() === d && wall.getUTCHours() === h && mi < 60 && s < 60
  if (!isReal) return undefined
  if (offset === undefined) return new TZDate(y, mo - 1, d, h, mi, s, zone).getTime()
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? []
  const ahead = (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000
  return wall.getTime() - (sign === '-' ? -ahead : ahead)
}

const LONGEST_TITLE = 300
const LONGEST_TEXT = 3_000
const MOST_ENTRIES = 200
const MOST_ACTIONS = 50

/** For unknown values, tables have an empty cell, and JSON has null. */
const blank = (value: unknown): unknown =>
  value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value
const text = (most: number) =>
  z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : blank(value)),
    z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not text') })
      .transform((one) => shorten(one.trim(), most)),
  )
const optional = (most: number) => z.preprocess(blank, text(most).optional())

/** The schema of one imported row, with times in `zone` unless they name one. See docs/import.md. */
export const rowSchema = (zone: string) => {
  const instant = z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not text') })
    .transform((given, check) => {
      const at = instantOf(given, zone)
      if (at !== undefined) return at
      check.addIssue({ code: 'custom', message: `is no instant like 2026-01-31T08:00:00Z: "${shorten(given, 40)}"` })
      return z.NEVER
    })
  const required = z.preprocess(blank, instant)
  const maybe = z.preprocess(blank, instant.optional())
  return z.object({
    id: text(200),
    title: text(LONGEST_TITLE),
    declared_at: required,
    resolved_at: required,
    impact_started_at: maybe,
    detected_at: maybe,
    acknowledged_at: maybe,
    identified_at: maybe,
    mitigated_at: maybe,
    severity: optional(100),
    service: optional(200),
    /** Names the alerting rule, which similar incidents are found by. */
    alert: optional(300),
    impact: optional(LONGEST_TEXT),
    cause: optional(200),
    outcome: optional(LONGEST_TEXT),
    url: z.preprocess(
      blank,
      z
        .url({ protocol: /^https?$/, error: 'is no address like https://example.com' })
        .max(2_000, 'is too long')
        .optional(),
    ),
    timeline: z
      .array(z.object({ at: required, text: text(LONGEST_TEXT) }), { error: 'is no list' })
      .max(MOST_ENTRIES, `has more than ${MOST_ENTRIES} entries`)
      .optional(),
    action_items: z
      .array(z.object({ text: text(1_000), done: z.boolean().optional() }), { error: 'is no list' })
      .max(MOST_ACTIONS, `has more than ${MOST_ACTIONS} entries`)
      .optional(),
  })
}

export type Row = z.output<ReturnType<typeof rowSchema>>
/** The same before it is checked. */
export type RawRow = Record<string, unknown>

/** The columns of a table; lists are for JSON. */
export const COLUMNS: readonly string[] = Object.keys(rowSchema('UTC').shape).filter(
  (name) => name !== 'timeline' && name !== 'action_items',
)
