import { useState } from 'preact/hooks'
import { html } from '../html.ts'
import { SidePane } from '../side-pane.ts'
import { FaultSwitches } from './fault-switches.ts'
import { Inspector } from './inspector.ts'
import { Outbox } from './outbox.ts'

const TABS = { requests: 'Requests', outbox: 'Outbox', faults: 'Faults' } as const
type Tab = keyof typeof TABS

/** Request inspector, outbox and fault switches, in tabs. */
export function ControlPanel() {
  const [tab, choose] = useState<Tab>('requests')
  const names = Object.keys(TABS) as Tab[]
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    const next = names[(names.indexOf(tab) + by + names.length) % names.length] ?? tab
    choose(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return html`
    <${SidePane} title="Control panel" wide tools=${html`<a class="button quiet" href="/metrics" target="_blank" rel="noopener">/metrics</a>`}>
      <div class="tabs" role="tablist" aria-label="Control panel" onKeyDown=${move}>
        ${names.map((name) => html`<button type="button" role="tab" id="tab-${name}" aria-selected=${tab === name} aria-controls="control-tab-panel" tabindex=${tab === name ? 0 : -1} onClick=${() => choose(name)}>${TABS[name]}</button>`)}
      </div>
      <div class="tab-panel" id="control-tab-panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="0">
        ${tab === 'requests' && html`<${Inspector} />`}
        ${tab === 'outbox' && html`<${Outbox} />`}
        ${tab === 'faults' && html`<${FaultSwitches} />`}
      </div>
    <//>`
}
