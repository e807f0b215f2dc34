import type { ContainerBlock } from '@slack/types'
import { useId, useState } from 'preact/hooks'
import { classes, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { RichText } from '../text/rich-text.ts'
import { plain, TextLine } from '../text/text.ts'
import { Blocks } from './block.ts'
import { SmallImage } from './image.ts'

/** Blocks under a collapsible title. */
export function Container({ block }: { block: ContainerBlock }) {
  const [isFolded, fold] = useState(Boolean(block.is_collapsible && block.default_collapsed))
  const body = useId()
  const title = html`
    ${block.icon && html`<${SmallImage} image=${block.icon} class="container-icon" />`}
    <span class="container-words">
      <span class="container-title">${block.rich_text_title ? html`<${RichText} block=${block.rich_text_title} />` : plain(block.title)}</span>
      ${block.subtitle && html`<span class="hint"><${TextLine} text=${block.subtitle} /></span>`}
    </span>`
  const head = block.is_collapsible
    ? html`<button type="button" class="container-head" aria-expanded=${!isFolded} aria-controls=${body} onClick=${() => fold(!isFolded)}><${Icon} name="chevron" size="16" />${title}</button>`
    : html`<div class="container-head">${title}</div>`
  return html`
    <div class=${classes('container', `container-${block.width ?? 'standard'}`, isFolded && 'is-folded')}>
      ${head}
      <div id=${body} class="container-body" hidden=${isFolded}><${Blocks} blocks=${block.child_blocks} /></div>
    </div>`
}
