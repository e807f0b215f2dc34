import { useLayoutEffect, useRef } from 'preact/hooks'
import { html } from './html.ts'
import { Icon } from './icons.ts'
import { useSession, useSessionState } from './session.ts'

/** Toast notifications, above everything else. */
export function Notices() {
  const session = useSession()
  const { notices } = useSessionState()
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    // The top layer is ordered by opening: reopen, so that a notice is not hidden behind a modal.
    box.current?.hidePopover()
    if (notices.length > 0) box.current?.showPopover()
  }, [notices])
  return html`
    <div ref=${box} class="notices" popover="manual">
      ${notices.map(
        ({ id, text, tone }) => html`
        <div key=${id} class="notice notice-${tone}" role="alert">
          <span>${text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => session.dismiss(id)}><${Icon} name="close" size="14" /></button>
        </div>`,
      )}
    </div>`
}
