import { union } from './alert-tally.ts'
import { type EffectType, effectKey } from './effect.ts'
import type { IncidentEvent, Step } from './event.ts'
import type { Incident, StepState } from './incident.ts'
import { isActive } from './status.ts'

/** The checklist step of an effect. */
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

/** The checklist with one step's state changed. */
export const withStep = (incident: Incident, name: Step, state: StepState): Incident['steps'] => ({
  ...incident.steps,
  [name]: state,
})

/** A step that is done has nothing left to retry. */
export const stepDone = (incident: Incident, name: Step, text?: string): Pick<Incident, 'steps' | 'failures'> => ({
  steps: withStep(incident, name, { state: 'done', ...(text === undefined ? {} : { text }) }),
  failures: Object.fromEntries(
    Object.entries(incident.failures).filter(([, { effect }]) => STEP_OF_EFFECT[effect.type] !== name),
  ),
})

const without = (failures: Incident['failures'], effects: string[]): Incident['failures'] =>
  Object.fromEntries(Object.entries(failures).filter(([effect]) => !effects.includes(effect)))

type SetupEvent = Extract<
  IncidentEvent,
  {
    type:
      | 'channel_opened'
      | 'channel_lost'
      | 'people_invited'
      | 'responder_found'
      | 'message_posted'
      | 'step_done'
      | 'step_delayed'
      | 'step_refused'
      | 'effect_failed'
      | 'retried'
  }
>

/** The set-up state of an incident: its channel, people and messages, and the checklist of steps. */
export const withSetup = (incident: Incident, event: SetupEvent): Incident => {
  switch (event.type) {
    case 'channel_opened':
      return {
        ...incident,
        channel: { id: event.channel, name: event.name },
        failures: stepDone(incident, 'channel').failures,
        steps: {
          ...stepDone(incident, 'channel', event.name).steps,
          people: { state: 'pending' },
          summary: { state: 'pending' },
          pin: { state: 'pending' },
          topic: { state: 'pending' },
          bookmarks: { state: 'pending' },
          ...(incident.private ? {} : { announcement: { state: 'pending' } }),
        },
      }
    case 'channel_lost': {
      if (incident.channel?.id !== event.channel) return incident
      const { channel, ...others } = incident
      const { summary, postmortem, ...messages } = incident.messages
      // In a new channel everything is set up again, and everybody is invited again.
      const { people, summary: posted, pin, topic, bookmarks, ...steps } = incident.steps
      const step: StepState = isActive(incident.status) ? { state: 'pending' } : { state: 'failed', text: 'deleted' }
      return { ...others, messages, invited: [], steps: { ...steps, channel: step } }
    }
    case 'people_invited': {
      const absent = event.absent.length > 0 ? `; could not be invited: ${event.absent.join(', ')}` : ''
      return {
        ...incident,
        people: union(incident.people, event.people),
        invited: union(incident.invited, [...event.people, ...event.absent]),
        ...stepDone(incident, 'people', `${event.people.length} invited${absent}`),
      }
    }
    case 'responder_found':
      return {
        ...incident,
        found: [
          ...incident.found,
          { responder: event.responder, name: event.name, why: event.why, suggestedRole: event.suggestedRole },
        ].slice(-10),
        ...stepDone(incident, 'on_call', event.name),
      }
    case 'message_posted':
      return {
        ...incident,
        ...(event.message === 'summary' || event.message === 'announcement' ? stepDone(incident, event.message) : {}),
        messages: { ...incident.messages, [event.message]: { channel: event.channel, ts: event.ts } },
      }
    case 'step_done':
      return { ...incident, ...stepDone(incident, event.step, event.text) }
    case 'step_delayed':
      return incident.steps[event.step]?.state === 'done'
        ? incident
        : { ...incident, steps: withStep(incident, event.step, { state: 'pending', text: event.text }) }
    case 'step_refused':
    case 'effect_failed': {
      const failed = STEP_OF_EFFECT[event.effect.type]
      return {
        ...incident,
        failures: { ...incident.failures, [effectKey(event.effect)]: { effect: event.effect, reason: event.reason } },
        steps: failed ? withStep(incident, failed, { state: 'failed', text: event.reason }) : incident.steps,
      }
    }
    case 'retried': {
      const again = event.effects.flatMap(({ type }) => STEP_OF_EFFECT[type] ?? [])
      return {
        ...incident,
        failures: without(incident.failures, event.effects.map(effectKey)),
        steps: { ...incident.steps, ...Object.fromEntries(again.map((name) => [name, { state: 'pending' }])) },
      }
    }
  }
}
