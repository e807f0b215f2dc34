const UNITS: [limit: number, factor: number, unit: string][] = [
  [1_000, 1, ''],
  [1_000_000, 1e-3, 'k'],
  [1_000_000_000, 1e-6, 'M'],
  [Number.POSITIVE_INFINITY, 1e-9, 'G'],
]

const digits = (value: number): string => {
  const size = Math.abs(value)
  if (size !== 0 && size < 0.001) return value.toExponential(1)
  return Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)).toString()
}

/** A value with its unit, short enough for a line: `9.28 s`, `340 ms`, `1.2k req/s`, `84%`. */
export const formatValue = (value: number, unit: string): string => {
  if (!Number.isFinite(value)) return 'no value'
  if (unit === 's') return formatSeconds(value)
  if (unit === 'ms') return formatSeconds(value / 1000)
  if (unit === '%') return `${digits(value)}%`
  if (unit === 'ratio') return `${digits(value * 100)}%`
  if (unit === 'bytes') return formatBytes(value)
  const [, factor, prefix] = UNITS.find(([limit]) => Math.abs(value) < limit) ?? UNITS[0]!
  return `${digits(value * factor)}${prefix}${unit ? ` ${unit}` : ''}`
}

const formatSeconds = (seconds: number): string => {
  const size = Math.abs(seconds)
  if (size === 0) return '0 s'
  if (size < 0.001) return `${digits(seconds * 1e6)} µs`
  if (size < 1) return `${digits(seconds * 1000)} ms`
  return size < 120 ? `${digits(seconds)} s` : `${digits(seconds / 60)} min`
}

const formatBytes = (bytes: number): string => {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)))
  return `${digits(bytes / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
}

/** A span of time in words: `45 s`, `12 min`, `1 h 05 min`, `2 d 3 h`. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Cuts to a length with an ellipsis, never in the middle of a surrogate pair. The whole stays in the log. */
export const shorten = (text: string, length: number): string => {
  if (text.length <= length) return text
  const cut = text.slice(0, Math.max(0, length - 1))
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}\u2026`
}
