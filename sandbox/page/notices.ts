import { useLayoutEffect, useRef } from 'preact/hooks'
import { html } from './html.ts'
import { Icon } from './icons.ts'
import { useSession, useSessionState } from './session.ts'

/** What the workspace tells you in passing, above whatever stands open. */
export function Notices() {
  const session = useSession()
  const { notices } = useSessionState()
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    // What was shown last is on top: a notice must not hide behind a modal that was there before it.
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
