import { useRef } from 'preact/hooks'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useSession } from '../session.ts'

/** Shares a picture, as Slack's paper clip does. */
export function Attach({ channel, threadTs }: { channel: string; threadTs?: string | undefined }) {
  const session = useSession()
  const input = useRef<HTMLInputElement>(null)
  const share = async () => {
    const [file] = input.current?.files ?? []
    if (!file || !input.current) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    input.current.value = ''
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    await session.act({ type: 'share_file', channel, name: file.name, base64, ...(threadTs ? { threadTs } : {}) })
  }
  return html`
    <input ref=${input} type="file" accept="image/*" hidden onChange=${share} />
    <button type="button" class="icon-button" aria-label="Share a picture" title="Share a picture" onClick=${() => input.current?.click()}><${Icon} name="clip" size="18" /></button>`
}
