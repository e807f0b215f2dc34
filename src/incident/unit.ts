/**
 * Formats values for people: `9.28 s`, `18 %`, `1.5 GiB`, `320 req/s`. The unit is the one a query declares (`s`, `ms`,
 * `%`, `ratio`, `bytes`, `bytes/s`, anything else as it stands).
 */
export const formatValue = (value: number, unit = ''): string => {
  const percent = value / (percentOf(unit) ?? Number.NaN)
  return Number.isFinite(percent) ? `${roundedPercent(percent)} %` : scaleFor(value, unit).format(value)
}

/** One per cent in a unit of shares; undefined for any other unit. */
const percentOf = (declared: string): number | undefined => {
  const unit = ALIASES[declared] ?? declared
  return unit === '%' ? 1 : unit === 'ratio' ? 0.01 : undefined
}

/** `84.8`, `0.2`: a percentage with sensible rounding. Just below 100 the decimals are what matters. */
const roundedPercent = (percent: number): number => {
  const size = Math.abs(percent)
  if (size > 99 && size < 100) return Number(percent.toFixed(2))
  return Number(size < 1 ? percent.toPrecision(1) : percent.toFixed(1))
}

/** A fixed format for values of a unit, so that all labels of an axis are consistent. */
export type Scale = {
  /** The factor to the query's unit: 60 where seconds are written as minutes. */
  factor: number
  /** Whether round numbers are powers of two, as for bytes. */
  binary: boolean
  format(value: number): string
}

type Step = [factor: number, suffix: string]

const DURATIONS: Step[] = [
  [1e-6, ' µs'],
  [1e-3, ' ms'],
  [1, ' s'],
  [60, ' min'],
  [3600, ' h'],
  [86_400, ' d'],
]
const BYTES: Step[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((name, i) => [1024 ** i, ` ${name}`])
const THOUSANDS: Step[] = ['', 'k', 'M', 'G', 'T', 'P'].map((name, i) => [1000 ** i, name])

const DIVISORS: Record<string, number> = { s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 }
const ALIASES: Record<string, string> = { seconds: 's', milliseconds: 'ms', percent: '%', percentunit: 'ratio' }

/** Whether values of a unit are scaled (`ms`, `min`, `GiB`), so that each needs its suffix. */
export const isScaled = (declared: string): boolean => {
  const unit = ALIASES[declared] ?? declared
  return unit === '%' || unit === 'ratio' || unit in DIVISORS || BYTE_UNITS.test(unit)
}

const BYTE_UNITS = /^(bytes|B|By)(\/s)?$/

/** The most readable scale for a value of about this size. */
export const scaleFor = (magnitude: number, declared: string): Scale => {
  const unit = ALIASES[declared] ?? declared
  const percent = percentOf(unit)
  if (percent !== undefined) return scale([percent, ' %'])
  const second = DIVISORS[unit]
  if (second) return scale(fitting(DURATIONS, magnitude * second), second)
  if (BYTE_UNITS.test(unit)) {
    const [factor, suffix] = fitting(BYTES, magnitude)
    return { ...scale([factor, unit.endsWith('/s') ? `${suffix}/s` : suffix]), binary: true }
  }
  // Beyond the last prefix an exponent is clearer than thousands of P.
  const [factor, suffix] = fitting(THOUSANDS, Math.abs(magnitude) < 1e18 ? magnitude : 0)
  const { format, ...rest } = scale([factor, unit ? `${suffix} ${unit}` : suffix])
  return { ...rest, format: (value) => (value === 0 ? `0 ${unit}`.trim() : format(value)) }
}

/** The largest prefix that leaves at least one whole unit; zero is written in the plain unit. */
const fitting = (steps: Step[], magnitude: number): Step => {
  const plain = steps.find(([factor]) => factor === 1) ?? [1, '']
  if (magnitude === 0) return plain
  const fits = steps.filter(([factor]) => Math.abs(magnitude) >= factor)
  return fits.at(-1) ?? steps[0] ?? plain
}

const scale = ([factor, suffix]: Step, base = 1): Scale => ({
  factor: factor / base,
  binary: false,
  format: (value) => {
    const scaled = (value * base) / factor
    // PromQL returns NaN for a division by zero and +Inf for a quantile beyond the last bucket.
    if (Number.isNaN(scaled)) return 'no value'
    if (!Number.isFinite(scaled)) return scaled > 0 ? '\u221e' : '-\u221e'
    return `${digits(scaled)}${suffix}`
  },
})

/** Three significant digits are what a chart can show; integers keep all of theirs up to ten thousand. */
const digits = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e6 || (size > 0 && size < 1e-4)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e')
  return String(size >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
}
