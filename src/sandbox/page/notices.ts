import { html } from './html.ts'
import { Icon } from './icons.ts'
import { useSession, useSessionState } from './session.ts'

/** What the workspace tells you in passing. */
export function Notices() {
  const session = useSession()
  const { notices } = useSessionState()
  return html`
    <div class="notices" role="status" aria-live="polite">
      ${notices.map(
        ({ id, text, tone, open }) => html`
        <div key=${id} class="notice notice-${tone}">
          <span>${text}</span>
          ${
            open &&
            html`<button type="button" class="button small" onClick=${() => {
              session.openSide(open.side)
              session.dismiss(id)
            }}>${open.label}</button>`
          }
          <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => session.dismiss(id)}><${Icon} name="close" size="14" /></button>
        </div>`,
      )}
    </div>`
}
