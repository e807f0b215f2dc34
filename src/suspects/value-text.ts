/** What a unit's values look like to people: factor, digits and what follows the number. */
const UNITS: Record<string, { factor?: number; suffix: string }> = {
  ms: { suffix: ' ms' },
  s: { suffix: ' s' },
  percent: { suffix: ' %' },
  percent_ok: { suffix: ' % ok' },
  ratio: { factor: 100, suffix: ' %' },
  requests_per_second: { suffix: '/s' },
  requests_per_step: { suffix: '' },
  bytes: { factor: 1 / 1024 / 1024, suffix: ' MiB' },
  // Recorded without a unit: the bare number is the honest one.
  raw: { suffix: '' },
  seconds_or_ms: { suffix: '' },
}

/** A number in its unit, three significant digits: `1.25 s`, `98.2 % ok`, `12.5/s`. */
export const valueText = (value: number | null, unit: string): string => {
  if (value === null) return 'nothing'
  const { factor = 1, suffix } = UNITS[unit] ?? { suffix: unit ? ` ${unit}` : '' }
  return `${plain(value * factor)}${suffix}`
}

const plain = (value: number): string => {
  // Far below what three digits show beside any limit or baseline, subtraction leaves dust instead of zero.
  if (Math.abs(value) < 1e-9) return '0'
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

/** The unit to print beside a metric's values: none where the metric's own name says it, as in "connections 41 -> 100". */
export const unitBeside = (metric: string, unit: string): string =>
  !(unit in UNITS) && metric.includes(unit) ? '' : unit
