import type { Alert } from './alert.ts'
import { Refusal } from './errors.ts'
import type { EvidencePhase, IncidentEvent, MessagePlace } from './event.ts'
import { hiddenSteps } from './hidden-channel.ts'
import type { Incident } from './incident.ts'
import { MILESTONE_NAMES, type Milestone } from './milestones.ts'
import { isPerson } from './phrase.ts'
import { isSameService } from './ranking.ts'
import { FROM_TRIAGE, isActive, type Status, type WORKING_STATUSES } from './status.ts'

/** Who acts, and when (epoch ms): decisions do not read the clock. */
export type Act = { by: string; at: number }

/** A policy: which events follow from a request. Throws a `Refusal`; returns no events when nothing changes. */
export type Decision<Input> = (incident: Incident, input: Input, act: Act) => IncidentEvent[]

/** Everything needed to open an incident. */
export type Declaration = {
  title: string
  severity: string
  service?: string | undefined
  private?: boolean | undefined
  drill?: boolean | undefined
  /** For a private incident: invite the person on call. */
  inviteOnCall?: boolean | undefined
  /** An alert storm, held together. */
  storm?: boolean | undefined
  /** `triage` waits for a person to say whether it is an incident. */
  status?: 'triage' | 'investigating'
  alert?: Alert | undefined
  from?: string | undefined
  /** The message it is declared from becomes the first timeline entry. */
  message?: DeclaredMessage | undefined
}

/** A message as Slack delivers it with a shortcut; it may be in a channel Muster cannot read. */
export type DeclaredMessage = MessagePlace & {
  text: string
  thread?: string | undefined
  author?: string | undefined
  link?: string | undefined
}

/** The first event of an incident. */
export const declare = (declaration: Declaration, act: Act): IncidentEvent[] => {
  const title = declaration.title.trim()
  if (!title) throw new Refusal('An incident needs a title. Say in a few words what is broken.')
  const { severity, service, alert, from, message, status = 'investigating' } = declaration
  return [
    {
      ...act,
      type: 'declared',
      title,
      severity,
      status,
      private: declaration.private ?? false,
      drill: declaration.drill ?? false,
      ...(declaration.inviteOnCall ? { inviteOnCall: true } : {}),
      ...(declaration.storm ? { storm: true } : {}),
      ...(service ? { service } : {}),
      ...(alert ? { alert } : {}),
      ...(from ? { from } : {}),
    },
    ...(message ? [sourceMarked(message, act)] : []),
  ]
}

const sourceMarked = ({ channel, ts, text, thread, author, link }: DeclaredMessage, act: Act): IncidentEvent => ({
  ...act,
  type: 'message_marked',
  message: { channel, ts },
  text,
  ...(author ? { author } : {}),
  ...(link ? { link } : {}),
  source: thread ? { thread } : {},
})

const refuseUnlessActive = (incident: Incident, what: string): void => {
  if (!isActive(incident.status))
    throw new Refusal(
      `${incident.id} is ${incident.status}, and ${what} only while it is open. \`/incident reopen\` reopens it.`,
    )
}

const waitsForTriage = (incident: Incident): Refusal =>
  new Refusal(
    `${incident.id} is waiting in triage. \`/incident accept\` declares it, \`/incident cancel\` dismisses it.`,
  )

const refuseBlank = (text: string, what: string): void => {
  if (!text.trim()) throw new Refusal(`${what} needs some text.`)
}

/** If someone else made the change first, or Slack delivered it twice, the text becomes a note. */
const keptAsNote = (act: Act, text?: string): IncidentEvent[] => (text?.trim() ? [{ ...act, type: 'noted', text }] : [])

/** Own members only: `constructor` is not a role. */
const holderOf = (incident: Incident, role: string): string | undefined =>
  Object.hasOwn(incident.roles, role) ? incident.roles[role] : undefined

