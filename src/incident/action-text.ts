import type { ActionKind } from './action-event.ts'
import type { ActionDetails } from './action-item.ts'

/** The words people put before an item, `[preventative] ...` or `fix: ...`, and what they mean. */
const KINDS: [kind: ActionKind, words: RegExp][] = [
  ['mitigate', /^mitigat(e|ion|ive|ing)$/i],
  ['corrective', /^(corrective|correct|fix|repair)$/i],
  ['preventative', /^prevent(ative|ive|ion)?$/i],
  ['process', /^process$/i],
]

/** What a word means as a kind: `fix` is corrective. */
export const actionKindCalled = (word: string): ActionKind | undefined =>
  KINDS.find(([, words]) => words.test(word))?.[0]

const PREFIX = /^\s*(?:\[([a-z]+)\]:?|([a-z]+):)\s*/i
const ISO_DUE = /[,;(]?\s*\b(?:due|by|until):?\s+(\d{4}-\d{2}-\d{2})\b\)?/i
/** Sunday first, as `weekdayOf` counts. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const SPOKEN_DUE = new RegExp(
  `[,;(]?\\s*\\bdue:?\\s+(today|tomorrow|(?:next\\s+)?(?:${WEEKDAYS.map((day) => `${day.slice(0, 3)}(?:${day.slice(3)})?`).join('|')})|in\\s+\\d{1,3}\\s+(?:days?|weeks?))\\b\\)?`,
  'i',
)

/** Slack writes an address as <address> or <address|label>. */
const WEB = /<?(https?:\/\/[^\s<>|]+)(?:\|[^<>]*)?>?/i
const WEB_AT_END = /[\s(]*<?https?:\/\/[^\s<>|]+(?:\|[^<>]*)?>?[\s).]*$/i
const KEY = /[([]([A-Z][A-Z0-9]{1,9}-\d{1,7})[)\]]\s*$/

/** Whether the text names a day relative to today: `due friday`. */
export const isSpokenDay = (text: string): boolean => SPOKEN_DUE.test(text)

/**
 * What an item says about itself: `[preventative] alert on it due 2026-12-01 (SHOP-12)`.
 * @param today `2026-11-25` where the writer is, for `due friday`; without it only whole dates are read.
 */
export const parseAction = (written: string, today?: string): Omit<ActionDetails, 'owner'> => {
  const [prefix, bracketed, plain] = PREFIX.exec(written) ?? []
  const kind = actionKindCalled(bracketed ?? plain ?? '')
  const named = kind === undefined ? written : written.slice(prefix?.length)
  const spoken = today === undefined ? null : SPOKEN_DUE.exec(named)
  const iso = ISO_DUE.exec(named)?.[1]
  const due = iso ?? (spoken && today ? dayMeant((spoken[1] as string).toLowerCase(), today) : undefined)
  const undated = due === undefined ? named : named.replace(iso ? ISO_DUE : SPOKEN_DUE, '')
  const address = WEB.exec(undated)?.[1]?.replace(/[.,;:!?)]+$/, '')
  const ticket = address ?? KEY.exec(undated)?.[1]
  // In the middle of a sentence an address is part of the sentence.
  const rest = undated.replace(address ? WEB_AT_END : KEY, '')
  const text = rest.replace(/[,:;]?\s*(?:see)?[,:;\s]*$/i, '').trim()
  return {
    text,
    ...(kind ? { kind } : {}),
    ...(due ? { due } : {}),
    ...(ticket ? { ticket } : {}),
  }
}

const dayMeant = (words: string, today: string): string => {
  if (words === 'today') return today
  if (words === 'tomorrow') return addDays(today, 1)
  const [, count, unit] = /^in\s+(\d+)\s+(day|week)/.exec(words) ?? []
  if (count) return addDays(today, Number(count) * (unit === 'week' ? 7 : 1))
  const wanted = WEEKDAYS.findIndex((day) => day.startsWith(words.replace(/^next\s+/, '').slice(0, 3)))
  const ahead = (wanted - weekdayOf(today) + 7) % 7 || 7
  return addDays(today, ahead)
}

/** 0 is Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * 3_600_000).toISOString().slice(0, 10)

/** How many days the second is after the first. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / (24 * 3_600_000))

/** Whether the calendar has such a day. */
export const isDay = (day: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) && Number.isFinite(Date.parse(day)) && addDays(day, 0) === day
