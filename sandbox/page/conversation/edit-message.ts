import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../slack/client-api.ts'
import { html } from '../html.ts'
import { useSession } from '../session.ts'
import { unescapeText } from '../text/mrkdwn.ts'

/** Editor for one's own message: Enter saves, Escape cancels. */
export function EditMessage({ message, onDone }: { message: MessageView; onDone: () => void }) {
  const session = useSession()
  const [text, setText] = useState(unescapeText(message.text))
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const save = async () => {
    if (text.trim() && (await session.act({ type: 'edit_message', channel: message.channel, ts: message.ts, text })))
      onDone()
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    void save()
  }
  return html`
    <div class="edit">
      <textarea ref=${field} class="field" rows="2" aria-label="Edit message" value=${text} onInput=${(event: Event) => setText((event.target as HTMLTextAreaElement).value)} onKeyDown=${pressed}></textarea>
      <div class="actions"><button type="button" class="button small" onClick=${onDone}>Cancel</button><button type="button" class="button small primary" onClick=${save}>Save</button></div>
    </div>`
}
