import type { Button, FeedbackButtons as Feedback, IconButton as IconButtonElement } from '@slack/types'
import { useConfirm } from '../confirm.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useSession } from '../session.ts'
import { destinationOf } from '../text/links.ts'
import { plain } from '../text/text.ts'
import { type ElementProps, useElement } from './element.ts'

/** A button: asks for confirmation if configured, sends the action, and opens its link if it has one. */
export function ButtonElement(props: ElementProps) {
  const button = props.element as unknown as Button
  const { click, isBusy } = useElement(props)
  const session = useSession()
  const confirmed = useConfirm(button.confirm)
  const press = async () => {
    if (!(await confirmed())) return
    if (button.url) openLink(button.url)
    await click({ text: button.text, ...(button.value === undefined ? {} : { value: button.value }) })
  }
  const openLink = (url: string) => {
    const to = destinationOf(url)
    if (to?.kind === 'outside') window.open(to.url, '_blank', 'noopener')
    else session.follow(to)
  }
  const words = plain(button.text)
  return html`
    <button type="button" class="button ${button.style ?? ''}" aria-busy=${isBusy} aria-label=${button.accessibility_label}
      title=${words.length > 30 ? words : undefined} onClick=${press}>
      <span class="button-words">${words}</span>
    </button>`
}

export function IconButton(props: ElementProps) {
  const button = props.element as unknown as IconButtonElement
  const { click } = useElement(props)
  const confirmed = useConfirm(button.confirm)
  const press = async () => (await confirmed()) && click({ value: button.value })
  return html`<button type="button" class="icon-button" aria-label=${button.accessibility_label ?? plain(button.text)} title=${plain(button.text)} onClick=${press}><${Icon} name="close" /></button>`
}

export function FeedbackButtons(props: ElementProps) {
  const { positive_button: good, negative_button: bad } = props.element as unknown as Feedback
  const { click } = useElement(props)
  return html`<span class="actions">${[good, bad].map(
    (button) =>
      html`<button type="button" class="button" aria-label=${button.accessibility_label} onClick=${() => click({ value: button.value })}>${plain(button.text)}</button>`,
  )}</span>`
}
