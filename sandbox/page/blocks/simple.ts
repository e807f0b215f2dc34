import type {
  ActionsBlock,
  AlertBlock,
  ContextActionsBlock,
  ContextBlock,
  HeaderBlock,
  SectionBlock,
} from '@slack/types'
import { ElementView } from '../elements/element.ts'
import { html } from '../html.ts'
import { MrkdwnLines } from '../text/mrkdwn-view.ts'
import { plain, Text, TextLine } from '../text/text.ts'
import { SmallImage } from './image.ts'

export function Section({ block }: { block: SectionBlock }) {
  const id = block.block_id ?? ''
  return html`
    <div class="section">
      <div class="section-words">
        ${block.text && html`<${Text} text=${block.text} />`}
        ${block.fields && html`<div class="fields">${block.fields.map((field) => html`<${Text} text=${field} />`)}</div>`}
      </div>
      ${block.accessory && html`<div class="accessory"><${ElementView} block=${id} element=${block.accessory} /></div>`}
    </div>`
}

/** Heading levels in messages start below the page's own. */
export const Header = ({ block }: { block: HeaderBlock & { level?: number } }) =>
  html`<div class="header header-${block.level ?? 1}" role="heading" aria-level=${Math.min(6, (block.level ?? 1) + 2)}>${plain(block.text)}</div>`

export const Context = ({ block }: { block: ContextBlock }) => html`
  <div class="context">${block.elements.map((element) =>
    element.type === 'image'
      ? html`<${SmallImage} image=${element} class="context-image" />`
      : element.type === 'mrkdwn'
        ? html`<${MrkdwnLines} text=${element.text} />`
        : html`<${TextLine} text=${element} />`,
  )}</div>`

export const Actions = ({ block }: { block: ActionsBlock }) => html`
  <div class="actions">${block.elements.map((element) => html`<${ElementView} key=${element.action_id} block=${block.block_id ?? ''} element=${element} />`)}</div>`

export const ContextActions = ({ block }: { block: ContextActionsBlock }) => html`
  <div class="actions">${block.elements.map((element) => html`<${ElementView} block=${block.block_id ?? ''} element=${element} />`)}</div>`

export const Alert = ({ block }: { block: AlertBlock }) =>
  html`<div class="alert alert-${block.level ?? 'default'}" role="note"><${Text} text=${block.text} /></div>`
