/**
 * Formats a value for people: `9.28 s`, `18 %`, `1.5 GiB`, `1,020 searches/s`, `1.3 requests/min`. The unit is the one a
 * query or a Grafana panel declares (`s`, `ms`, `%`, `ratio`, `bytes`, `bytes/s`, `req/s`, `/s`, anything else as it
 * stands). Rounded to what a person would say; thresholds and limits are exact with `formatLimit`.
 */
export const formatValue = (value: number, unit = ''): string => {
  const { factor, round, write } = scaleFor(value, unit)
  return write(round(value / factor))
}

/** Formats a number that somebody chose, a threshold or a limit: with all digits that it is likely to have. */
export const formatLimit = (value: number, unit = ''): string => scaleFor(value, unit).format(value)

/**
 * The values of one signal as they develop, on one scale: `['217', '648 connections']`, `['0.02', '21/s']`,
 * `['997 ms', '4.4 min']`. A unit that is a word is said once, with the last of them.
 */
export const formatChange = (values: readonly number[], declared = ''): string[] => {
  if (isScaled(declared)) return values.map((value) => formatValue(value, declared))
  const [unit, noun] = [unitOf(declared), countedNoun(declared)]
  const largest = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite))
  const [rate, per] = noun === undefined ? PLAIN : fitting(RATES, largest)
  return values.map((value, i) => {
    const isLast = i === values.length - 1
    const { write, factor } = countScale(value, isLast ? (noun ?? unit) : '', [rate, isLast ? per : ''])
    const round = factor > rate ? threeDigits : unit === '' ? roundedNumber : roundedCount
    return write(round(value / factor))
  })
}

