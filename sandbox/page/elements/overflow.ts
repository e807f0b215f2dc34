import type { Overflow } from '@slack/types'
import { useConfirm } from '../confirm.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { MenuButton } from '../menu.ts'
import { useSession } from '../session.ts'
import { destinationOf } from '../text/links.ts'
import { plain, TextLine } from '../text/text.ts'
import { type ElementProps, useElement } from './element.ts'

/** An overflow menu. */
export function OverflowMenu(props: ElementProps) {
  const { options, confirm } = props.element as unknown as Overflow
  const { click } = useElement(props)
  const session = useSession()
  const confirmed = useConfirm(confirm)
  const items = options.map((option) => ({
    label: html`<${TextLine} text=${option.text} />`,
    ...(option.description ? { hint: plain(option.description) } : {}),
    choose: async () => {
      if (!(await confirmed())) return
      const to = option.url ? destinationOf(option.url) : undefined
      if (to?.kind === 'outside') window.open(to.url, '_blank', 'noopener')
      else session.follow(to)
      await click({ selected_option: option })
    },
  }))
  return html`<${MenuButton} label="More actions" items=${items} class="button overflow"><${Icon} name="dots" /><//>`
}
