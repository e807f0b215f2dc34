import type { Series } from './evidence.ts'

/** How one series changed: its usual value before an instant, and its value at the end of the range. */
export type BeforeAndNow = { before: number | null; now: number | null }

/** The median before `at` (epoch ms) and the latest value; null where there is none. */
export const beforeAndNow = ({ points }: Series, at: number): BeforeAndNow => ({
  before: median(finite(points.filter(([time]) => time < at))),
  now: finite(points).at(-1) ?? null,
})

/**
 * The series by how far they departed from their usual value from `at` (epoch ms) on: what a responder should see
 * first. A series that appeared or vanished moved by its full value. Series without any value are left out.
 */
export const byMovement = (series: Series[], at: number): Series[] =>
  series
    .filter(({ points }) => finite(points).length > 0)
    .map((line) => ({ line, moved: movement(line, at) }))
    .sort((a, b) => b.moved - a.moved)
    .map(({ line }) => line)

const movement = ({ points }: Series, at: number): number => {
  const usual = median(finite(points.filter(([time]) => time < at))) ?? 0
  const after = finite(points.filter(([time]) => time >= at))
  if (after.length === 0) return Math.abs(usual)
  return after.reduce((most, value) => Math.max(most, Math.abs(value - usual)), 0)
}

/** The values that can be drawn; null, NaN and infinities cannot. */
export const finite = (points: Series['points']): number[] =>
  points.map(([, value]) => value).filter((value) => value !== null && Number.isFinite(value)) as number[]

/** The median: the mean of the two middle values where their number is even; null for an empty list. */
export const median = (values: number[]): number | null => {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  if (sorted.length % 2 === 1) return upper
  const lower = sorted[middle - 1] ?? upper
  return lower + (upper - lower) / 2
}

/**
 * At most `length` characters, shortened in the middle: the ends of `payments-7d9f-x2kqp` tell pods apart, the middle
 * does not.
 */
export const shorten = (name: string, length: number): string => {
  if (name.length <= length) return name
  // Code points, not UTF-16 halves: half an emoji is not valid text.
  const characters = [...name]
  for (let keep = length - 1; keep > 0; keep--) {
    const short = `${characters.slice(0, Math.ceil(keep / 2)).join('')}…${characters.slice(characters.length - Math.floor(keep / 2)).join('')}`
    if (short.length <= length) return short
  }
  return '…'
}

/** Short names that are still unique: a second `api…7f` becomes `api…7f 2`. */
export const shortNames = (names: string[], length: number): string[] => {
  const taken = new Set<string>()
  return names.map((name) => {
    let short = shorten(name, length)
    for (let count = 2; taken.has(short); count++) {
      const suffix = ` ${count}`
      short = `${shorten(name, length - suffix.length)}${suffix}`
    }
    taken.add(short)
    return short
  })
}
