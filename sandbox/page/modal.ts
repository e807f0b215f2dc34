import { useState } from 'preact/hooks'
import type { ModalView } from '../slack/client-api.ts'
import { Blocks } from './blocks/block.ts'
import { Dialog } from './dialog.ts'
import { problemsIn } from './elements/problems.ts'
import { html } from './html.ts'
import { useSession, useSessionState } from './session.ts'
import { SurfaceProvider, useEntries } from './surface.ts'
import { plain } from './text/text.ts'

/** The topmost modal opened in this page. Closing it reveals the one below. */
export function Modals() {
  const { client } = useSession()
  const all = useSessionState().workspace?.modals ?? []
  const modals = all.filter((modal) => modal.client === undefined || modal.client === client)
  const top = modals.at(-1)
  return top ? html`<${Modal} key=${top.id} modal=${top} depth=${modals.length} />` : null
}

type Words = { text: string } | undefined

function Modal({ modal, depth }: { modal: ModalView; depth: number }) {
  const session = useSession()
  const { view } = modal
  const entries = useEntries(view.blocks)
  const [problems, setProblems] = useState<Record<string, string>>({})
  const [isSending, setSending] = useState(false)
  const close = () => void session.act({ type: 'close_modal', modal: modal.id })
  const submit = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    const state = entries.collect()
    const found = problemsIn(view.blocks, state)
    setProblems(found)
    if (Object.keys(found).length > 0) return
    setSending(true)
    await session.act({ type: 'submit_modal', modal: modal.id, state })
    setSending(false)
  }
  return html`
    <${Dialog} title=${plain(view.title as Words)} class=${depth > 1 ? 'modal is-stacked' : 'modal'} back=${depth > 1} onClose=${close}>
      <form class="modal-form" noValidate onSubmit=${submit}>
        <div class="dialog-body" tabindex="0" role="region" aria-label="Content">
          <${SurfaceProvider} where=${{ modal: modal.id }} entries=${entries} errors=${{ ...modal.errors, ...problems }}>
            <${Blocks} blocks=${view.blocks} />
          <//>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${plain(view.close as Words) || (view.submit ? 'Cancel' : 'Close')}</button>
          ${view.submit && html`<button type="submit" class="button primary" aria-busy=${isSending}>${plain(view.submit as Words)}</button>`}
        </footer>
      </form>
    <//>`
}
