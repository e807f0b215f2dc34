import type { RichTextBlock, RichTextElement } from '@slack/types'
import { html, type Shown } from '../html.ts'
import { Broadcast, ChannelMention, DateText, Emoji, GroupMention, Link, UserMention } from './mentions.ts'

type Part = RichTextBlock['elements'][number]

/** A rich_text block. */
export function RichText({ block }: { block: RichTextBlock }) {
  return html`<div class="prose rich-text">${(block.elements as Part[]).map(showPart)}</div>`
}

/** A rich text's plain text, for sorting and filtering. */
export const richTextWords = (block: RichTextBlock): string =>
  (block.elements as Part[])
    .flatMap((part) =>
      part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
    )
    .map((element) =>
      'text' in element ? element.text : 'url' in element ? element.url : 'name' in element ? element.name : '',
    )
    .join('')

function showPart(part: Part) {
  switch (part.type) {
    case 'rich_text_section':
      return html`<p class="plain">${showElements(part.elements)}</p>`
    case 'rich_text_quote':
      return html`<blockquote class="plain">${showElements(part.elements)}</blockquote>`
    case 'rich_text_preformatted':
      return html`<pre tabindex="0"><code>${showElements(part.elements)}</code></pre>`
    case 'rich_text_list': {
      const items = part.elements.map((item) => html`<li class="plain">${showElements(item.elements)}</li>`)
      const indent = `indent-${Math.min(part.indent ?? 0, 4)}`
      if (part.style === 'bullet') return html`<ul class=${indent}>${items}</ul>`
      return html`<ol class=${indent} start=${1 + ((part as { offset?: number }).offset ?? 0)}>${items}</ol>`
    }
    default:
      return part satisfies never
  }
}

const showElements = (elements: RichTextElement[]) => elements.map((element) => styled(element, showElement(element)))

function showElement(element: RichTextElement): Shown {
  switch (element.type) {
    case 'text':
      return element.text
    case 'link':
      return html`<${Link} url=${element.url}>${element.text ?? element.url}<//>`
    case 'user':
      return html`<${UserMention} id=${element.user_id} />`
    case 'channel':
      return html`<${ChannelMention} id=${element.channel_id} />`
    case 'usergroup':
      return html`<${GroupMention} id=${element.usergroup_id} />`
    case 'broadcast':
      return html`<${Broadcast} name=${element.range} />`
    case 'emoji':
      return html`<${Emoji} name=${element.name} />`
    case 'date':
      return html`<${DateText} seconds=${element.timestamp} format=${element.format} fallback=${element.fallback ?? ''} link=${element.url} />`
    case 'color':
      return html`<code>${element.value}</code>`
    case 'team':
      return element.team_id
    default:
      return element satisfies never
  }
}

function styled(element: RichTextElement, shown: Shown): Shown {
  const style = element.style ?? {}
  let result = shown
  if (style.code) result = html`<code>${result}</code>`
  if (style.bold) result = html`<strong>${result}</strong>`
  if (style.italic) result = html`<em>${result}</em>`
  if (style.strike) result = html`<s>${result}</s>`
  return result
}
