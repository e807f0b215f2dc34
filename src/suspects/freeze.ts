import type { CaseFile } from './case-file.ts'
import type { RankingInput, Timed } from './input.ts'
import { measured } from './windows.ts'

/** Digits that are kept: far more than any score depends on, and a third of the bytes. */
const DIGITS = 5

/**
 * An input as a case file, to be ranked again later. Everything must lie on one grid, as live readings do. Rank this
 * file's input, so that file and ranking never differ by a rounding.
 */
export const caseOf = (input: RankingInput, { id, source }: { id: string; source: string }): CaseFile => {
  const grid = gridOf(input)
  const { start, stepSeconds } = grid
  const step = stepSeconds * 1000
  const values = (line: Timed) => onGrid(line, grid)
  return {
    id,
    source,
    stepSeconds,
    clock: { start, since: input.alert.since, now: input.now },
    onsetIndex: Math.max(0, Math.min(grid.points - 1, Math.round((input.alert.since - start) / step))),
    alert: { service: input.alert.service, signal: input.alert.signal },
    edges: input.edges.map(({ client, server, rate }) => ({ client, server, ...(rate ? { rate: values(rate) } : {}) })),
    virtual: [...input.virtual],
    ...(input.declared ? { declared: [...input.declared] } : {}),
    ...(input.created ? { created: [...input.created] } : {}),
    ...(input.down ? { down: [...input.down] } : {}),
    series: input.series.map((series) => {
      const { service, metric, signal, worse, unit, limit, dayBefore } = series
      return {
        service,
        metric,
        signal,
        worse,
        unit,
        values: values(series),
        ...(limit === undefined ? {} : { limit }),
        ...(dayBefore ? { dayBefore: values({ ...series, values: dayBefore }) } : {}),
      }
    }),
    edgeGaps: input.edgeGaps.map((gap) => {
      const { client, server } = gap
      if ('values' in gap) return { client, server, values: values(gap) }
      return { client, server, baselineMs: gap.baseline.map(rounded), testMs: gap.test.map(rounded) }
    }),
    changes: (input.changes ?? []).map(({ service, at, title, kind, url }) => ({
      service,
      title,
      minutesBefore: (input.alert.since - at) / 60_000,
      ...(kind === undefined ? {} : { kind }),
      ...(url === undefined ? {} : { url }),
    })),
  }
}

type Grid = { start: number; stepSeconds: number; points: number }

const gridOf = ({ series, edges, edgeGaps, now }: RankingInput): Grid => {
  const lines: Timed[] = [
    ...series,
    ...edges.flatMap(({ rate }) => rate ?? []),
    ...edgeGaps.flatMap((gap) => ('values' in gap ? [gap] : [])),
  ]
  const [first] = lines
  if (!first) return { start: now, stepSeconds: 60, points: 1 }
  const start = lines.reduce((earliest, line) => Math.min(earliest, line.start), first.start)
  const end = lines.reduce(
    (last, line) => Math.max(last, line.start + (line.values.length - 1) * first.stepSeconds * 1000),
    start,
  )
  return { start, stepSeconds: first.stepSeconds, points: Math.round((end - start) / (first.stepSeconds * 1000)) + 1 }
}

const onGrid = ({ start, values }: Timed, grid: Grid): (number | null)[] => {
  const offset = Math.round((start - grid.start) / (grid.stepSeconds * 1000))
  return Array.from({ length: grid.points }, (_, i) => rounded(values[i - offset] ?? null))
}

const rounded = (value: number | null): number | null => (measured(value) ? Number(value.toPrecision(DIGITS)) : null)
