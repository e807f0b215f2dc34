import type { CardBlock, CarouselBlock } from '@slack/types'
import { ElementView } from '../elements/element.ts'
import { html } from '../html.ts'
import { Mrkdwn, MrkdwnLine } from '../text/mrkdwn-view.ts'
import { BlockImage, SmallImage } from './image.ts'

export const Card = ({ block }: { block: CardBlock }) => html`
  <article class="card">
    ${block.hero_image && html`<${BlockImage} image=${block.hero_image} class="card-hero" />`}
    <div class="card-head">
      ${block.icon && html`<${SmallImage} image=${block.icon} class="card-icon" />`}
      <div>
        ${block.title && html`<div class="card-title"><${MrkdwnLine} text=${block.title.text} /></div>`}
        ${block.subtitle && html`<div class="hint"><${MrkdwnLine} text=${block.subtitle.text} /></div>`}
      </div>
    </div>
    ${block.body && html`<${Mrkdwn} text=${block.body.text} />`}
    ${block.actions && html`<div class="actions">${block.actions.map((button) => html`<${ElementView} block=${block.block_id ?? ''} element=${button} />`)}</div>`}
  </article>`

/** A horizontally scrolling row of cards, also by keyboard. */
export const Carousel = ({ block }: { block: CarouselBlock }) => html`
  <div class="carousel" role="region" aria-label="${block.elements.length} cards" tabindex="0">
    ${block.elements.map((card, index) => html`<${Card} key=${index} block=${{ ...card, block_id: card.block_id ?? block.block_id }} />`)}
  </div>`
