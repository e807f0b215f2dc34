import { withActions } from './action-list.ts'
import { union, withAlert, withoutAlert, withQuiet } from './alert-tally.ts'
import { withCommand } from './commander.ts'
import { type EffectType, effectKey } from './effect.ts'
import type { IncidentEvent, Step } from './event.ts'
import { withFirstStep } from './first-step-event.ts'
import { withHandovers } from './handover.ts'
import { type Incident, initial, type StepState, timesReminded } from './incident.ts'
import { acknowledged, declared, statusChanged } from './lifecycle.ts'
import { withMember, withoutMember } from './members.ts'
import { reach } from './milestones.ts'
import { withPages } from './page.ts'
import { withPrivacy } from './privacy.ts'
import { latestRanking } from './ranking.ts'
import { isActive } from './status.ts'
import { withUpdates } from './update.ts'

const LATEST_EVIDENCE = 12
const LATEST_CHANGES = 10
const LATEST_PAGES = 20

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

const step = (incident: Incident, name: Step, state: StepState): Incident['steps'] => ({
  ...incident.steps,
  [name]: state,
})

/** A step that is done leaves nothing to be retried. */
const stepDone = (incident: Incident, name: Step, text?: string): Pick<Incident, 'steps' | 'failures'> => ({
  steps: step(incident, name, { state: 'done', ...(text === undefined ? {} : { text }) }),
  failures: Object.fromEntries(
    Object.entries(incident.failures).filter(([, { effect }]) => STEP_OF_EFFECT[effect.type] !== name),
  ),
})

/** A person's word stands over an estimate, whichever came first. */
const withMilestone = (
  milestones: Incident['milestones'],
  { milestone, time, source, estimate }: Extract<IncidentEvent, { type: 'milestone_set' }>,
): Incident['milestones'] =>
  estimate && milestones[milestone]?.corrected
    ? milestones
    : { ...milestones, [milestone]: { at: time, source, corrected: !estimate, ...(estimate ? { estimate } : {}) } }

const without = (failures: Incident['failures'], effects: string[]): Incident['failures'] =>
  Object.fromEntries(Object.entries(failures).filter(([effect]) => !effects.includes(effect)))

/** Folds one event into the state. Total: any event in any state, because the log is older than this code. */
export const evolve = (before: Incident, event: IncidentEvent): Incident =>
  withCommand(withHandovers(withPages(fold(before, event), event), event), event)

