import { html } from '../html.ts'
import { useStage, useStageActions } from './stage-session.ts'

/** What can be broken on purpose, to see what Muster makes of it. */
export function FaultSwitches() {
  const { faults } = useStage()
  const stage = useStageActions()
  if (faults.length === 0) return html`<p class="empty">Nothing can be broken here.</p>`
  return html`
    <ul class="faults">
      ${faults.map(
        ({ name, label, description, on, once }) => html`
        <li key=${name} class="fault">
          <div><div class="fault-label" id="fault-${name}">${label}</div><div class="hint">${description}</div></div>
          ${
            once
              ? html`<button type="button" class="button danger" id="press-${name}" aria-labelledby="press-${name} fault-${name}" onClick=${() => stage.turn(name, true)}>Do it</button>`
              : html`<button type="button" class="switch" role="switch" aria-checked=${on} aria-labelledby="fault-${name}" onClick=${() => stage.turn(name, !on)}><span></span></button>`
          }
        </li>`,
      )}
    </ul>`
}
