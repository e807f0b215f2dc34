import type { EffectType } from './effect.ts'
import type { Step } from './event.ts'
import type { Incident, StepState } from './incident.ts'

/** Which step of the checklist an effect works on. */
export const STEP_OF_EFFECT: Partial<Record<EffectType, Step>> = {
  open_channel: 'channel',
  invite: 'people',
  post_summary: 'summary',
  pin_summary: 'pin',
  set_topic: 'topic',
  add_bookmarks: 'bookmarks',
  announce: 'announcement',
  find_on_call: 'on_call',
  collect_evidence: 'evidence',
}

/** The steps after one of them changed. */
export const step = (incident: Incident, name: Step, state: StepState): Incident['steps'] => ({
  ...incident.steps,
  [name]: state,
})

/** A step that is done leaves nothing to be retried. */
export const stepDone = (incident: Incident, name: Step, text?: string): Pick<Incident, 'steps' | 'failures'> => ({
  steps: step(incident, name, { state: 'done', ...(text === undefined ? {} : { text }) }),
  failures: Object.fromEntries(
    Object.entries(incident.failures).filter(([, { effect }]) => STEP_OF_EFFECT[effect.type] !== name),
  ),
})