/** How the values of an axis or of one magnitude are formatted, so that all labels are consistent. */
export type Scale = {
  /** The factor to the query's unit: 60 where seconds are written as minutes. */
  factor: number
  /** Whether round numbers are powers of two, as for bytes. */
  binary: boolean
  /** `min`, `GiB/s`, `requests/min`, and its factor to the query's unit: without the prefix that thousands get. */
  unit: { name: string; factor: number }
  format(value: number): string
  /** A value in the scale's own unit, rounded to what a person would say. */
  round(scaled: number): number
  /** A value in the scale's own unit with its suffix. */
  write(scaled: number): string
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
/** Events a second; rare ones are counted by the minute or the hour. */
const RATES: Step[] = [
  [1 / 3600, '/h'],
  [1 / 60, '/min'],
  [1, '/s'],
]

const DIVISORS: Record<string, number> = { s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 }
/** Other names of the same units; those of panels: grafana-data/src/valueFormats/categories.ts. */
const ALIASES: Record<string, string> = {
  seconds: 's',
  milliseconds: 'ms',
  dtdurations: 's',
  percent: '%',
  percentunit: 'ratio',
  none: '',
  short: '',
  locale: '',
  'req/s': 'requests/s',
  reqps: 'requests/s',
  ops: 'ops/s',
  cps: '/s',
  mps: 'messages/s',
  eps: 'events/s',
  decbytes: 'bytes',
  Bps: 'bytes/s',
  binBps: 'bytes/s',
}

const BYTE_UNITS = /^(bytes|B|By)(\/s)?$/
const A_SECOND = /^([^/]*)\/s$/

const unitOf = (declared: string): string => ALIASES[declared] ?? declared

/** One per cent in a unit of shares; undefined for any other unit. */
const percentOf = (unit: string): number | undefined => (unit === '%' ? 1 : unit === 'ratio' ? 0.01 : undefined)

/** What is counted per second: `requests` of `req/s`, nothing of `/s`; undefined when nothing is, as for bytes. */
const countedNoun = (declared: string): string | undefined => {
  const unit = unitOf(declared)
  return BYTE_UNITS.test(unit) ? undefined : A_SECOND.exec(unit)?.[1]
}

/** Whether values of a unit are scaled (`ms`, `min`, `GiB`), so that each needs its suffix. */
const isScaled = (declared: string): boolean => {
  const unit = unitOf(declared)
  return percentOf(unit) !== undefined || unit in DIVISORS || BYTE_UNITS.test(unit)
}

/** What values carry where the unit stands nearby: a word would take half of a phone's width beside every line. */
export const axisUnit = (declared: string): string =>
  isScaled(declared) ? declared : countedNoun(declared) === undefined ? '' : '/s'

/** The most readable scale for a value of about this size. */
export const scaleFor = (magnitude: number, declared: string): Scale => {
  const unit = unitOf(declared)
  const percent = percentOf(unit)
  if (percent !== undefined) return scale([percent, ' %'], roundedPercent)
  const second = DIVISORS[unit]
  if (second) {
    const [factor, suffix] = fitting(DURATIONS, magnitude * second)
    return scale([factor / second, suffix], factor >= 60 ? roundedCount : threeDigits)
  }
  if (BYTE_UNITS.test(unit)) {
    const [factor, suffix] = fitting(BYTES, magnitude)
    return { ...scale([factor, unit.endsWith('/s') ? `${suffix}/s` : suffix], threeDigits), binary: true }
  }
  const noun = countedNoun(unit)
  return countScale(magnitude, noun ?? unit, noun === undefined ? PLAIN : fitting(RATES, magnitude))
}

const PLAIN: Step = [1, '']

/** The scale of things that are counted: in thousands from ten thousand on, and one of them in the singular. */
const countScale = (magnitude: number, word: string, [rate, per]: Step): Scale => {
  // Beyond the last prefix an exponent is clearer than thousands of P.
  const [thousands, prefix] = Math.abs(magnitude) < 1e18 ? fitting(THOUSANDS, magnitude / rate) : PLAIN
  const gap = word ? ' ' : ''
  const factor = rate * thousands
  const { write, ...rest } = scale([factor, `${prefix}${gap}${word}${per}`], prefix ? threeDigits : roundedCount)
  const counted = (scaled: number) => {
    if (scaled === 0) return `0${gap}${word}${per}`
    return scaled === 1 && !prefix ? `1${gap}${singular(word)}${per}` : write(scaled)
  }
  return {
    ...rest,
    ...(word + per === '' && !prefix ? { round: roundedNumber } : {}),
    unit: { name: word + per, factor: rate },
    write: counted,
    format: (value) => counted(value / factor),
  }
}

/** Up to where the next smaller step is easier to read: 9,500 rather than 9.5k, 0.5/s rather than 30/min. */
const READABLE: Record<string, number> = { k: 10, '/s': 0.1, '/min': 0.1 }

/** The largest step that leaves at least one whole unit; zero is written in the plain unit. */
const fitting = (steps: Step[], magnitude: number): Step => {
  const plain = steps.find(([factor]) => factor === 1) ?? [1, '']
  if (magnitude === 0 || Number.isNaN(magnitude)) return plain
  const fits = steps.filter(([factor, suffix]) => Math.abs(magnitude) >= factor * (READABLE[suffix] ?? 1))
  return fits.at(-1) ?? steps[0] ?? plain
}

const scale = ([factor, suffix]: Step, round: Scale['round']): Scale => {
  const write = (scaled: number): string => {
    // PromQL returns NaN for a division by zero and +Inf for a quantile beyond the last bucket.
    if (Number.isNaN(scaled)) return 'no value'
    if (!Number.isFinite(scaled)) return scaled > 0 ? '\u221e' : '-\u221e'
    return `${digits(scaled)}${suffix}`
  }
  const unit = { name: suffix.trim(), factor }
  return { factor, binary: false, unit, format: (value) => write(value / factor), round, write }
}

/** Three significant digits are what a chart can show, and 99.95 % is not 100 %; whole numbers keep all of theirs. */
const digits = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e6 || (size > 0 && size < 1e-4)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e')
  return (size >= 100 ? Math.round(value) : Number(value.toPrecision(size > 99 ? 4 : 3))).toLocaleString('en-US', {
    maximumFractionDigits: 6,
  })
}

const threeDigits = (value: number): number => (Math.abs(value) >= 100 ? value : Number(value.toPrecision(3)))

/** `0.02`, `3.1`, `32`, `1,024`: nobody counts tenths of connections, and everybody their exact limit. */
const roundedCount = (value: number): number => {
  const size = Math.abs(value)
  return size >= 10 ? Math.round(value) : Number(value.toPrecision(size < 0.1 ? 1 : 2))
}

/** A small number without a unit may be anything, so more of it is kept: `0.00646`. */
const roundedNumber = (value: number): number => (Math.abs(value) >= 10 ? Math.round(value) : threeDigits(value))

/** `85`, `2.3`, `0.2`. Just below 100 the decimals are what matters. */
const roundedPercent = (percent: number): number => {
  const size = Math.abs(percent)
  if (size > 99 && size < 100) return Number(percent.toFixed(2))
  return size >= 10 ? Math.round(percent) : Number(size < 1 ? percent.toPrecision(1) : percent.toFixed(1))
}

/** `connection`, `search`, `query`: of a unit that is a word in the plural; anything else as it stands. */
const singular = (word: string): string =>
  word
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|ss)es$/, '$1')
    .replace(/(?<=[a-z]{2}[^siu])s$/, '')
