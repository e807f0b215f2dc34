import type { MrkdwnElement, PlainTextElement } from '@slack/types'
import { html } from '../html.ts'
import { withEmoji } from './emoji.ts'
import { unescapeText } from './mrkdwn.ts'
import { Mrkdwn, MrkdwnLine } from './mrkdwn-view.ts'

type TextObject = PlainTextElement | MrkdwnElement

/** The text of a plain_text object. */
export const plain = (text: { text: string; emoji?: boolean } | undefined) =>
  text === undefined ? '' : text.emoji === false ? text.text : withEmoji(unescapeText(text.text))

/** A text object, as paragraphs. */
export const Text = ({ text }: { text: TextObject }) =>
  text.type === 'mrkdwn'
    ? html`<${Mrkdwn} text=${text.text} />`
    : html`<div class="prose"><p class="plain">${plain(text)}</p></div>`

/** A text object on one line. */
export const TextLine = ({ text }: { text: TextObject }) =>
  text.type === 'mrkdwn' ? html`<${MrkdwnLine} text=${text.text} />` : html`<span>${plain(text)}</span>`
