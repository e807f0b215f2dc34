import { useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../slack/client-api.ts'
import { EmojiPicker } from '../emoji-picker.ts'
import { classes, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { Popup } from '../popup.ts'
import { useSession, useWorkspace } from '../session.ts'
import { emojiOf } from '../text/emoji.ts'

/** A message's reactions; clicking one toggles the viewer's own. */
export function Reactions({ message }: { message: MessageView }) {
  const session = useSession()
  const { people, me } = useWorkspace()
  if (message.reactions.length === 0) return null
  const named = (users: string[]) =>
    users.map((id) => people.find((person) => person.id === id)?.realName ?? id).join(', ')
  return html`
    <div class="reactions">
      ${message.reactions.map(({ name, users }) => {
        const isMine = users.includes(me.id)
        const react = () =>
          session.act({ type: 'reaction', channel: message.channel, ts: message.ts, name, remove: isMine })
        return html`
          <button type="button" class=${classes('reaction', isMine && 'is-mine')} aria-pressed=${isMine} aria-label="${name.replaceAll('_', ' ')}, ${users.length}" title="${named(users)} reacted with :${name}:" onClick=${react}>
            <span aria-hidden="true">${emojiOf(name) ?? `:${name}:`}</span><span>${users.length}</span>
          </button>`
      })}
      <${AddReaction} message=${message} class="reaction" />
    </div>`
}

/** Opens the emoji picker and adds the chosen reaction. */
export function AddReaction({ message, class: look }: { message: MessageView; class: string }) {
  const session = useSession()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, open] = useState(false)
  const close = () => {
    open(false)
    button.current?.focus()
  }
  const choose = (name: string) => {
    close()
    void session.act({ type: 'reaction', channel: message.channel, ts: message.ts, name })
  }
  return html`
    <button ref=${button} type="button" class=${look} aria-label="Add a reaction" title="Add a reaction" aria-expanded=${isOpen} onClick=${() => open(!isOpen)}><${Icon} name="smile" size="16" /></button>
    ${isOpen && html`<${Popup} anchor=${button} onClose=${close} end label="Choose an emoji"><${EmojiPicker} onChoose=${choose} /><//>`}`
}
