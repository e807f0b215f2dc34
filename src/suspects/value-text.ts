import { formatValue } from '../incident/unit.ts'

/** The units of case files in Muster's names; any other unit is left as it is. */
const UNITS: Record<string, string> = {
  ms: 'ms',
  s: 's',
  percent: '%',
  ratio: 'ratio',
  requests_per_second: 'requests/s',
  requests_per_step: '',
  bytes: 'bytes',
  // Recorded without a unit: the bare number is printed.
  raw: '',
  seconds_or_ms: '',
}

/** A number in its unit: `1.25 s`, `98.2 % ok`, `12.5 requests/s`; `nothing` without a number. */
export const valueText = (value: number | null, unit: string): string => {
  if (value === null) return 'nothing'
  // Far below what three digits show beside any limit or baseline, subtraction leaves rounding errors instead of zero.
  const number = Math.abs(value) < 1e-9 ? 0 : value
  return unit === 'percent_ok' ? `${formatValue(number, '%')} ok` : formatValue(number, UNITS[unit] ?? unit)
}

/** The unit to print beside a metric's values: none where the metric's own name says it, as in "connections 41 → 100". */
export const unitBeside = (metric: string, unit: string): string =>
  !(unit in UNITS) && metric.includes(unit) ? '' : unit
