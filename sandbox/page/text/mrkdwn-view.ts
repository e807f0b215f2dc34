import { html } from '../html.ts'
import { Broadcast, ChannelMention, DateText, Emoji, GroupMention, Link, UserMention } from './mentions.ts'
import { type Inline, type Paragraph, parseInline, parseMrkdwn } from './mrkdwn.ts'

/** A mrkdwn text as paragraphs. */
export function Mrkdwn({ text }: { text: string }) {
  return html`<div class="prose">${parseMrkdwn(text).map(showParagraph)}</div>`
}

/** A mrkdwn text that stays on its line: topics, options, titles. */
export function MrkdwnLine({ text }: { text: string }) {
  return html`<span>${showInline(parseInline(text.replaceAll('\n', ' ')))}</span>`
}

/** mrkdwn text without paragraphs; the surrounding element keeps line breaks (`pre-line`). */
export const MrkdwnLines = ({ text }: { text: string }) => html`<span>${showInline(parseInline(text))}</span>`

function showParagraph(paragraph: Paragraph) {
  switch (paragraph.kind) {
    case 'text':
      return html`<p>${showInline(paragraph.children)}</p>`
    case 'quote':
      return html`<blockquote>${showInline(paragraph.children)}</blockquote>`
    case 'bullet':
      return html`<p class="bullet"><span class="bullet-mark">${paragraph.mark}</span><span>${showInline(paragraph.children)}</span></p>`
    case 'code':
      return html`<pre tabindex="0"><code>${paragraph.text}</code></pre>`
    default:
      return paragraph satisfies never
  }
}

export const showInline = (nodes: Inline[]) => nodes.map((node) => html`<${InlineView} node=${node} />`)

function InlineView({ node }: { node: Inline }) {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'bold':
      return html`<strong>${showInline(node.children)}</strong>`
    case 'italic':
      return html`<em>${showInline(node.children)}</em>`
    case 'strike':
      return html`<s>${showInline(node.children)}</s>`
    case 'code':
      return html`<code>${node.text}</code>`
    case 'emoji':
      return html`<${Emoji} name=${node.name} />`
    case 'link':
      return html`<${Link} url=${node.url}>${node.label === undefined ? readable(node.url) : showInline(labelNodes(node.label))}<//>`
    case 'user':
      return html`<${UserMention} id=${node.id} fallback=${node.label} />`
    case 'channel':
      return html`<${ChannelMention} id=${node.id} fallback=${node.label} />`
    case 'usergroup':
      return html`<${GroupMention} id=${node.id} fallback=${node.label} />`
    case 'broadcast':
      return html`<${Broadcast} name=${node.range} />`
    case 'date':
      return html`<${DateText} seconds=${node.seconds} format=${node.format} fallback=${node.fallback} link=${node.link} />`
    case 'break':
      return html`<br />`
    default:
      return node satisfies never
  }
}

/** A label may carry emoji and emphasis, but no link inside the link. */
const labelNodes = (label: string): Inline[] =>
  parseInline(label.replaceAll('<', '&lt;').replaceAll('>', '&gt;')).map((node) =>
    node.kind === 'link' ? { kind: 'text', text: node.url } : node,
  )

const readable = (url: string) => url.replace(/^mailto:/, '')
