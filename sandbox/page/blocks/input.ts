import type { InputBlock as Input } from '@slack/types'
import { useId } from 'preact/hooks'
import { ElementView } from '../elements/element.ts'
import { classes, html } from '../html.ts'
import { useSurface } from '../surface.ts'
import { plain } from '../text/text.ts'

/** A labelled input with its hint and validation error. */
export function InputBlock({ block }: { block: Input }) {
  const id = useId()
  const surface = useSurface()
  const blockId = block.block_id ?? ''
  const error = surface.error(blockId)
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return html`
    <div class=${classes('input', error !== undefined && 'has-error')}>
      <div class="input-label" id="${id}-label">${plain(block.label)}${block.optional && html`<span class="hint"> (optional)</span>`}</div>
      <${ElementView} block=${blockId} element=${block.element} isInput=${!block.dispatch_action} required=${!block.optional}
        labelledBy="${id}-label" describedBy=${described || undefined} />
      ${error !== undefined && html`<p class="input-error" id="${id}-error" role="alert">${error}</p>`}
      ${block.hint && html`<p class="hint" id="${id}-hint">${plain(block.hint)}</p>`}
    </div>`
}