const fold = (before: Incident, event: IncidentEvent): Incident => {
  const housekeeping = event.by === 'muster' && before.version > 0
  const activeAt = housekeeping ? before.activeAt : Math.max(before.activeAt, event.at)
  const incident = { ...before, version: before.version + 1, activeAt }
  switch (event.type) {
    case 'declared':
      return declared(incident, event)
    case 'alert_joined':
      return event.page
        ? { ...incident, pages: union(incident.pages ?? [], [event.alert.key]).slice(-LATEST_PAGES) }
        : withAlert(incident, event)
    case 'alert_detailed': {
      const { alert } = incident
      if (alert?.key !== event.alertKey) return incident
      // What the alert itself said stays: its source may have less to tell later.
      const known = Object.fromEntries(Object.entries(alert).filter(([, value]) => value !== undefined))
      return {
        ...incident,
        alert: { ...alert, ...event.details, ...known, labels: { ...event.details.labels, ...alert.labels } },
      }
    }
    case 'alert_resolved':
      return event.page ? incident : { ...incident, alerts: withQuiet(incident) }
    case 'alert_left':
      return event.page
        ? { ...incident, pages: (incident.pages ?? []).filter((key) => key !== event.alertKey) }
        : { ...incident, alerts: withoutAlert(incident, event) }
    case 'alert_activity':
      return event.activity === 'acknowledged'
        ? acknowledged(incident, event.at, 'acknowledged at the source')
        : incident
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
    case 'role_assigned': {
      const assigned: Incident = {
        ...incident,
        milestones:
          event.role === 'commander'
            ? reach(incident.milestones, 'commander', event.at, event.by === 'muster' ? 'appointed' : 'role taken')
            : incident.milestones,
        roles: { ...incident.roles, [event.role]: event.responder },
        people: union(incident.people, [event.responder]),
      }
      // Whoever Muster appointed may not have noticed yet.
      return event.by === 'muster' ? assigned : acknowledged(assigned, event.at, 'first role taken')
    }
    case 'role_released':
      return {
        ...incident,
        roles: Object.fromEntries(Object.entries(incident.roles).filter(([role]) => role !== event.role)),
      }
    case 'status_changed':
      return statusChanged(incident, event)
    case 'severity_changed':
      return { ...incident, severity: event.severity }
    case 'title_changed':
      return { ...incident, title: event.title }
    case 'service_changed':
      return { ...incident, service: event.service }
    case 'impact_described':
      return { ...incident, impact: event.text }
    case 'update_posted':
    case 'update_snoozed':
    case 'subscribed':
    case 'unsubscribed':
      return withUpdates(incident, event)
    case 'milestone_set':
      return { ...incident, milestones: withMilestone(incident.milestones, event) }
    case 'action_added':
    case 'action_done':
    case 'action_edited':
    case 'action_state_changed':
    case 'action_removed':
    case 'action_snoozed':
    case 'actions_reminded':
    case 'actions_digested':
      return withActions(incident, event)
    case 'first_step_checked':
      return { ...incident, firstSteps: withFirstStep(incident.firstSteps, event) }
    case 'member_joined':
      return withMember(incident, event.member)
    case 'member_left':
      return withoutMember(incident, event.member)
    case 'changes_searched':
      return { ...incident, changesSearched: { windowMs: event.windowMs } }
    case 'change_seen':
      return {
        ...incident,
        changes: [{ ...event.change, ...(event.relation ? { relation: event.relation } : {}) }, ...incident.changes]
          // Of too many, those of related services stay.
          .sort((a, b) => Number(!a.relation) - Number(!b.relation) || b.at - a.at)
          .slice(0, LATEST_CHANGES)
          .sort((a, b) => b.at - a.at),
      }
    case 'evidence_requested':
      // By the clock: nobody waits for it.
      if (event.phase === 'scheduled') return incident
      return { ...incident, steps: step(incident, 'evidence', { state: 'pending' }) }
    case 'evidence_collected': {
      const seen = event.snapshots.filter(({ standing }) => standing !== 'usual')
      const found = seen.filter(({ kind }) => kind !== 'missing').length
      const text = found === seen.length ? `${found} collected` : `${found} of ${seen.length} answered`
      const isNews = found > 0 || event.usual !== undefined || incident.evidence.length === 0
      return {
        ...incident,
        // A look that nothing answered does not hide the one before.
        ...(isNews ? { evidence: seen.slice(0, LATEST_EVIDENCE), evidenceAt: event.at } : {}),
        ...(isNews && (event.usual || incident.usual) ? { usual: event.usual ?? [] } : {}),
        ...stepDone(incident, 'evidence', text),
      }
    }
    case 'postmortem_drafted':
      return { ...incident, drafts: event.version }
    case 'step_refused':
    case 'effect_failed': {
      const failed = STEP_OF_EFFECT[event.effect.type]
      return {
        ...incident,
        failures: { ...incident.failures, [effectKey(event.effect)]: { effect: event.effect, reason: event.reason } },
        steps: failed ? step(incident, failed, { state: 'failed', text: event.reason }) : incident.steps,
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
    case 'reminded':
      return {
        ...incident,
        reminders: {
          ...incident.reminders,
          [event.kind]: {
            since: event.since,
            at: event.at,
            times: timesReminded(incident, event.kind, event.since) + 1,
          },
        },
      }
    case 'step_delayed':
      return incident.steps[event.step]?.state === 'done'
        ? incident
        : { ...incident, steps: step(incident, event.step, { state: 'pending', text: event.text }) }
    case 'page_answered':
      return event.answer === 'acknowledged' ? acknowledged(incident, event.at, 'page acknowledged') : incident
    case 'made_private':
    case 'channel_left':
    case 'access_requested':
    case 'access_granted':
      return withPrivacy(incident, event)
    case 'handover_offered':
      return { ...incident, people: union(incident.people, [event.to]) }
    case 'page_requested':
    case 'handover_answered':
    case 'handover_unanswered':
    case 'command_unclaimed':
    case 'effect_delayed':
    case 'paged':
    case 'page_unanswered':
    case 'page_escalated':
    case 'page_escalation_stopped':
    case 'page_ended':
    case 'pages_received':
    case 'noted':
    case 'message_marked':
    case 'time_corrected':
    case 'entry_edited':
    case 'entry_removed':
    case 'entry_restored':
    case 'postmortem_requested':
    case 'suspects_requested':
      return incident
    case 'cause_named':
      return { ...incident, cause: { service: event.service, ...(event.why ? { why: event.why } : {}) } }
    case 'similar_found':
      return { ...incident, similar: event.similar, playbook: event.playbook }
    case 'suspects_ranked':
      return { ...incident, ranking: latestRanking(incident.ranking, event) }
    default:
      return event satisfies never
  }
}

/** The state after these events. */
export const replay = (id: string, events: readonly IncidentEvent[]): Incident => events.reduce(evolve, initial(id))
