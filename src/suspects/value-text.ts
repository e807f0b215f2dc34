import { formatChange, formatLimit } from '../incident/unit.ts'

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

/** `220 → 648 (limit 648)`, `1.25 s → 9.3 s`, `98 % ok → 90 % ok`; `nothing` without a number. */
export const developmentText = (baseline: number | null, now: number | null, unit: string, limit?: number): string => {
  const written = unit === 'percent_ok' ? '%' : (UNITS[unit] ?? unit)
  const known = [baseline, now].filter((value) => value !== null)
  const texts = formatChange(known.map(significant), written)
  const said = (value: number | null) =>
    value === null ? 'nothing' : `${texts.shift()}${unit === 'percent_ok' ? ' ok' : ''}`
  const most = limit === undefined ? '' : ` (limit ${formatLimit(significant(limit), written)})`
  return `${said(baseline)} \u2192 ${said(now)}${most}`
}

/** Far below what three digits show beside any limit or baseline, subtraction leaves rounding errors instead of zero. */
const significant = (value: number): number => (Math.abs(value) < 1e-9 ? 0 : value)

/**
 * The unit to print beside a metric's values: none where the metric's own name says it, as in "connections 41 → 100";
 * of a rate only "/s" where the name says what is counted, as in "messages delivered 156 → 240/s".
 */
export const unitBeside = (metric: string, unit: string): string => {
  if (unit === 'requests_per_second' && /^(requests|messages)\b/i.test(metric)) return '/s'
  return !(unit in UNITS) && metric.includes(unit) ? '' : unit
}
