import type { AlertActivity } from '../../incident/alert.ts'
import { keyOf } from '../../incident/outside.ts'
import type { Event } from './webhook.ts'

type Description = { activity: AlertActivity; text: string; into?: string; priority?: string }

/** An event other than triggered and resolved, in words. Undefined for an event type that is newer than this file. */
export const activityOf = (event: Event): Description | undefined => {
  const data = event.data
  const by = event.agent?.summary ? ` by ${event.agent.summary}` : ''
  const names = (data?.assignees ?? []).flatMap(({ summary }) => summary ?? []).join(', ')
  const to = names ? ` to ${names}` : ''
  const policy = data?.escalation_policy?.summary
  switch (event.event_type) {
    case 'incident.acknowledged':
      return { activity: 'acknowledged', text: `acknowledged${by}` }
    case 'incident.unacknowledged':
      // Without an agent it is the service's acknowledgement time-out.
      return { activity: 'unacknowledged', text: by ? `unacknowledged${by}` : 'no longer acknowledged: it timed out' }
    case 'incident.escalated':
      return { activity: 'escalated', text: `escalated${to}${by}` }
    case 'incident.reassigned':
      return { activity: 'reassigned', text: `reassigned${to}${by}` }
    case 'incident.delegated':
      return { activity: 'delegated', text: `delegated${policy ? ` to ${policy}` : to}${by}` }
    case 'incident.reopened':
      return { activity: 'reopened', text: `reopened${by}` }
    case 'incident.priority_updated': {
      const priority = data?.priority?.summary
      const text = priority ? `priority set to ${priority}${by}` : `priority removed${by}`
      return { activity: 'priority_changed', text, ...(priority && { priority }) }
    }
    case 'incident.resolved': {
      const into = mergedInto(event)
      const where = data?.resolve_reason?.incident?.summary
      return {
        activity: 'merged',
        text: `merged${where ? ` into ${where}` : ''}${by}`,
        ...(into?.key && { into: into.key }),
      }
    }
    case 'incident.annotated':
      return { activity: 'annotated', text: `noted${by}: ${data?.content ?? ''}${cut(event)}` }
    case 'incident.status_update_published':
      return { activity: 'update_published', text: `update published${by}: ${data?.message ?? ''}${cut(event)}` }
    case 'incident.responder.added':
      return { activity: 'responder_requested', text: `${responder(event)} was called to help${by}${message(event)}` }
    case 'incident.responder.replied':
      return { activity: 'responder_replied', text: `${responder(event)} ${data?.state ?? 'replied'}` }
    default: {
      const text = minorEvents.get(event.event_type)
      return text ? { activity: 'other', text: `${text}${by}` } : undefined
    }
  }
}

/** Event types that appear on the timeline and cause nothing. */
const minorEvents = new Map([
  ['incident.service_updated', 'moved to another service'],
  ['incident.incident_type.changed', 'incident type changed'],
  ['incident.conference_bridge.updated', 'conference bridge updated'],
  ['incident.custom_field_values.updated', 'custom fields updated'],
  ['incident.role.assigned', 'role assigned'],
  ['incident.task.created', 'task created'],
  ['incident.task.updated', 'task updated'],
  ['incident.task.completed', 'task completed'],
  ['incident.action_invocation.created', 'automation started'],
  ['incident.action_invocation.updated', 'automation updated'],
  ['incident.action_invocation.terminated', 'automation ended'],
  ['incident.workflow.started', 'workflow started'],
  ['incident.workflow.completed', 'workflow completed'],
])

const cut = (event: Event) => (event.data?.trimmed ? ' (cut short by PagerDuty)' : '')
const message = (event: Event) => (event.data?.message ? `: ${event.data.message}` : '')
const responder = ({ data }: Event) => data?.user?.summary ?? data?.escalation_policy?.summary ?? 'somebody'

/** A merge arrives as `incident.resolved` of the incident that is no more. */
export const mergedInto = (event: Event): { key?: string } | undefined => {
  const reason = event.data?.resolve_reason
  if (reason?.type !== 'merge_resolve_reason') return undefined
  return reason.incident?.id ? { key: keyOf('pagerduty', reason.incident.id) } : {}
}
