import type { Alert } from '../incident/alert.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import { replay } from '../incident/evolve.ts'
import { materialOf, postmortemData } from './data.ts'
import { fillTemplate, TemplateError } from './template.ts'

const AT = Date.UTC(2026, 2, 14, 3)
const ADA = 'U0ADA0001'
const stamp = (minutes: number, by = ADA) => ({ at: AT + minutes * 60_000, by })

const DECLARED: IncidentEvent = {
  ...stamp(0),
  type: 'declared',
  title: 'Checkout is slow',
  severity: 'sev2',
  status: 'investigating',
  service: 'checkout',
  private: false,
  drill: false,
}

const ALERT: Alert = {
  key: 'k',
  source: 'alertmanager',
  state: 'firing',
  title: 'Checkout is slow',
  startsAt: AT,
  description: 'Nine of ten requests wait.',
  value: '9.28',
  threshold: '2',
  labels: { namespace: 'shop' },
  runbookUrl: 'https://runbooks.example/slow',
  notes: ['One more alert was left out.'],
}

/** An incident with something in every place a template can print. */
const FULL: IncidentEvent[] = [
  { ...DECLARED, alert: ALERT },
  { ...stamp(1), type: 'role_assigned', role: 'commander', responder: ADA },
  { ...stamp(2), type: 'impact_described', text: 'Nobody can pay.' },
  ...['root cause', 'trigger', 'detection', 'resolution', 'went well', 'went wrong', 'lucky'].map(
    (label): IncidentEvent => ({ ...stamp(3), type: 'noted', text: `${label}: somebody should have seen it` }),
  ),
  {
    ...stamp(4, 'muster'),
    type: 'evidence_collected',
    phase: 'closing',
    snapshots: [
      { hash: 'a', kind: 'chart', source: 'prometheus', title: 'P90 latency', unit: 's', before: 1, now: 9 },
      { hash: 'b', kind: 'chart', source: 'prometheus', title: 'Requests', unit: 'req/s', before: 9, now: 9 },
      { hash: 'c', kind: 'missing', source: 'grafana', title: 'Dashboard', reason: 'Grafana did not answer.' },
    ],
  },
  { ...stamp(5), type: 'action_added', id: 1, text: '[corrective] Enlarge the pool (SHOP-12)', owner: ADA },
  { ...stamp(9), type: 'status_changed', status: 'resolved', text: 'The pool is larger.' },
  { ...stamp(10), type: 'status_changed', status: 'closed' },
]

/** Why a template cannot be used, in one sentence with its line; undefined when it works. */
export const checkTemplate = async (folder: string, name: string): Promise<string | undefined> => {
  for (const events of [FULL, [DECLARED]]) {
    try {
      fillTemplate(folder, name, await dataOf(events))
    } catch (error) {
      if (error instanceof TemplateError) return error.message
      throw error
    }
  }
  return undefined
}

const dataOf = async (events: IncidentEvent[]) => {
  const recorded = events.map((event, i): RecordedEvent => ({ ...event, seq: i + 1, recordedAt: event.at }))
  const itself = (id: string) => id
  const labels = { service: itself, severity: itself, role: itself }
  const message = { channel: 'C0INC0001', ts: `${AT / 1000}.000100`, at: AT, author: ADA, text: 'It is the pool.' }
  const conversation = { messages: [message], earlier: 0, parents: new Map() }
  const options = { timezone: 'Europe/Kyiv', labels, readSnapshot: async () => undefined, conversation }
  return postmortemData(await materialOf(replay('INC-1', events), recorded, options), recorded, () => 'Ada Berg')
}
