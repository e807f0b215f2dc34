import { useEffect, useState } from 'preact/hooks'
import type { Exchange, InspectorView } from '../../control-api.ts'
import { subscribe } from '../api.ts'
import { classes, html } from '../html.ts'
import { useTimeZone } from '../session.ts'
import { dayKey, timeOfDay } from '../text/dates.ts'

/** Rows rendered; filters reach the rest. */
const SHOWN = 200
/** Rows kept, as many as the sandbox keeps. */
const KEPT = 1000

/** Requests between Muster and other services, newest first. */
export function Inspector() {
  const [exchanges, setExchanges] = useState<Exchange[]>([])
  const [contains, setContains] = useState('')
  const [other, setOther] = useState('')
  useEffect(() => {
    // Loaded after the stream is open, so that nothing is missed in between. Exchanges that arrive while the list loads
    // are newer than the list and are kept.
    const load = () => {
      setExchanges([])
      void fetch('/sandbox/inspector')
        .then((response) => response.json() as Promise<InspectorView>)
        .then((view) => setExchanges((live) => newestFirst(live, view.exchanges)))
        .catch(() => {})
    }
    return subscribe<Exchange>('/sandbox/inspector/events', {
      connected: load,
      event: (exchange) => setExchanges((known) => newestFirst([exchange], known)),
    })
  }, [])
  const parties = [...new Set(exchanges.map((exchange) => exchange.with))].sort()
  const found = exchanges.filter((exchange) => isWanted(exchange, contains, other))
  return html`
    <div class="inspector">
      <div class="inspector-bar">
        <input class="field field-small" type="search" placeholder="Filter" aria-label="Filter requests" value=${contains} onInput=${(event: Event) => setContains((event.target as HTMLInputElement).value)} />
        <div class="chips" role="group" aria-label="With whom">
          ${['', ...parties].map((party) => html`<button type="button" class="chip" aria-pressed=${other === party} onClick=${() => setOther(party)}>${party || 'all'}</button>`)}
        </div>
      </div>
      ${found.length === 0 && html`<p class="empty">${exchanges.length === 0 ? 'Nothing has gone over the wires yet. Play a story, or type a command.' : 'No request matches.'}</p>`}
      <ul class="exchanges">${found.slice(0, SHOWN).map((exchange) => html`<li key=${exchange.id}><${ExchangeView} exchange=${exchange} /></li>`)}</ul>
    </div>`
}

/** Merges two lists; for an exchange in both, the one in `newer` wins. */
const newestFirst = (newer: Exchange[], older: Exchange[]): Exchange[] =>
  [...newer, ...older.filter(({ id }) => !newer.some((one) => one.id === id))]
    .sort((a, b) => b.id - a.id)
    .slice(0, KEPT)

function ExchangeView({ exchange }: { exchange: Exchange }) {
  const [isOpen, open] = useState(false)
  const timezone = useTimeZone()
  const { direction, method, path, status, took, at } = exchange
  const refusal = /^\{"ok":false,"error":"(\w+)"/.exec(exchange.response ?? '')?.[1]
  const isBad = status !== undefined && (status === 0 || status >= 400 || refusal !== undefined)
  const arrow = direction === 'in' ? '→ Muster' : 'Muster →'
  return html`
    <details class=${classes('exchange', isBad && 'is-bad')} onToggle=${(event: Event) => open((event.target as HTMLDetailsElement).open)}>
      <summary>
        <span class="exchange-status">${status === undefined ? 'sent' : status || 'cut'}</span>
        <span class="exchange-path"><span class="exchange-method">${method}</span> ${path}</span>
        <span class="hint">${exchange.with} · ${arrow} · <time title=${dayKey(at / 1000, timezone)}>${timeOfDay(at / 1000, timezone)}</time>${took === undefined ? '' : ` · ${took} ms`}${refusal ? ` · ${refusal}` : ''}</span>
      </summary>
      ${
        isOpen &&
        html`
        <h3>Request</h3><pre tabindex="0"><code>${pretty(exchange.request)}</code></pre>
        <h3>Answer</h3><pre tabindex="0"><code>${pretty(exchange.response)}</code></pre>`
      }
    </details>`
}

const isWanted = ({ with: party, path, request = '', response = '' }: Exchange, contains: string, other: string) =>
  (other === '' || party === other) &&
  `${path} ${request} ${response}`.toLowerCase().includes(contains.trim().toLowerCase())

/** Pretty-prints JSON; returns anything else unchanged. */
function pretty(body = ''): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body || '(empty)'
  }
}
