import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import type { IncidentEvent, RecordedEvent } from '../../incident/event.ts'
import { isActive } from '../../incident/status.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import { type PriorityOptions, severityOfPriority } from './priorities.ts'

export type SyncOptions = {
  pagerduty: PagerDuty | undefined
  /** Slack user id for an e-mail address. */
  slackIdOf(email: string, signal: AbortSignal): Promise<string | undefined>
  priorities: PriorityOptions
  now: () => number
}

type Activity = Extract<RecordedEvent, { type: 'alert_activity' }>

/** More people than this are a whole team; they have a user group. */
const MOST_INVITED = 3

/** Applies actions at PagerDuty: assignees are invited, a new priority becomes the severity. */
export const syncFromPagerDuty = ({ pagerduty, slackIdOf, priorities, now }: SyncOptions) => {
  const newSeverity = async (
    client: PagerDuty,
    cause: Activity,
    { incident, signal }: EffectContext,
  ): Promise<IncidentEvent[]> => {
    // Set only when a person changed it: automation must not overrule the people in the channel.
    if (!cause.priority) return []
    const severity = severityOfPriority(cause.priority, incident.severity, await client.priorities(signal), priorities)
    if (!severity || severity === incident.severity) return []
    return [
      {
        type: 'severity_changed',
        severity,
        by: cause.by,
        at: now(),
        reason: `priority ${cause.priority} at PagerDuty`,
      },
    ]
  }

  const assignees = async (
    client: PagerDuty,
    id: string,
    { incident, signal }: EffectContext,
  ): Promise<IncidentEvent[]> => {
    // Nobody joins a private incident but by the hand of a member.
    if (incident.drill || incident.private) return []
    const { assignees } = await client.incident(id, signal)
    const found = await Promise.all(
      assignees.slice(0, MOST_INVITED).map(async (assignee): Promise<IncidentEvent[]> => {
        const { name, email } = await client.user(assignee.id, signal)
        const responder = email ? await slackIdOf(email, signal) : undefined
        if (!responder || incident.people.includes(responder)) return []
        if (incident.found.some((one) => one.responder === responder)) return []
        return [{ type: 'responder_found', by: 'pagerduty', at: now(), responder, name, why: 'assigned at PagerDuty' }]
      }),
    )
    return found.flat()
  }

  // Repeating it is harmless: known responders, and a severity that is already set, yield no event.
  const followPagerDuty: EffectHandler<'follow_pagerduty'> = async (_effect, context) => {
    const { incident, cause } = context
    if (!pagerduty || !isActive(incident.status) || cause.type !== 'alert_activity') return []
    const id = pagerdutyIncidentOf(cause.alertKey)
    if (!id) return []
    return cause.activity === 'priority_changed'
      ? newSeverity(pagerduty, cause, context)
      : assignees(pagerduty, id, context)
  }
  return { follow_pagerduty: followPagerDuty }
}
