import type { Content, TextRun } from 'pdfmake'
import type { Picture } from './html.ts'
import type { Token } from './markdown.ts'
import { runsOf } from './pdf-text.ts'

/** A4 less its margins, in points. */
const WIDTH = 499
const TALLEST_PICTURE = 300
const SOFT = '#5a6473'
const LINK = '#0b57b0'
const GAP = '#7a4a00'
const GAP_BACK = '#fff4dd'
const SHADE = '#f5f7fa'

/** The blocks of a document as pdfmake lays them out. */
export const blocksOf = (tokens: Token[], pictures: ReadonlyMap<string, Picture>): Content[] => {
  let i = 0
  /** Reads blocks until the token that closes the one we are in. */
  const until = (close: string | undefined): Content[] => {
    const blocks: Content[] = []
    for (; i < tokens.length && tokens[i]?.type !== close; i++) {
      const token = tokens[i] as Token
      const block = blockOf(token)
      if (block) blocks.push(block)
    }
    return blocks
  }
  const inside = (close: string): Content[] => {
    i += 1
    return until(close)
  }
  const blockOf = (token: Token): Content | undefined => {
    switch (token.type) {
      case 'heading_open': {
        const content = { text: inline(tokens[i + 1]), style: token.tag, headlineLevel: Number(token.tag.slice(1)) }
        i += 2
        return content
      }
      case 'paragraph_open': {
        const content = paragraph(tokens[i + 1], pictures)
        i += 2
        return content
      }
      case 'bullet_list_open':
        return { ul: items('bullet_list_close'), margin: [0, 2, 0, 4] }
      case 'ordered_list_open':
        return { ol: items('ordered_list_close'), margin: [0, 2, 0, 4] }
      case 'blockquote_open':
        return boxed({ stack: inside('blockquote_close') }, GAP_BACK, GAP)
      case 'fence':
        return boxed({ text: runs(token.content.trimEnd()), fontSize: 7.5, preserveLeadingSpaces: true }, SHADE)
      case 'table_open':
        return table()
      case 'hr':
        return { canvas: [{ type: 'line', x1: 0, y1: 6, x2: WIDTH, y2: 6, lineWidth: 0.5, lineColor: '#d9dee6' }] }
      default:
        return undefined
    }
  }
  const items = (close: string): Content[] => {
    const found: Content[] = []
    for (i += 1; tokens[i]?.type !== close; i++)
      if (tokens[i]?.type === 'list_item_open') found.push({ stack: inside('list_item_close') })
    return found
  }
  const table = (): Content => {
    const rows: Content[][] = []
    for (; tokens[i]?.type !== 'table_close'; i++) {
      const { type } = tokens[i] as Token
      if (type === 'tr_open') rows.push([])
      if (type === 'th_open' || type === 'td_open') {
        const cell = inline(tokens[i + 1])
        rows.at(-1)?.push(type === 'th_open' ? { text: cell, bold: true, fillColor: SHADE } : { text: cell })
      }
    }
    const body = { headerRows: 1, dontBreakRows: true, widths: widthsOf(rows), body: rows }
    return { table: body, layout: 'lightHorizontalLines', fontSize: 8, margin: [0, 4, 0, 8] }
  }
  return until(undefined)
}

const paragraph = (token: Token | undefined, pictures: ReadonlyMap<string, Picture>): Content => {
  const image = token?.children?.find(({ type }) => type === 'image')
  if (!image) return { text: inline(token), margin: [0, 2, 0, 4] }
  const picture = pictures.get(String(image.attrGet('src')))
  const caption: Content = { text: runs(image.content), color: SOFT, fontSize: 8, margin: [0, 2, 0, 10] }
  // pdfmake reads PNG and JPEG; of anything else the description stays.
  if (!picture || !/^image\/(png|jpeg)$/.test(picture.mediaType)) return caption
  const source = `data:${picture.mediaType};base64,${picture.bytes.toString('base64')}`
  return { stack: [{ image: source, fit: [WIDTH, TALLEST_PICTURE] }, caption], unbreakable: true, margin: [0, 6, 0, 0] }
}

const boxed = (content: Content, fill: string, line?: string): Content => ({
  table: { widths: ['*'], body: [[{ ...content, fillColor: fill }]] },
  layout: {
    hLineWidth: () => 0,
    vLineWidth: (column: number) => (line && column === 0 ? 3 : 0),
    vLineColor: () => line ?? fill,
    paddingLeft: () => 8,
    paddingRight: () => 8,
    paddingTop: () => 5,
    paddingBottom: () => 5,
  },
  margin: [0, 6, 0, 8],
})

/** Columns as wide as what they hold, within reason, in percent. */
const widthsOf = (rows: Content[][]): string[] => {
  const [head = []] = rows
  const weights = head.map((_cell, column) => {
    const texts = rows.map((row) => plainOf(row[column]))
    const most = (lengths: number[]) => lengths.reduce((a, b) => Math.max(a, b), 0)
    const word = most(texts.flatMap((text) => text.split(/\s/).map((one) => one.length)))
    // A column is never narrower than its longest word with its padding, and a long one no wider than is readable.
    return Math.max(Math.min(24, word + 4), Math.min(60, most(texts.map((text) => text.length))))
  })
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => `${((100 * weight) / sum).toFixed(2)}%`)
}

const plainOf = (cell: Content | undefined): string =>
  Array.isArray(cell?.text) ? cell.text.map(({ text }) => text).join('') : (cell?.text ?? '')

type Style = Omit<TextRun, 'text' | 'font'>

const runs = (text: string, style: Style = {}): TextRun[] => runsOf(text).map((run) => ({ ...run, ...style }))

/** The inline parts of a block, in runs that one font can write. */
const inline = (token: Token | undefined): TextRun[] => {
  const style: Style = {}
  const unset = (...names: (keyof Style)[]) => {
    for (const name of names) delete style[name]
  }
  return (token?.children ?? []).flatMap((child) => {
    switch (child.type) {
      case 'text':
        return runs(child.content, style)
      case 'code_inline':
        return runs(child.content, { ...style, background: SHADE })
      case 'softbreak':
      case 'hardbreak':
        return runs(child.type === 'softbreak' ? ' ' : '\n', style)
      case 'image':
        return runs(child.content, { ...style, color: SOFT })
      case 'strong_open':
        style.bold = true
        return []
      case 'em_open':
        style.color = GAP
        return []
      case 'link_open':
        Object.assign(style, { link: String(child.attrGet('href')), color: LINK })
        return []
      case 'strong_close':
        unset('bold')
        return []
      case 'em_close':
        unset('color')
        return []
      case 'link_close':
        unset('link', 'color')
        return []
      default:
        return []
    }
  })
}
