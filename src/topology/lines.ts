import type { Timed } from './call.ts'

/** Merges two series on one grid, value by value; a gap in one is filled from the other. */
export const folded = <Line extends Timed>(a: Line, b: Timed, fold: (x: number, y: number) => number): Line => ({
  ...a,
  values: a.values.map((x, i) => {
    const y = b.values[i] ?? null
    return x === null ? y : y === null ? x : fold(x, y)
  }),
})

/** Any number of lines on one grid as one; undefined of none. */
export const foldedAll = <Line extends Timed>(
  [first, ...others]: readonly Line[],
  fold: (x: number, y: number) => number,
): Line | undefined => others.reduce<Line | undefined>((sum, line) => sum && folded(sum, line, fold), first)

/** Two lines on one grid combined where both have a value; a gap in either is a gap. */
export const combined = (a: Timed, b: Timed, combine: (x: number, y: number) => number | null): Timed => ({
  ...a,
  values: a.values.map((x, i) => {
    const y = b.values[i] ?? null
    return x === null || y === null ? null : combine(x, y)
  }),
})

export const sum = (a: number, b: number): number => a + b
