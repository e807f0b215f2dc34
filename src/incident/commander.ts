import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { isOpenPage } from './page-state.ts'
import { isPerson } from './phrase.ts'
import { isActive, type Severity } from './status.ts'

/** When and whom Muster pages because nobody is in command. */
export type CommandRules = {
  /**
   * After this time without a commander the channel is reminded; from then on somebody else is paged at the same
   * interval, ms.
   */
  noCommanderMs: number
  /** Worst first. */
  severities: readonly Severity[]
  /** The PagerDuty service for one of ours; undefined when nobody can be paged for it. */
  canPage(service: string): boolean
  /** The display name of a service. */
  serviceName(id: string): string
  /** Whom to page next, in this order: service ids or Slack user ids. */
  escalateTo: readonly string[]
}

/** A due action: its events, and the key that deduplicates it across replicas. */
export type DueCommand = { events: IncidentEvent[]; once: string }

/** The two worst severities are urgent: somebody must be in command, and reminders ignore quiet hours. */
export const isUrgent = (severity: string, severities: readonly Severity[]): boolean => {
  const rank = severities.findIndex(({ id }) => id === severity)
  return rank >= 0 && rank < 2
}

/** Whether Muster pages people until somebody commands an incident of this severity. */
export const pagesForCommander = (severity: string, severities: readonly Severity[]): boolean =>
  severities.find(({ id }) => id === severity)?.pageForCommander ?? isUrgent(severity, severities)

/** Since when nobody has been in command, epoch ms. */
export const commandFreeSince = ({ command, declaredAt }: Incident): number => command?.freeSince ?? declaredAt

/** Folds an event into how long command has been vacant, and how many pages that has caused. */
export const withCommand = (incident: Incident, event: IncidentEvent): Incident => {
  const { command } = incident
  switch (event.type) {
    case 'declared':
      return event.status === 'triage' ? incident : free(incident, event.at)
    case 'status_changed':
      return isActive(event.status) && (incident.openedBy === incident.version || event.status === 'investigating')
        ? free(incident, event.at)
        : incident
    case 'role_released':
      return event.role === 'commander' ? free(incident, event.at) : incident
    case 'page_requested':
      return event.forCommand && command ? { ...incident, command: { ...command, pages: command.pages + 1 } } : incident
    case 'command_unclaimed':
      return command ? { ...incident, command: { ...command, warnings: command.warnings + 1 } } : incident
    default:
      return incident
  }
}

const free = (incident: Incident, at: number): Incident => ({
  ...incident,
  command: { freeSince: at, pages: 0, warnings: 0 },
})

/** Claims a vacant role; nothing changes when somebody holds it. */
export const claimRole: Decision<{ role: string }> = (incident, { role }, act) => {
  if (!isActive(incident.status))
    throw new Refusal(
      `${incident.id} is ${incident.status}, and roles can change only while it is open. \`/incident reopen\` reopens it.`,
    )
  return Object.hasOwn(incident.roles, role) ? [] : [{ ...act, type: 'role_assigned', role, responder: act.by }]
}

/**
 * Appoints a commander once, where the severity says so: whoever gave it up is not appointed again. Being on call
 * appoints nobody to a private incident or a drill.
 */
export const appointCommander: Decision<{ severities: readonly Severity[] }> = (incident, { severities }, act) => {
  const { roles, milestones, status, severity, declaredBy, found, private: hidden, drill } = incident
  if (roles.commander || milestones.commander || !isActive(status) || status === 'triage') return []
  const policy = severities.find(({ id }) => id === severity)?.commander ?? 'suggest'
  const onCall = hidden || drill ? undefined : found.find(({ responder }) => responder)?.responder
  const declarer = isPerson(declaredBy) ? declaredBy : undefined
  const responder = policy === 'declarer' ? declarer : policy === 'on-call' ? onCall : undefined
  return responder ? [{ ...act, type: 'role_assigned', role: 'commander', responder }] : []
}

/**
 * When nobody has taken command after the channel was reminded, pages the service's on-call, then the operator's list
 * in order, then starts over, one page every `noCommanderMs` until somebody is in command. Nobody else is paged while
 * an earlier page may still be answered. After each round, or when nobody can be paged, people outside the channel are
 * warned.
 */
export const commandDue = (incident: Incident, now: number, rules: CommandRules): DueCommand[] => {
  const { id, roles, status, severity, service, drill, private: hidden, paging = [], command } = incident
  if (!command || roles.commander || drill || hidden || !isActive(status) || status === 'triage') return []
  if (!pagesForCommander(severity, rules.severities)) return []
  const candidates = [...new Set([...(service ? [service] : []), ...rules.escalateTo])].filter(
    (one) => isPerson(one) || rules.canPage(one),
  )
  const { freeSince, pages, warnings } = command
  // Warnings become less and less frequent.
  if (now < freeSince + rules.noCommanderMs * (2 + pages + warnings * (warnings + 1))) return []
  const about = { by: 'muster', at: now }
  const once = `command:${id}:${freeSince}:${pages}:${warnings}`
  // A round is complete when everybody has been paged once more than people were warned.
  if (candidates.length === 0 || pages >= candidates.length * (warnings + 1))
    return [{ events: [{ ...about, type: 'command_unclaimed', since: freeSince }], once }]
  if (paging.some((page) => isOpenPage(page) && (page.state !== 'unanswered' || page.next))) return []
  const target = candidates[pages % candidates.length] as string
  const text = `Nobody is in command of ${id}.`
  const event: IncidentEvent = isPerson(target)
    ? { ...about, type: 'page_requested', responder: target, text, forCommand: true }
    : {
        ...about,
        type: 'page_requested',
        service: target,
        name: `who is on call for ${rules.serviceName(target)}`,
        text,
        forCommand: true,
      }
  return [{ events: [event], once }]
}
