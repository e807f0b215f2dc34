import { html } from '../html.ts'
import { useControlActions, useControls } from './control-session.ts'

/** Switches and buttons that inject faults. */
export function FaultSwitches() {
  const { faults } = useControls()
  const controls = useControlActions()
  if (faults.length === 0) return html`<p class="empty">Nothing can be broken here.</p>`
  return html`
    <ul class="faults">
      ${faults.map(
        ({ name, label, description, on, once }) => html`
        <li key=${name} class="fault">
          <div><div class="fault-label" id="fault-${name}">${label}</div><div class="hint">${description}</div></div>
          ${
            once
              ? html`<button type="button" class="button danger" id="press-${name}" aria-labelledby="press-${name} fault-${name}" onClick=${() => controls.turn(name, true)}>Do it</button>`
              : html`<button type="button" class="switch" role="switch" aria-checked=${on} aria-labelledby="fault-${name}" onClick=${() => controls.turn(name, !on)}><span></span></button>`
          }
        </li>`,
      )}
    </ul>`
}
