import type { Alert } from './alert.ts'
import { Refusal } from './errors.ts'
import type { EvidencePhase, IncidentEvent, MessagePlace } from './event.ts'
import type { Incident } from './incident.ts'
import { MILESTONE_NAMES, type Milestone } from './milestones.ts'
import { isPerson } from './phrase.ts'
import { isActive, type Status, type WORKING_STATUSES } from './status.ts'

/** Who acts, and when (epoch ms): decisions read no clock of their own. */
export type Act = { by: string; at: number }

/** A policy: what follows, as facts, from somebody wanting something. Refuses with a `Refusal`; says nothing when nothing changes. */
export type Decision<Input> = (incident: Incident, input: Input, act: Act) => IncidentEvent[]

/** Everything needed to open an incident. */
export type Declaration = {
  title: string
  severity: string
  service?: string | undefined
  private?: boolean | undefined
  drill?: boolean | undefined
  /** Alerts that were too many at once, held together. */
  storm?: boolean | undefined
  /** `triage` holds it for a person to say whether it is an incident. */
  status?: 'triage' | 'investigating'
  alert?: Alert | undefined
  from?: string | undefined
}

/** The first fact of an incident. */
export const declare = (declaration: Declaration, act: Act): IncidentEvent[] => {
  const title = declaration.title.trim()
  if (!title) throw new Refusal('An incident needs a title: say in a few words what is broken.')
  const { severity, service, alert, from, status = 'investigating' } = declaration
  return [
    {
      ...act,
      type: 'declared',
      title,
      severity,
      status,
      private: declaration.private ?? false,
      drill: declaration.drill ?? false,
      ...(declaration.storm ? { storm: true } : {}),
      ...(service ? { service } : {}),
      ...(alert ? { alert } : {}),
      ...(from ? { from } : {}),
    },
  ]
}

const refuseUnlessActive = (incident: Incident, what: string): void => {
  if (!isActive(incident.status))
    throw new Refusal(
      `${incident.id} is ${incident.status}; ${what} only while it is open. \`/incident reopen\` opens it again.`,
    )
}

const waitsForTriage = (incident: Incident): Refusal =>
  new Refusal(`${incident.id} is waiting for triage: declare it or dismiss it first.`)

const refuseBlank = (text: string, what: string): void => {
  if (!text.trim()) throw new Refusal(`${what} needs words.`)
}

/** Somebody was faster, or Slack brought the same command twice: nothing changes, and what was said with it is kept. */
const keptWords = (act: Act, text?: string): IncidentEvent[] => (text?.trim() ? [{ ...act, type: 'noted', text }] : [])

/** The role `constructor` is held by nobody, either. */
const holderOf = (incident: Incident, role: string): string | undefined =>
  Object.hasOwn(incident.roles, role) ? incident.roles[role] : undefined

/** Gives a role to a responder; whoever held it is relieved by the same fact. */
export const assignRole: Decision<{ role: string; responder: string }> = (incident, { role, responder }, act) => {
  refuseUnlessActive(incident, 'roles can change')
  return holderOf(incident, role) === responder ? [] : [{ ...act, type: 'role_assigned', role, responder }]
}

/** Takes a role from whoever holds it. */
export const releaseRole: Decision<{ role: string }> = (incident, { role }, act) => {
  refuseUnlessActive(incident, 'roles can change')
  const responder = holderOf(incident, role)
  return responder ? [{ ...act, type: 'role_released', role, responder }] : []
}

/** Moves between the working states; resolving, cancelling and closing are decisions of their own. */
export const changeStatus: Decision<{ status: (typeof WORKING_STATUSES)[number]; text?: string | undefined }> = (
  incident,
  { status, text },
  act,
) => {
  refuseUnlessActive(incident, 'its status can change')
  if (incident.status === 'triage' && status !== 'investigating') throw waitsForTriage(incident)
  return incident.status === status ? keptWords(act, text) : [statusChanged(act, status, text)]
}

