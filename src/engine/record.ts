import { type Act, type Declaration, declare } from '../incident/decide.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import { isSameService } from '../incident/ranking.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { DirectWrite, Outcome, RoutedWrite, Store } from '../store/store.ts'

export type RecordOptions = {
  store: Store
  log: Log
  metrics: Metrics
  /** Called after every write that queued effects. */
  wake: () => void
}

/** An incident as it stands after a change, and what was written. */
export type Changed = { incident: Incident; events: RecordedEvent[]; repeated: boolean }

/** Every change to an incident goes through here: read, decide, append, then trigger the outbox. */
export const createRecord = ({ store, log, metrics, wake }: RecordOptions) => {
  const write = async <Result = undefined>(one: DirectWrite | RoutedWrite<Result>): Promise<Outcome<Result>> => {
    const outcome = await store.write(one)
    if (outcome.events.length > 0) wake()
    for (const event of outcome.events) {
      log.info('recorded', { incident: outcome.incident?.id, seq: event.seq, event: event.type, by: event.by })
      // A drill is excluded from statistics.
      if (event.type === 'cause_named' && outcome.incident?.ranking && !outcome.incident.drill) {
        const { label, suspects } = outcome.incident.ranking
        const right = isSameService(suspects[0]?.service ?? '', event.service)
        metrics.verdicts.inc({ label, right: right ? 'yes' : 'no' })
      }
      if (event.type === 'declared' && !event.drill)
        metrics.incidents.inc({ severity: event.severity, by: event.alert ? 'alert' : 'person' })
    }
    return outcome
  }

  const changed = (outcome: Outcome): Changed => {
    if (!outcome.incident) throw new Error('A change to one incident ended without one.')
    return { ...outcome, incident: outcome.incident }
  }

  return {
    write,

    /** Changes one incident. @throws Refusal when the decision refuses. */
    change: async (id: string, decide: (incident: Incident) => IncidentEvent[], once?: string): Promise<Changed> =>
      changed(await write({ to: id, decide, once })),

    /** Opens an incident under the next number. With `once`, a repetition returns the existing one. */
    declare: async (declaration: Declaration, act: Act, once?: string): Promise<Changed> =>
      changed(await write({ to: 'new', decide: () => declare(declaration, act), once })),
  }
}

export type Recorder = ReturnType<typeof createRecord>
