/**
 * A duration in words: `45 s`, `12 min`, `1 h 05 min`, `2 d 3 h`; `an unknown time` for anything that is not a number.
 */
export const formatDuration = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'an unknown time'
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const MINUTE_MS = 60_000

/**
 * The length of a duration (ms) that agrees with its ends as displayed: from a minute on it counts whole minutes of the
 * clock, so 09:05:40 to 09:34:10 is the 29 min that "09:05 to 09:34" says.
 */
export const spanMs = (from: number, to: number): number =>
  to - from < MINUTE_MS ? to - from : (Math.floor(to / MINUTE_MS) - Math.floor(from / MINUTE_MS)) * MINUTE_MS

/** Truncates to a length with an ellipsis, never inside a surrogate pair. The full text stays in the log. */
export const shorten = (text: string, length: number): string => {
  if (text.length <= length) return text
  const cut = text.slice(0, Math.max(0, length - 1))
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}\u2026`
}

/** Capitalises the first letter. */
export const capital = (text: string): string => text.replace(/^\s*\p{Ll}/u, (start) => start.toUpperCase())

/**
 * Splits a machine-made name into words: `FreeStorageSpace`, `high_error_rate`, `PodOOMKilled`. A text with spaces is
 * returned unchanged.
 */
export const wordsOf = (name: string): string => {
  if (/\s/.test(name.trim())) return name
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]{2,})([A-Z][a-z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .split(' ')
  return words.map((word, i) => (i === 0 || /^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ')
}