/** How bad it is, said anew. */
export const changeSeverity: Decision<{ severity: string; reason?: string | undefined }> = (
  incident,
  { severity, reason },
  act,
) => {
  refuseUnlessActive(incident, 'its severity can change')
  return incident.severity === severity
    ? keptWords(act, reason)
    : [{ ...act, type: 'severity_changed', severity, ...(reason ? { reason } : {}) }]
}

/** What it is about, said better. The channel keeps its name: links to it stay good. */
export const changeTitle: Decision<{ title: string }> = (incident, { title }, act) =>
  incident.title === title.trim() || !title.trim() ? [] : [{ ...act, type: 'title_changed', title: title.trim() }]

/** Who is harmed, and how. */
export const describeImpact: Decision<{ text: string }> = (incident, { text }, act) => {
  refuseBlank(text, 'The impact')
  return incident.impact === text ? [] : [{ ...act, type: 'impact_described', text }]
}

/** A line for the timeline. `time` (epoch ms) back-dates it; notes are welcome in every state, also long after. */
export const note: Decision<{ text: string; time?: number | undefined; link?: string | undefined }> = (
  _incident,
  { text, time, link },
  act,
) => {
  refuseBlank(text, 'A note')
  if (time !== undefined && time > act.at)
    throw new Refusal('That time is in the future; a note tells what has happened.')
  return [{ ...act, at: time ?? act.at, type: 'noted', text, ...(link ? { link } : {}) }]
}

/** Keeps a message for the timeline. What it says may follow: whoever marks it must not wait for Slack. */
export const markMessage: Decision<{
  message: MessagePlace
  text?: string | undefined
  author?: string | undefined
}> = (_incident, { message, text, author }, act) => [
  { ...act, type: 'message_marked', message, ...(text ? { text } : {}), ...(author ? { author } : {}) },
]

/** Tells everybody where things stand. */
export const postUpdate: Decision<{ text: string }> = (incident, { text }, act) => {
  if (incident.status === 'cancelled' || incident.status === 'merged')
    throw new Refusal(`${incident.id} is ${incident.status}; there is nobody left to update.`)
  refuseBlank(text, 'An update')
  return [{ ...act, type: 'update_posted', text }]
}

/** Corrects when a milestone was reached; the correction stands over anything automatic. */
export const setMilestone: Decision<{ milestone: Milestone; time: number; reason?: string | undefined }> = (
  incident,
  { milestone, time, reason },
  act,
) => {
  if (time > act.at) throw new Refusal(`${MILESTONE_NAMES[milestone]} cannot be in the future.`)
  return incident.milestones[milestone]?.at === time && incident.milestones[milestone].corrected
    ? []
    : [
        {
          ...act,
          type: 'milestone_set',
          milestone,
          time,
          source: `said by ${isPerson(act.by) ? `<@${act.by}>` : act.by}`,
          ...(reason ? { reason } : {}),
        },
      ]
}

/** Corrects when something on the timeline happened; the entry keeps its text and its author. */
export const correctTime: Decision<{ seq: number; time: number }> = (incident, { seq, time }, act) => {
  if (seq < 1 || seq > incident.version)
    throw new Refusal(`${incident.id} has no timeline entry ${seq}; \`/incident timeline\` shows their numbers.`)
  if (time > act.at) throw new Refusal('That time is in the future; the timeline tells what has happened.')
  return [{ ...act, type: 'time_corrected', entry: seq, time }]
}

/** Something to be done so that it does not come again. */
export const addAction: Decision<{ text: string; owner?: string | undefined }> = (incident, { text, owner }, act) => {
  refuseBlank(text, 'An action item')
  const id = Math.max(0, ...incident.actions.map((item) => item.id)) + 1
  return [{ ...act, type: 'action_added', id, text, ...(owner ? { owner } : {}) }]
}

/** An action item is done. */
export const completeAction: Decision<{ id: number }> = (incident, { id }, act) => {
  const item = incident.actions.find((one) => one.id === id)
  if (!item) throw new Refusal(`${incident.id} has no action item ${id}.`)
  return item.done ? [] : [{ ...act, type: 'action_done', id }]
}

