import type { Effect } from './effect.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident } from './incident.ts'
import {
  DIGEST,
  INVITE,
  lookAgain,
  OPENING,
  REMOVE_BUTTONS,
  SETTINGS,
  SUMMARY,
  TELL,
  TOPIC,
  tellFollowers,
} from './named-effects.ts'

/** What a new status causes, undone merges and cancellations included. */
export const statusEffects = (
  { status, into }: Extract<IncidentEvent, { type: 'status_changed' }>,
  incident: Incident,
): Effect[] => {
  // Merged while it was held, and now undone: it opens for the first time, and its alerts return.
  if (into && incident.openedBy === incident.version)
    return [...OPENING, SETTINGS, { type: 'refresh_triage' }, { type: 'move_alerts', to: into, back: true }]
  const seen: Effect[] = [TELL, SUMMARY, TOPIC, DIGEST, SETTINGS]
  switch (status) {
    case 'investigating':
    case 'identified':
    case 'mitigated':
      // A merge is undone: its alerts return.
      if (into)
        return [
          ...seen,
          ...(incident.openedBy === incident.version ? OPENING : again(incident)),
          { type: 'refresh_triage' },
          { type: 'move_alerts', to: into, back: true },
        ]
      // This event took it out of triage: nothing was opened before.
      if (incident.openedBy === incident.version) return [...OPENING, SETTINGS, { type: 'refresh_triage' }]
      if (status === 'mitigated') return [...seen, lookAgain('mitigated')]
      return status === 'investigating' ? [...seen, ...again(incident), lookAgain('reopened')] : seen
    case 'resolved':
      return [
        ...seen,
        REMOVE_BUTTONS,
        tellFollowers(incident),
        { type: 'resolve_page' },
        { type: 'collect_evidence', phase: 'closing' },
        { type: 'draft_postmortem' },
      ]
    case 'cancelled':
      return [...seen, REMOVE_BUTTONS, tellFollowers(incident), { type: 'resolve_page' }, { type: 'refresh_triage' }]
    case 'merged':
      return [
        ...seen,
        REMOVE_BUTTONS,
        { type: 'refresh_triage' },
        ...(into ? [{ type: 'move_alerts' as const, to: into, back: false }] : []),
      ]
    case 'closed':
      return [...seen, { type: 'resolve_page' }]
    case 'triage':
      return seen
    default:
      return status satisfies never
  }
}

/** Steps that were dropped when the incident was cancelled. */
const again = ({ channel, messages, steps }: Incident): Effect[] => {
  if (channel) return [INVITE, ...(messages.announcement ? [] : [{ type: 'announce' as const }])]
  return steps.channel?.state === 'failed' ? [{ type: 'open_channel' }] : []
}
