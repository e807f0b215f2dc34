import type { EffectContext } from '../../incident/effect-handler.ts'
import type { IncidentEvent, RecordedEvent } from '../../incident/event.ts'
import { isActive } from '../../incident/status.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import { type PriorityOptions, severityOf } from './priorities.ts'

export type FollowedOptions = {
  pagerduty: PagerDuty | undefined
  /** The Slack id behind an e-mail address. */
  slackIdOf(email: string): Promise<string | undefined>
  priorities: PriorityOptions
  now: () => number
}

type Activity = Extract<RecordedEvent, { type: 'alert_activity' }>

/** More people than this are a whole team; they have a user group. */
const MOST_INVITED = 3

/** What people do at PagerDuty changes things here: who has the page is invited, and a new priority is a new severity. */
export const followedEffects = ({ pagerduty, slackIdOf, priorities, now }: FollowedOptions) => {
  const newSeverity = async (
    client: PagerDuty,
    cause: Activity,
    { incident, signal }: EffectContext,
  ): Promise<IncidentEvent[]> => {
    // Named only when a person set it: automation must not overrule the people in the channel.
    if (!cause.priority) return []
    const severity = severityOf(cause.priority, incident.severity, await client.priorities(signal), priorities)
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
    if (incident.drill) return []
    const { assignees } = await client.incident(id, signal)
    const found = await Promise.all(
      assignees.slice(0, MOST_INVITED).map(async (assignee): Promise<IncidentEvent[]> => {
        const { name, email } = await client.user(assignee.id, signal)
        const responder = email ? await slackIdOf(email) : undefined
        if (!responder || incident.people.includes(responder)) return []
        if (incident.found.some((one) => one.responder === responder)) return []
        return [{ type: 'responder_found', by: 'pagerduty', at: now(), responder, name, why: 'assigned at PagerDuty' }]
      }),
    )
    return found.flat()
  }

  return {
    // Asking twice is harmless: whoever was found, and a severity that stands already, is not told again.
    follow_pagerduty: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident, cause } = context
      if (!pagerduty || !isActive(incident.status) || cause.type !== 'alert_activity') return []
      const id = pagerdutyIncidentOf(cause.alertKey)
      if (!id) return []
      return cause.activity === 'priority_changed'
        ? newSeverity(pagerduty, cause, context)
        : assignees(pagerduty, id, context)
    },
  }
}
