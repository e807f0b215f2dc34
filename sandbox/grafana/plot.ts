import { type Colour, picture } from './picture.ts'

/** Draws the series on a grid, without any text. */
export const plot = (
  { width, height }: { width: number; height: number },
  lines: readonly (readonly (number | null)[])[],
  dark: boolean,
): Buffer => {
  const background: Colour = dark ? [24, 27, 31] : [244, 245, 245]
  const grid: Colour = dark ? [50, 54, 60] : [222, 224, 227]
  const pixels = new Map<number, Colour>()
  const margin = Math.round(height / 10)
  const [inner, room] = [width - 2 * margin, height - 2 * margin]
  const known = lines.flat().filter((value) => value !== null)
  const top = known.reduce((most, value) => Math.max(most, value), 0) || 1
  const put = (x: number, y: number, colour: Colour) => {
    if (x >= 0 && x < width && y >= 0 && y < height) pixels.set(y * width + x, colour)
  }
  for (let row = 0; row <= 4; row++)
    for (let x = margin; x < width - margin; x++) put(x, margin + Math.round((room * row) / 4), grid)
  lines.forEach((line, i) => {
    let last: number | undefined
    for (let x = 0; x < inner; x++) {
      const value = line[Math.floor((x * line.length) / inner)] ?? null
      const y = value === null ? undefined : margin + Math.round(room * (1 - value / top))
      if (y !== undefined)
        for (let at = Math.min(y, last ?? y); at <= Math.max(y, last ?? y); at++)
          for (const thick of [0, 1]) put(margin + x, at + thick, COLOURS[i % COLOURS.length] as Colour)
      last = y
    }
  })
  return picture(width, height, (x, y) => pixels.get(y * width + x) ?? background)
}

const COLOURS: readonly Colour[] = [
  [115, 191, 105],
  [242, 204, 12],
  [87, 148, 242],
  [255, 120, 10],
]
