import { shorten } from '../../incident/series.ts'

/**
 * The approximate width of a text in Inter, CSS pixels: text cannot be measured outside a browser. Rounded up, so that
 * words stay inside their box.
 */
export const widthOf = (text: string, size: number): number =>
  [...text].reduce((width, character) => width + size * emOf(character), 0)

const emOf = (character: string): number => {
  if (/[\u2e80-\uffef]|\p{Extended_Pictographic}/u.test(character)) return 1
  if (/[iljt.,:;|!'()[\] ]/.test(character)) return 0.34
  if (/[mwMW%@\u2192]/.test(character)) return 0.92
  return /\p{Lu}/u.test(character) ? 0.7 : 0.58
}

/** Text in lines no wider than `width`, broken after spaces and the joints of names; what does not fit ends in an ellipsis. */
export const wrapped = (
  text: string,
  { width, size, most }: { width: number; size: number; most: number },
): string[] => {
  const lines = linesOf(text, width, size)
  const last = lines[most - 1]
  if (lines.length <= most || last === undefined) return lines
  return [...lines.slice(0, most - 1), fitted(`${last}\u2026`, width, size)]
}

/** A name in lines; one that does not fit is cut in its middle, because the ends of names tell them apart. */
export const wrappedName = (
  name: string,
  { width, size, most }: { width: number; size: number; most: number },
): string[] => {
  for (let length = name.length; length > 2; length--) {
    const lines = linesOf(length === name.length ? name : shorten(name, length), width, size)
    if (lines.length <= most) return lines
  }
  return [fitted(name, width, size)]
}

const linesOf = (text: string, width: number, size: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const part of partsOf(text)) {
    if (line !== '' && widthOf(line + part.trimEnd(), size) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    // A part that no line can hold is broken where it must be.
    for (const character of part) {
      if (line !== '' && character !== ' ' && widthOf(line + character, size) > width) {
        lines.push(line.trimEnd())
        line = ''
      }
      line += character
    }
  }
  return [...lines, line.trimEnd()].filter((one) => one !== '')
}

/**
 * Pieces that a line may end after: words, and the parts of `pending-orders_v2.shop/api` and `PassthroughCluster`. The two
 * values of `41 → 648` and a limit beside its number stay on one line; so does a number.
 */
const partsOf = (text: string): string[] => {
  const parts =
    text
      .replace(/\s+/g, ' ')
      .trim()
      .match(/\d[\d.,]*\d\s?|[^\s\-_./]+?(?:[\s\-_./]|(?<=\p{Ll})(?=\p{Lu})|$)|[\s\-_./]/gu) ?? []
  const kept: string[] = []
  for (const part of parts) {
    const last = kept.at(-1) ?? ''
    // `196 ms →`: the number belongs to its unit.
    if (part === '\u2192 ' && !/^\d/.test(last) && /^[\d.,]+ $/.test(kept.at(-2) ?? '')) {
      kept.pop()
      kept[kept.length - 1] += last + part
    } else if (
      kept.length > 0 &&
      (part === '\u2192 ' || (/\u2192 $|^\(limit $|\u2192 [\d.,]+ $/.test(last) && isUnit(part, last)))
    )
      kept[kept.length - 1] = last + part
    else kept.push(part)
  }
  return kept
}

/** After an arrow or a limit anything belongs to it; after the second value only a short unit. */
const isUnit = (part: string, last: string): boolean =>
  !/\u2192 [\d.,]+ $/.test(last) || /^(%|[a-zµ]{1,2})$/i.test(part.trim())

/** The width of the widest piece of a name that is never broken if there is room. */
export const widestPart = (text: string, size: number): number =>
  Math.max(0, ...partsOf(text).map((part) => widthOf(part.trimEnd(), size)))

/** A line that is too wide, cut in its middle. */
const fitted = (text: string, width: number, size: number): string => {
  for (let length = text.length; length > 1; length--) {
    const candidate = length === text.length ? text : shorten(text, length)
    if (widthOf(candidate, size) <= width) return candidate
  }
  return text.slice(0, 1)
}
