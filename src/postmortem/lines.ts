import { type Phrase, say, strong } from '../incident/phrase.ts'
import type { Clock } from './clock.ts'

/** One line; `text` is filled in with the names of people later. */
export type Line<Sentences = Phrase[]> = {
  /** The number of the entry on this line; absent when it combines several, or has none. */
  seq?: number
  /** Epoch ms. */
  at: number
  /** `03:05`, UTC, and in the configured zone. */
  time: string
  local: string
  text: Sentences
  /**
   * `added at 08:40 UTC`, `time corrected`: why it appears here although it was recorded at another time; usually null.
   */
  mark: string | null
}

/** The lines of one day, UTC. */
export type Day<Sentences = Phrase[]> = { date: string; weekday: string; lines: Line<Sentences>[] }

/** Beyond this many lines the middle is omitted, and the document says so. */
const MOST_LINES = 400
/** A line of the day, without the number of an entry. */
export const lineAt = (clock: Clock, at: number, text: Phrase[]): Line => ({
  at,
  time: clock.time(at),
  local: clock.local(at),
  text,
  mark: null,
})

/** The first and the last lines of too many, with a note in between. */
export const withoutMiddle = (lines: Line[], clock: Clock): { lines: Line[]; leftOut: number } => {
  const leftOut = lines.length - MOST_LINES
  if (leftOut <= 0) return { lines, leftOut: 0 }
  const half = MOST_LINES / 2
  const first = lines[half] as Line
  const note = say`${strong(`${leftOut} lines are left out here`)} to keep this readable; the JSON export has them all.`
  return { lines: [...lines.slice(0, half), lineAt(clock, first.at, note), ...lines.slice(-half)], leftOut }
}

export const daysOf = (lines: Line[], clock: Clock): Day[] => {
  const days: Day[] = []
  for (const line of lines) {
    const date = clock.day(line.at)
    const day = days.at(-1)
    if (day?.date === date) day.lines.push(line)
    else days.push({ date, weekday: clock.weekday(line.at), lines: [line] })
  }
  return days
}
