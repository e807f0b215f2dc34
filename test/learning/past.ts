import type { Alert } from '../../src/incident/alert.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { Incident } from '../../src/incident/incident.ts'
import { createLearning } from '../../src/learning/learning.ts'
import { createLog } from '../../src/platform/log.ts'
import type { Store } from '../../src/store/store.ts'
import { DANA, declared, MINUTE } from '../incident/facts.ts'
import { T } from '../store/databases.ts'

export const DAY = 86_400_000

export type Past = Partial<Extract<IncidentEvent, { type: 'declared' }>> & {
  /** Name of the alert's rule; the service is the incident's. */
  rule?: string
  labels?: Record<string, string>
  /** What was said at the end; `null` leaves it open. */
  outcome?: string | null
  notes?: string[]
  ends?: 'resolved' | 'cancelled'
}

let keys = 0
const alertOf = (rule: string, service: string | undefined, at: number, labels: Record<string, string>): Alert => ({
  key: `alertmanager:${++keys}`,
  source: 'alertmanager',
  state: 'firing',
  title: `${rule} on ${service}`,
  rule,
  labels,
  startsAt: at,
  ...(service ? { service } : {}),
})

/** The events of an incident that began at `at` and, as a rule, was resolved half an hour later. */
export const eventsOf = ({
  rule,
  labels = {},
  outcome,
  notes = [],
  ends = 'resolved',
  ...declaration
}: Past): IncidentEvent[] => {
  const { at = T - 7 * DAY, service } = declaration
  const by = declaration.by ?? DANA
  return [
    declared({ ...declaration, at, by, ...(rule ? { alert: alertOf(rule, service, at, labels) } : {}) }),
    ...notes.map((text): IncidentEvent => ({ at: at + 10 * MINUTE, by, type: 'noted', text })),
    ...(outcome === null
      ? []
      : [
          {
            at: at + 30 * MINUTE,
            by,
            type: 'status_changed' as const,
            status: ends,
            ...(outcome ? { text: outcome } : {}),
          },
        ]),
  ]
}

export const add = async (store: Store, past: Past): Promise<Incident> =>
  (await store.write({ to: 'new', decide: () => eventsOf(past) })).incident as Incident

export const learningOf = (store: Store, now = () => T) =>
  createLearning({ store, catalogue: new Map(), severities: [], now, log: createLog('silent') })
