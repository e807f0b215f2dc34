import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useControls } from '../control-panel/control-session.ts'
import { conversationName } from '../conversation/names.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { nextIndex } from '../keyboard.ts'
import { Popup } from '../popup.ts'
import { useSession, useWorkspace } from '../session.ts'
import { Attach } from './attach.ts'
import { complete, type Suggestion, usageOf } from './completion.ts'
import { ShortcutMenu } from './shortcut-menu.ts'
import { Suggestions } from './suggestions.ts'

/** The message box: messages, slash commands, mentions and emoji, with completion. */
export function Composer({ channel, threadTs }: { channel: string; threadTs?: string }) {
  const session = useSession()
  const workspace = useWorkspace()
  const { subcommands } = useControls()
  const [text, setText] = useState('')
  const [cursor, setCursor] = useState(0)
  const [active, setActive] = useState(0)
  const [isDismissed, dismiss] = useState(false)
  const [isSending, setSending] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const list = useId()
  const known = { ...workspace, subcommands }
  const completion = isDismissed ? undefined : complete(text, cursor, known)
  const usage = completion ? undefined : usageOf(text, known)
  const name = conversationName(workspace, channel)
  const placeholder = threadTs ? 'Reply…' : `Message ${name}`

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true })
  }, [])
  useLayoutEffect(() => {
    const box = field.current
    if (!box) return
    box.style.height = 'auto'
    // A long placeholder must not make an empty field taller than one line.
    if (text) box.style.height = `${box.scrollHeight}px`
  }, [text])

  const write = (next: string, at: number) => {
    const box = field.current
    if (box) {
      // Set directly: the next key press may come before the next render.
      box.value = next
      box.setSelectionRange(at, at)
    }
    setText(next)
    setCursor(at)
    setActive(0)
    dismiss(false)
  }
  const take = (suggestion: Suggestion | undefined) => {
    if (!suggestion || !completion) return
    const rest = text.slice(completion.to).replace(/^ /, '')
    write(text.slice(0, completion.from) + suggestion.insert + rest, completion.from + suggestion.insert.length)
    field.current?.focus()
  }
  const send = async () => {
    const said = text.trim()
    if (!said || isSending) return
    const command = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(said)
    setSending(true)
    setText('')
    const done = command
      ? await session.act({ type: 'command', channel, command: command[1] ?? '', text: command[2] ?? '' })
      : await session.act({ type: 'message', channel, text: said, ...(threadTs ? { threadTs } : {}) })
    setSending(false)
    // Restore a rejected message, unless something else has been typed since.
    if (!done) setText((now) => now || said)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const count = completion?.suggestions.length ?? 0
    const next = count > 0 && event.key.startsWith('Arrow') ? nextIndex(event.key, active, count) : undefined
    if (next !== undefined) {
      event.preventDefault()
      setActive(next)
    } else if (count > 0 && (event.key === 'Tab' || (event.key === 'Enter' && !isComplete()))) {
      event.preventDefault()
      take(completion?.suggestions[active])
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }
  /** Whether the text already equals the suggestion, so that Enter sends. */
  const isComplete = () => {
    const chosen = completion?.suggestions[active]
    return chosen !== undefined && text.slice(completion?.from ?? 0, cursor) === chosen.insert.trim()
  }
  const moved = () => setCursor(field.current?.selectionStart ?? 0)
  return html`
    <div class="composer">
      ${usage && html`<p class="usage"><code>${usage.command} ${usage.usage || usage.name}</code><span class="hint">${usage.summary}</span></p>`}
      <div ref=${frame} class="composer-frame">
        <${ShortcutMenu} />
        <${Attach} channel=${channel} threadTs=${threadTs} />
        <textarea ref=${field} class="composer-field" rows="1" placeholder=${placeholder} aria-label=${placeholder} value=${text}
          aria-autocomplete="list" aria-controls=${completion ? list : undefined} aria-activedescendant=${completion ? `${list}-${active}` : undefined}
          onInput=${(event: Event) => {
            const box = event.target as HTMLTextAreaElement
            setText(box.value)
            setCursor(box.selectionStart)
            setActive(0)
            dismiss(false)
          }}
          onKeyDown=${pressed} onKeyUp=${moved} onClick=${moved}></textarea>
        <button type="button" class="send" aria-label="Send" title="Send (Enter)" disabled=${!text.trim() || isSending} onClick=${send}><${Icon} name="send" size="16" /></button>
      </div>
      ${
        completion &&
        html`
        <${Popup} anchor=${frame} onClose=${() => dismiss(true)} fit above>
          <${Suggestions} list=${list} suggestions=${completion.suggestions} active=${active} onTake=${take} />
        <//>`
      }
    </div>`
}
