/** What one part of the bench found out: a table for people, figures for the file. */
export type Result = {
  name: string
  /** One sentence: what was measured, and what would be good. */
  about: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  figures: Record<string, unknown>
}

/** The middle one; the lower of the two middle ones in a list of even length. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  if (middle === undefined) throw new Error('There is no median of nothing.')
  return middle
}

/** A number rounded to a sensible precision. */
export const rounded = (value: number): number => Number(value.toPrecision(3))

/** The table as text, its columns aligned. */
export const tableOf = ({ columns, rows }: Pick<Result, 'columns' | 'rows'>): string => {
  const lines = [columns, ...rows]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)))
  return lines
    .map(
      (line) =>
        `  ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
    )
    .join('\n')
}