/** The harm has ended. */
export const resolve: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'resolved' || incident.status === 'closed') return keptWords(act, text)
  refuseUnlessActive(incident, 'it can be resolved')
  if (incident.status === 'triage') throw waitsForTriage(incident)
  return [statusChanged(act, 'resolved', text)]
}

/** It was not over, or not nothing. */
export const reopen: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (isActive(incident.status)) return keptWords(act, text)
  const reopened = {
    ...act,
    type: 'status_changed' as const,
    status: 'investigating' as const,
    ...(text ? { text } : {}),
  }
  // Taking a merge back says from where, so that the alerts come home.
  return [incident.status === 'merged' && incident.mergedInto ? { ...reopened, into: incident.mergedInto } : reopened]
}

/** It is the same as another one: that one goes on, with the alerts of both. What people wrote stays where it is. */
export const mergeInto: Decision<{ into: string; text?: string | undefined }> = (incident, { into, text }, act) => {
  if (incident.id === into) throw new Refusal(`${into} is this incident; name another one.`)
  if (incident.status === 'merged' && incident.mergedInto === into) return keptWords(act, text)
  refuseUnlessActive(incident, 'it can be merged')
  return [{ ...act, type: 'status_changed', status: 'merged', into, ...(text ? { text } : {}) }]
}

/** It was a false alarm. */
export const cancel: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'cancelled') return keptWords(act, text)
  refuseUnlessActive(incident, 'it can be cancelled')
  return [statusChanged(act, 'cancelled', text)]
}

/** Nothing is left to do, the postmortem included. */
export const close: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'closed') return keptWords(act, text)
  if (incident.status !== 'resolved')
    throw new Refusal(`${incident.id} is ${incident.status}; resolve it before closing it.`)
  return [statusChanged(act, 'closed', text)]
}

/** Held alerts become an incident when a person says so. */
export const accept: Decision<Record<string, never>> = (incident, _input, act) =>
  incident.status === 'triage' ? [statusChanged(act, 'investigating', 'declared from triage')] : []

/** Looks at the outside once more. */
export const requestEvidence: Decision<{ phase: EvidencePhase }> = (_incident, { phase }, act) => [
  { ...act, type: 'evidence_requested', phase },
]

/** Writes the draft, or writes it again with what was learned since. */
/** Ranks the suspects now, for the incident's service or the one named. */
export const requestSuspects: Decision<{ service?: string | undefined }> = (incident, { service }, act) => {
  if (!isActive(incident.status)) throw new Refusal(`${incident.id} is not open: its rankings are in the postmortem.`)
  return [{ ...act, type: 'suspects_requested', ...(service === undefined ? {} : { service }) }]
}

export const requestPostmortem: Decision<Record<string, never>> = (incident, _input, act) => {
  if (isActive(incident.status))
    throw new Refusal(
      `${incident.id} is ${incident.status}; resolve it first, then the postmortem is drafted by itself.`,
    )
  if (incident.status === 'cancelled' || incident.status === 'merged')
    throw new Refusal(`${incident.id} was ${incident.status}; there is nothing to write up.`)
  return [{ ...act, type: 'postmortem_requested' }]
}

/** Wakes a person, or who is on call for a service. */
export const requestPage: Decision<({ responder: string } | { service: string }) & { text?: string | undefined }> = (
  incident,
  { text, ...whom },
  act,
) => {
  refuseUnlessActive(incident, 'people can be paged')
  return [{ ...act, type: 'page_requested', ...whom, ...(text ? { text } : {}) }]
}

/** Does again what ended in failure. */
export const retry: Decision<Record<string, never>> = (incident, _input, act) => {
  const failed = Object.values(incident.failures).map(({ effect }) => effect)
  return failed.length > 0 ? [{ ...act, type: 'retried', effects: failed }] : []
}

const statusChanged = (act: Act, status: Status, text?: string): IncidentEvent => ({
  ...act,
  type: 'status_changed',
  status,
  ...(text ? { text } : {}),
})