/** Assigns a role; the same event relieves its previous holder. */
export const assignRole: Decision<{ role: string; responder: string }> = (incident, { role, responder }, act) => {
  refuseUnlessActive(incident, 'roles can change')
  return holderOf(incident, role) === responder ? [] : [{ ...act, type: 'role_assigned', role, responder }]
}

/** Releases a role from whoever holds it. */
export const releaseRole: Decision<{ role: string }> = (incident, { role }, act) => {
  refuseUnlessActive(incident, 'roles can change')
  const responder = holderOf(incident, role)
  return responder ? [{ ...act, type: 'role_released', role, responder }] : []
}

/** Moves between the working states; resolving, cancelling and closing are separate decisions. */
export const changeStatus: Decision<{ status: (typeof WORKING_STATUSES)[number]; text?: string | undefined }> = (
  incident,
  { status, text },
  act,
) => {
  refuseUnlessActive(incident, 'its status can change')
  if (incident.status === 'triage' && status !== 'investigating') throw waitsForTriage(incident)
  return incident.status === status ? keptAsNote(act, text) : [statusChanged(act, status, text)]
}

/** Changes the severity. */
export const changeSeverity: Decision<{ severity: string; reason?: string | undefined }> = (
  incident,
  { severity, reason },
  act,
) => {
  refuseUnlessActive(incident, 'its severity can change')
  return incident.severity === severity
    ? keptAsNote(act, reason)
    : [{ ...act, type: 'severity_changed', severity, ...(reason ? { reason } : {}) }]
}

/** Changes the title. */
export const changeTitle: Decision<{ title: string }> = (incident, { title }, act) =>
  incident.title === title.trim() || !title.trim() ? [] : [{ ...act, type: 'title_changed', title: title.trim() }]

/** Changes which service is affected; `service` is an id of the catalogue. */
export const changeService: Decision<{ service: string }> = (incident, { service }, act) => {
  refuseUnlessActive(incident, 'its service can change')
  const from = incident.service
  return from === service ? [] : [{ ...act, type: 'service_changed', service, ...(from ? { from } : {}) }]
}

/** Describes who is affected, and how. */
export const describeImpact: Decision<{ text: string }> = (incident, { text }, act) => {
  refuseBlank(text, 'The impact')
  return incident.impact === text ? [] : [{ ...act, type: 'impact_described', text }]
}

/** Adds a timeline entry, in any status. `time` (epoch ms) back-dates it; `assistant` marks machine-written text. */
export const note: Decision<{
  text: string
  time?: number | undefined
  link?: string | undefined
  assistant?: { client?: string; for?: string }
}> = (_incident, { text, time, link, assistant }, act) => {
  refuseBlank(text, 'A note')
  if (time !== undefined && time > act.at)
    throw new Refusal('That time is in the future. A note records what has happened.')
  return [
    {
      ...act,
      at: time ?? act.at,
      type: 'noted' as const,
      text,
      ...(link ? { link } : {}),
      ...(assistant ? { assistant } : {}),
    },
  ]
}

/** Corrects when a milestone was reached; the correction overrides automatic values. */
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

/** Corrects when a timeline entry happened; the entry keeps its text and author. */
export const correctTime: Decision<{ seq: number; time: number }> = (incident, { seq, time }, act) => {
  if (seq < 1 || seq > incident.version)
    throw new Refusal(`${incident.id} has no timeline entry ${seq}; \`/incident timeline\` shows their numbers.`)
  if (time > act.at) throw new Refusal('That time is in the future. The timeline records what has happened.')
  return [{ ...act, type: 'time_corrected', entry: seq, time }]
}

/** Resolves the incident: nobody is affected any more. */
export const resolve: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'resolved' || incident.status === 'closed') return keptAsNote(act, text)
  refuseUnlessActive(incident, 'it can be resolved')
  if (incident.status === 'triage') throw waitsForTriage(incident)
  return [statusChanged(act, 'resolved', text)]
}

