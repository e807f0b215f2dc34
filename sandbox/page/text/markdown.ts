import MarkdownIt, { type Token } from 'markdown-it'
import { html, type Shown } from '../html.ts'
import { withEmoji } from './emoji.ts'
import { Link } from './mentions.ts'

const parser = new MarkdownIt({ html: false, linkify: true })

/** Standard Markdown (the `markdown` block), rendered from the parser's tokens, never as HTML text. */
export function Markdown({ text }: { text: string }) {
  return html`<div class="prose markdown">${showTokens(parser.parse(text, {}))}</div>`
}

/** Renders a flat list of tokens: each opening token takes everything up to its closing token as children. */
function showTokens(tokens: Token[]): Shown[] {
  const shown: Shown[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (!token) break
    if (token.nesting === 1) {
      const end = closingOf(tokens, at)
      shown.push(showElement(token, showTokens(tokens.slice(at + 1, end))))
      at = end
    } else shown.push(showLeaf(token))
  }
  return shown
}

function closingOf(tokens: Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    depth += tokens[at]?.nesting ?? 0
    if (depth === 0) return at
  }
  return tokens.length
}

function showElement(token: Token, children: Shown[]): Shown {
  if (token.tag === 'a') return html`<${Link} url=${token.attrGet('href') ?? ''}>${children}<//>`
  // markdown-it: paragraphs in tight lists are hidden.
  if (token.hidden) return children
  const heading = /^h([1-6])$/.exec(token.tag)
  if (heading)
    return html`<p class="markdown-heading" role="heading" aria-level=${Math.min(6, Number(heading[1]) + 2)}>${children}</p>`
  if (token.tag === 'table')
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>${children}</table></div>`
  return html`<${token.tag} style=${token.attrGet('style') ?? undefined} start=${token.attrGet('start') ?? undefined}>${children}<//>`
}

function showLeaf(token: Token): Shown {
  switch (token.type) {
    case 'inline':
      return showTokens(token.children ?? [])
    case 'text':
      return withEmoji(token.content)
    case 'code_inline':
      return html`<code>${token.content}</code>`
    case 'fence':
    case 'code_block':
      return html`<pre tabindex="0"><code>${token.content.replace(/\n$/, '')}</code></pre>`
    case 'softbreak':
    case 'hardbreak':
      return html`<br />`
    case 'hr':
      return html`<hr />`
    case 'image':
      return html`<${Link} url=${token.attrGet('src') ?? ''}>${token.content || 'image'}<//>`
    default:
      return token.content
  }
}
