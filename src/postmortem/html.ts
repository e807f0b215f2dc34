import { slugOf } from '../incident/channel-name.ts'
import type { Table } from './call-graph.ts'
import { createReader, type Reader, withoutStyle } from './markdown.ts'
import { HTML_POLICY, STYLE } from './style.ts'

/** A picture that belongs to a document: the name its Markdown uses, the bytes, and the figures that it shows. */
export type Picture = { path: string; mediaType: string; bytes: Buffer; table?: Table }

/**
 * Markdown as one HTML page that needs nothing else: pictures inside, for light and dark screens and for paper. HTML in
 * the Markdown stays text; a picture that is not among `pictures` becomes its description.
 */
export const htmlPage = (
  markdown: string,
  {
    title,
    pictures,
    refreshSeconds,
    controls = '',
    policy = HTML_POLICY,
  }: {
    title: string
    pictures: Picture[] /** The page loads itself again so often. */
    refreshSeconds?: number | undefined
    /** HTML above the document, escaped by whoever made it. */
    controls?: string
    policy?: string
  },
): string => {
  const reader = readerOf(new Map(pictures.map((picture) => [picture.path, picture])))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reader.utils.escapeHtml(policy)}">
${refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${reader.utils.escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${controls}${reader.render(markdown, {})}</main>
</body>
</html>
`
}

const details = ({ title, columns, rows }: Table, escaped: (text: string) => string): string => {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>\n`).join('')
  return `<details><summary>${escaped(title)}</summary>
<div class="table" tabindex="0">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table>
</div>
</details>
`
}

const readerOf = (pictures: ReadonlyMap<string, Picture>): Reader => {
  const reader = createReader()
  const { rules } = reader.renderer

  rules.image = (tokens, at, options, env, renderer) => {
    const token = tokens[at]
    const description = renderer.renderInlineAsText(token?.children ?? [], options, env)
    const picture = pictures.get(String(token?.attrGet('src')))
    const alt = reader.utils.escapeHtml(description)
    return picture
      ? `<img alt="${alt}" src="data:${picture.mediaType};base64,${picture.bytes.toString('base64')}">`
      : `<em class="absent">${alt} (the picture is not here)</em>`
  }
  // Behind a picture that stands alone, its figures can be opened, without a script.
  rules.paragraph_close = (tokens, at, options, _env, renderer) => {
    const [only, ...others] = tokens[at - 1]?.children ?? []
    const table = only?.type === 'image' && others.length === 0 && pictures.get(String(only.attrGet('src')))?.table
    return `${renderer.renderToken(tokens, at, options)}${table && table.rows.length > 0 ? details(table, reader.utils.escapeHtml) : ''}`
  }
  rules.link_open = (tokens, at, options, _env, renderer) => {
    tokens[at]?.attrSet('rel', 'noopener noreferrer')
    return renderer.renderToken(tokens, at, options)
  }
  rules.em_open = (tokens, at, options, _env, renderer) => {
    if (tokens[at + 1]?.content.startsWith('Not known yet')) tokens[at]?.attrSet('class', 'unknown')
    return renderer.renderToken(tokens, at, options)
  }
  // A wide table scrolls by itself; the tabindex lets a keyboard do it.
  rules.table_open = () => '<div class="table" tabindex="0">\n<table>\n'
  rules.table_close = () => '</table>\n</div>\n'
  // The policy forbids style attributes, which is how markdown-it marks a column as aligned.
  const plain: NonNullable<typeof rules.td_open> = (tokens, at, options, _env, renderer) => {
    withoutStyle(tokens[at])
    return renderer.renderToken(tokens, at, options)
  }
  rules.td_open = plain
  rules.th_open = (tokens, at, ...rest) => {
    tokens[at]?.attrSet('scope', 'col')
    return plain(tokens, at, ...rest)
  }

  // A reader is made for one page, so this counts the headings of that page.
  const counts = new Map<string, number>()
  rules.heading_open = (tokens, at, options, _env, renderer) => {
    const slug = slugOf(tokens[at + 1]?.content ?? '').slice(0, 60) || 'section'
    const count = (counts.get(slug) ?? 0) + 1
    counts.set(slug, count)
    tokens[at]?.attrSet('id', count === 1 ? slug : `${slug}-${count}`)
    return renderer.renderToken(tokens, at, options)
  }
  return reader
}
