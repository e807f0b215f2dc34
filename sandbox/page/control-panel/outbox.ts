import { useEffect, useState } from 'preact/hooks'
import type { InspectorView, OutboxRow } from '../../control-api.ts'
import { html } from '../html.ts'

/** Polling interval while the outbox is visible, in milliseconds. */
const EVERY_MS = 1000

/** Muster's pending and failed effects. */
export function Outbox() {
  const [rows, setRows] = useState<OutboxRow[]>()
  useEffect(() => {
    const look = () =>
      fetch('/sandbox/inspector?with=nobody')
        .then((response) => response.json() as Promise<InspectorView>)
        .then((view) => setRows(view.outbox))
        .catch(() => setRows([]))
    void look()
    const timer = setInterval(look, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  if (!rows) return html`<p class="loading">Loading…</p>`
  if (rows.length === 0) return html`<p class="empty">Nothing waits. Every effect has been done.</p>`
  return html`
    <table class="table outbox">
      <thead><tr><th scope="col">Effect</th><th scope="col">State</th><th scope="col" class="number">Attempts</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.id}><td><code>${row.effect}</code><div class="hint">${row.id}</div></td><td>${row.state}${row.note && html`<div class="hint">${row.note}</div>`}</td><td class="number">${row.attempts}</td></tr>`)}</tbody>
    </table>`
}
