import type { Act, Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Handover, Incident } from './incident.ts'
import type { Labels } from './labels.ts'
import { type Phrase, person, say, strong, typed } from './phrase.ts'
import { isActive } from './status.ts'

/** More open offers than this are a mistake; the oldest is dropped. */
const MOST_OPEN = 10

export type HandoverEvent = Extract<
  IncidentEvent,
  { type: 'handover_offered' | 'handover_answered' | 'handover_unanswered' }
>

/** Folds an event into the open handovers: those without a response. */
export const withHandovers = (incident: Incident, event: IncidentEvent): Incident => {
  const open = incident.handovers ?? []
  const next = fold(incident, open, event)
  if (next === open) return incident
  const { handovers: _before, ...others } = incident
  return next.length > 0 ? { ...others, handovers: next } : others
}

const fold = (incident: Incident, open: Handover[], event: IncidentEvent): Handover[] => {
  switch (event.type) {
    case 'handover_offered': {
      const { from, to, roles, at } = event
      return [...without(open, roles), { id: incident.version, from, to, roles, at }].slice(-MOST_OPEN)
    }
    case 'handover_answered':
      return open.filter(({ id }) => id !== event.handover)
    case 'handover_unanswered':
      return open.map((one) => (one.id === event.handover ? { ...one, reminded: true } : one))
    case 'role_assigned':
    case 'role_released':
      return open.length > 0 ? without(open, [event.role]) : open
    case 'status_changed':
      return open.length > 0 && !isActive(event.status) ? [] : open
    default:
      return open
  }
}

/** A role can be on offer once: assigning it, or a newer offer, ends the older one. */
const without = (open: Handover[], taken: readonly string[]): Handover[] =>
  open.flatMap((one) => {
    const roles = one.roles.filter((role) => !taken.includes(role))
    return roles.length > 0 ? [{ ...one, roles }] : []
  })

/** The roles a person holds. */
export const rolesOf = ({ roles }: Incident, responder: string): string[] =>
  Object.keys(roles).filter((role) => roles[role] === responder)

/** Offers roles to somebody. Without `role` it is command, or the only role they hold; with `all` every one. */
export const offerHandover: Decision<{
  to: string
  role?: string | undefined
  all?: boolean | undefined
  text?: string | undefined
}> = (incident, { to, role, all, text }, act) => {
  refuseOnceOver(incident)
  if (to === act.by) throw new Refusal('That is you. Mention the person who is to take over: `handover @dana`.')
  const roles = rolesToHandOver(incident, act.by, role, all)
  const isOffered = incident.handovers?.some(
    (one) => one.to === to && one.from === act.by && roles.every((name) => one.roles.includes(name)),
  )
  return isOffered
    ? []
    : [{ ...act, type: 'handover_offered', from: act.by, to, roles, ...(text?.trim() ? { text: text.trim() } : {}) }]
}

const rolesToHandOver = (incident: Incident, by: string, role?: string, all?: boolean): string[] => {
  const held = rolesOf(incident, by)
  if (role !== undefined && !held.includes(role))
    throw new Refusal(
      incident.roles[role]
        ? `You are not ${role} of ${incident.id}, so you cannot hand it over. \`/incident assign ${role} @dana\` reassigns it at once.`
        : `Nobody is ${role} of ${incident.id}, so there is nothing to hand over. \`/incident assign ${role} @dana\` assigns it.`,
    )
  if (held.length === 0)
    throw new Refusal(
      `You hold no role in ${incident.id}, so there is nothing to hand over. \`/incident assign commander @dana\` assigns one.`,
    )
  if (all) return held
  if (role !== undefined) return [role]
  if (held.includes('commander')) return ['commander']
  if (held.length === 1) return held
  throw new Refusal(`Name the role (${held.join(', ')}), or add \`--all\` to hand over every one.`)
}

/** Accepts or declines an offer. Only the recipient may respond. */
export const answerHandover: Decision<{ handover: number; accept: boolean; text?: string | undefined }> = (
  incident,
  { handover, accept, text },
  act,
) => {
  refuseOnceOver(incident)
  const open = incident.handovers?.find(({ id }) => id === handover)
  if (!open) {
    // The button was clicked twice.
    if (accept && rolesOf(incident, act.by).length > 0) return []
    throw new Refusal(
      'That handover is not open any more: it was answered or withdrawn, or somebody else took the role. The summary shows who holds it; `/incident assign commander me` takes it.',
    )
  }
  if (open.to !== act.by)
    throw new Refusal(
      'Only the person who was asked can answer a handover. `/incident assign commander me` takes command at once.',
    )
  return accept
    ? [
        answered(open, 'accepted', act),
        ...open.roles.map((role): IncidentEvent => ({ ...act, type: 'role_assigned', role, responder: act.by })),
      ]
    : [answered(open, 'declined', act, text)]
}

/** Withdraws every offer that the person has made. */
export const withdrawHandover: Decision<Record<string, never>> = (incident, _input, act) =>
  (incident.handovers ?? []).filter(({ from }) => from === act.by).map((open) => answered(open, 'withdrawn', act))

/** How an open handover ends. */
export const answered = (
  { id, from, to, roles }: Handover,
  answer: Extract<IncidentEvent, { type: 'handover_answered' }>['answer'],
  act: Act,
  text?: string,
): IncidentEvent => ({
  ...act,
  type: 'handover_answered',
  handover: id,
  from,
  to,
  roles,
  answer,
  ...(text?.trim() ? { text: text.trim() } : {}),
})

/** A due action: the event, and the key that deduplicates it across replicas. */
export type DueHandover = { event: IncidentEvent; once: string }

/** Offers without a response for longer than `unansweredMs`; each is reported once. */
export const handoversDue = (incident: Incident, now: number, unansweredMs: number): DueHandover[] =>
  (incident.handovers ?? []).flatMap(({ id, from, to, roles, at, reminded }) =>
    reminded || now < at + unansweredMs
      ? []
      : [
          {
            event: { by: 'muster', at: now, type: 'handover_unanswered', handover: id, from, to, roles },
            once: `handover:${incident.id}:${id}:unanswered`,
          },
        ],
  )

/** A handover event as text. */
export const handoverSentence = (event: HandoverEvent, labels: Labels): Phrase[] => {
  const [from, to] = [person(event.from), person(event.to)]
  const roles = strong(event.roles.map(labels.role).join(' and '))
  const why = 'text' in event && event.text ? say`: ${typed(event.text)}` : []
  if (event.type === 'handover_offered') return [...say`${from} asked ${to} to take over ${roles}`, ...why]
  if (event.type === 'handover_unanswered')
    return say`${to} has not answered whether they take over ${roles}; ${from} still holds it`
  switch (event.answer) {
    case 'accepted':
      return say`${to} accepted the handover of ${roles} from ${from}`
    case 'declined':
      return [...say`${to} declined to take over ${roles}; ${from} still holds it`, ...why]
    case 'withdrawn':
      return say`${from} withdrew the handover of ${roles} to ${to}`
    case 'unreachable':
      return [
        ...say`${to} could not be asked to take over ${roles}; ${from} still holds it and can ask somebody else`,
        ...why,
      ]
    default:
      return event.answer satisfies never
  }
}

const refuseOnceOver = ({ id, status }: Incident): void => {
  if (!isActive(status))
    throw new Refusal(`${id} is ${status}, so there is nothing to hand over. \`/incident reopen\` reopens it.`)
}