/** Reopens an incident that was over, or undoes a merge. */
export const reopen: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (isActive(incident.status)) return keptAsNote(act, text)
  if (incident.imported)
    throw new Refusal(
      `${incident.id} was imported and has no channel here. \`/incident declare\` opens a new incident; \`/incident similar\` there finds this one.`,
    )
  const reopened = {
    ...act,
    type: 'status_changed' as const,
    status: 'investigating' as const,
    ...(text ? { text } : {}),
  }
  // Undoing a merge names the other incident, which returns the alerts.
  return [incident.status === 'merged' && incident.mergedInto ? { ...reopened, into: incident.mergedInto } : reopened]
}

/** Merges it into another incident, which takes over the alerts. What people wrote stays where it is. */
export const mergeInto: Decision<{ into: string; text?: string | undefined }> = (incident, { into, text }, act) => {
  if (incident.id === into) throw new Refusal(`${into} is this incident. Name another one to merge it into.`)
  if (incident.status === 'merged' && incident.mergedInto === into) return keptAsNote(act, text)
  refuseUnlessActive(incident, 'it can be merged')
  return [{ ...act, type: 'status_changed', status: 'merged', into, ...(text ? { text } : {}) }]
}

/** Cancels a false alarm. */
export const cancel: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'cancelled') return keptAsNote(act, text)
  refuseUnlessActive(incident, 'it can be cancelled')
  return [statusChanged(act, 'cancelled', text)]
}

/** Closes a resolved incident: no work is left, the postmortem included. */
export const close: Decision<{ text?: string | undefined }> = (incident, { text }, act) => {
  if (incident.status === 'closed') return keptAsNote(act, text)
  if (incident.status !== 'resolved')
    throw new Refusal(`${incident.id} is ${incident.status}. Resolve it before closing it: \`/incident resolve\`.`)
  return [statusChanged(act, 'closed', text)]
}

/** Declares an incident that is in triage. */
export const accept: Decision<Record<string, never>> = (incident, _input, act) =>
  incident.status === 'triage' ? [statusChanged(act, 'investigating', FROM_TRIAGE)] : []

/** Requests new evidence. */
export const requestEvidence: Decision<{ phase: EvidencePhase; panel?: string }> = (
  _incident,
  { phase, panel },
  act,
) => [{ ...act, type: 'evidence_requested', phase, ...(panel ? { panel } : {}) }]

/** Records which service was at fault. Allowed in any status: the cause is often known last. */
export const nameCause: Decision<{ service: string; why?: string | undefined }> = (incident, { service, why }, act) => {
  if (incident.status === 'triage')
    throw new Refusal(`${incident.id} waits in triage; \`/incident accept\` declares it.`)
  // "MySQL" is the `mysql` that the ranking named.
  const suspects = incident.ranking?.suspects ?? []
  const id = suspects.find((suspect) => isSameService(suspect.service, service))?.service ?? service
  if (incident.cause?.service === id && incident.cause.why === (why || undefined)) return []
  return [{ ...act, type: 'cause_named', service: id, ...(why ? { why } : {}) }]
}

/** Requests a ranking of the suspects, for the incident's service or the one named. */
export const requestSuspects: Decision<{ service?: string | undefined }> = (incident, { service }, act) => {
  if (!isActive(incident.status)) throw new Refusal(`${incident.id} is not open: its rankings are in the postmortem.`)
  return [{ ...act, type: 'suspects_requested', ...(service === undefined ? {} : { service }) }]
}

/** Retries the effects that failed permanently. */
export const retry: Decision<Record<string, never>> = (incident, _input, act) => {
  const failed = Object.values(incident.failures).map(({ effect }) => effect)
  const { channel } = incident
  return [
    // Nobody has invited Muster back: what failed is done in a new channel.
    ...(channel && hiddenSteps(incident) > 0 ? [{ ...act, type: 'channel_lost' as const, channel: channel.id }] : []),
    ...(failed.length > 0 ? [{ ...act, type: 'retried' as const, effects: failed }] : []),
  ]
}

const statusChanged = (act: Act, status: Status, text?: string): IncidentEvent => ({
  ...act,
  type: 'status_changed',
  status,
  ...(text ? { text } : {}),
})
