import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import { type Phrase, say, time } from './phrase.ts'
import type { Status } from './status.ts'

/** The archival of a channel is announced this long in advance, ms. */
export const ARCHIVE_NOTICE_MS = 24 * 3_600_000
/** A resolved incident still has work to do in its channel: the postmortem, until somebody closes it. */
const DONE: readonly Status[] = ['closed', 'cancelled', 'merged']

/** Since when the channel of an incident that is over has rested, epoch ms; undefined when it is not to be archived. */
export const restsSince = ({ channel, status, activeAt, archive }: Incident): number | undefined =>
  !channel || !DONE.includes(status) || archive?.archived || archive?.refused
    ? undefined
    : Math.max(activeAt, archive?.from ?? 0)

/**
 * The next step towards archiving a channel that has rested for `afterMs`, where one is due: announced a day before,
 * called off by activity, then done. `once` deduplicates it across replicas.
 */
export const archiveStep = (
  incident: Incident,
  now: number,
  afterMs: number,
): { event: IncidentEvent; once: string } | undefined => {
  const since = restsSince(incident)
  if (since === undefined) return undefined
  const { plannedAt, archiveAt } = incident.archive ?? {}
  const step = (name: string, event: IncidentEvent) => ({ event, once: `archive:${incident.id}:${since}:${name}` })
  const act = { by: 'muster', at: now }
  if (plannedAt === undefined || archiveAt === undefined)
    return now < since + afterMs - ARCHIVE_NOTICE_MS
      ? undefined
      : step('planned', { ...act, type: 'archive_planned', archiveAt: now + ARCHIVE_NOTICE_MS })
  if (since > plannedAt) return step('postponed', { ...act, type: 'archive_postponed', from: since, announced: true })
  return now < archiveAt ? undefined : step('due', { ...act, type: 'archive_due' })
}

/** Keeps the channel: the days until it is archived count from now on. */
export const keepChannel: Decision<Record<string, never>> = (incident, _input, act) => {
  if (incident.archive?.archived)
    throw new Refusal(
      `The channel of ${incident.id} is archived already. \`/incident reopen ${incident.id}\` reopens the incident; Slack's channel settings unarchive the channel.`,
    )
  if (restsSince(incident) === undefined)
    throw new Refusal(
      `${incident.id} is ${incident.status}, and its channel is not going to be archived: only channels of closed, cancelled and merged incidents are.`,
    )
  const announced = incident.archive?.archiveAt !== undefined
  // Two clicks on one button postpone it once.
  if (!announced && incident.archive?.from !== undefined && act.at - incident.archive.from < ARCHIVE_NOTICE_MS)
    return []
  return [{ ...act, type: 'archive_postponed', from: act.at, ...(announced ? { announced } : {}) }]
}

/** The state after an event about the channel. */
export const withChannel = (incident: Incident, event: IncidentEvent): Incident => {
  switch (event.type) {
    case 'channel_renamed': {
      const { renameRefused, ...others } = incident
      return incident.channel ? { ...others, channel: { ...incident.channel, name: event.name } } : incident
    }
    case 'channel_rename_refused':
      return { ...incident, renameRefused: event.reason }
    case 'archive_planned':
      return { ...incident, archive: { ...incident.archive, plannedAt: event.at, archiveAt: event.archiveAt } }
    case 'archive_postponed':
      return { ...incident, archive: { from: event.from } }
    case 'channel_archived':
      return incident.channel?.id === event.channel ? { ...incident, archive: { archived: true } } : incident
    case 'archive_refused':
      return { ...incident, archive: { refused: true } }
    // A new one, or in use again.
    case 'channel_opened':
    case 'channel_lost':
    case 'status_changed': {
      const { archive, ...others } = incident
      return archive ? others : incident
    }
    default:
      return incident
  }
}

type ChannelEvent = Extract<
  IncidentEvent,
  {
    type:
      | 'channel_renamed'
      | 'channel_rename_refused'
      | 'archive_planned'
      | 'archive_postponed'
      | 'archive_due'
      | 'channel_archived'
      | 'archive_refused'
  }
>

/** The event as text; `who` did it. What Slack itself writes into the channel is not repeated. */
export const channelSentence = (event: ChannelEvent, who: Phrase[]): Phrase[] | undefined => {
  switch (event.type) {
    case 'channel_renamed':
    case 'archive_due':
      return undefined
    case 'channel_rename_refused':
      return say`The channel keeps its name: Slack refused ${event.name} (${event.reason})`
    case 'archive_planned':
      return say`The channel will be archived at ${time(event.archiveAt)} unless somebody writes in it`
    case 'archive_postponed':
      return !event.announced
        ? undefined
        : event.by === 'muster'
          ? say`The channel is in use again and is not archived now`
          : say`${who} kept the channel; it is not archived now`
    case 'channel_archived':
      return say`The channel was archived`
    case 'archive_refused':
      return say`The channel could not be archived and stays open: ${event.reason}`
    default:
      return event satisfies never
  }
}
