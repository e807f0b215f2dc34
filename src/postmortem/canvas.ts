import { createReader, type Token } from './markdown.ts'

/** Slack: a table of a canvas holds at most 300 cells; a longer one becomes a list. */
const MOST_CELLS = 300
/** Slack: at most 1 MiB of Markdown a call; the appendix is what makes a document long. */
const APPENDIX = /\n### Appendix[\s\S]*?(?=\n---\n)/

/**
 * A document as Slack's canvases take Markdown: three levels of headings, no lists inside quotes, no pictures (a canvas
 * cannot hold files by name, so their descriptions stay), long tables as lists, and without the appendix.
 */
export const canvasMarkdown = (markdown: string): string => {
  const tokens = createReader().parse(markdown.replace(APPENDIX, ''), {})
  const lines: string[] = []
  /** The numbers of the ordered lists we are in; null for bullets. */
  const lists: (number | null)[] = []
  for (const [i, token] of tokens.entries()) {
    const inline = tokens[i + 1]
    switch (token.type) {
      case 'heading_open':
        lines.push('', `${'#'.repeat(Math.min(3, Number(token.tag.slice(1))))} ${inlineOf(inline)}`, '')
        break
      case 'paragraph_open':
        if (lists.length > 0) lines.push(`${'  '.repeat(lists.length - 1)}${bullet(lists)}${inlineOf(inline)}`)
        else lines.push('', inlineOf(inline), '')
        break
      case 'bullet_list_open':
        lists.push(null)
        break
      case 'ordered_list_open':
        lists.push(Number(token.attrGet('start') ?? 1))
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        lists.pop()
        break
      case 'fence':
        lines.push('', `${token.markup}${token.info}`, token.content.trimEnd(), token.markup, '')
        break
      case 'hr':
        lines.push('', '---', '')
        break
      case 'table_open':
        lines.push('', ...tableOf(tokens.slice(i)), '')
        break
      default:
        break
    }
  }
  return `${lines
    .join('\n')
    .trim()
    .replace(/\n{3,}/g, '\n\n')}\n`
}

const bullet = (lists: (number | null)[]): string => {
  const number = lists.at(-1)
  if (typeof number !== 'number') return '- '
  lists[lists.length - 1] = number + 1
  return `${number}. `
}

/** Inline Markdown as it was written, but for pictures and bare addresses. */
const inlineOf = (token: Token | undefined): string => {
  const image = token?.children?.find(({ type }) => type === 'image')
  if (image) return `_${image.content}_`
  return (token?.content ?? '')
    .replace(/(?<!\]\()<(https?:\/\/[^\s>]+)>/g, '[$1]($1)')
    .replace(/\]\(<([^>]*)>\)/g, ']($1)')
}

const tableOf = (tokens: Token[]): string[] => {
  const rows: string[][] = []
  for (const [i, { type }] of tokens.entries()) {
    if (type === 'table_close') break
    if (type === 'tr_open') rows.push([])
    // A pipe in a cell is escaped again: the reader has taken its backslash away.
    if (type === 'th_open' || type === 'td_open')
      rows.at(-1)?.push(inlineOf(tokens[i + 1]).replace(/(?<!\\)\|/g, '\\|'))
  }
  const [head = [], ...body] = rows
  if (rows.length * head.length > MOST_CELLS)
    return body.map((cells) => `- **${cells[0]}** ${cells.slice(1).join(' · ')}`)
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`)
}
