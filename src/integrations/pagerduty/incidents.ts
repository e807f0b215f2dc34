import { z } from 'zod'
import { Permanent } from '../../incident/errors.ts'
import { Link, List, Part, Text } from '../../incident/outside.ts'
import { type Call, readAnswer } from './call.ts'
import { PagerDutyRefused } from './refused.ts'

/** An incident at PagerDuty, as much of it as we use. */
export type PagedIncident = {
  id: string
  number?: number | undefined
  title?: string | undefined
  status?: string | undefined
  url?: string | undefined
  urgency?: string | undefined
  priority?: string | undefined
  /** PagerDuty ids. */
  service?: string | undefined
  assignees: { id: string; name?: string | undefined }[]
}

const Incident = z
  .object({
    id: z.string(),
    incident_number: z.number().optional().catch(undefined),
    title: Text,
    status: Text,
    html_url: Link,
    urgency: Text,
    priority: Part({ name: Text, summary: Text }),
    service: Part({ id: Text }),
    assignments: List(z.object({ assignee: z.object({ id: z.string(), summary: Text }) })),
  })
  .transform(
    (told): PagedIncident => ({
      id: told.id,
      number: told.incident_number,
      title: told.title,
      status: told.status,
      url: told.html_url,
      urgency: told.urgency,
      priority: told.priority?.name ?? told.priority?.summary,
      service: told.service?.id,
      assignees: told.assignments.map(({ assignee: { id, summary } }) => ({ id, name: summary })),
    }),
  )
const One = z.object({ incident: Incident })
const Priorities = List(z.object({ id: z.string(), name: z.string() }))

export type Priority = { id: string; name: string }

/** Whom to page: users, or an escalation policy. PagerDuty ids. */
export type PageTarget = { users: string[] } | { escalationPolicy: string }

export type NewIncident = {
  title: string
  /** PagerDuty's id of the service. */
  service: string
  /** Ours, the same on every attempt: PagerDuty refuses a second open incident with the same key. */
  key: string
  details?: string | undefined
  urgency?: 'high' | 'low' | undefined
  /** By its name, `P1`. */
  priority?: string | undefined
  /** Left out, the service's own escalation policy is followed. */
  page?: PageTarget | undefined
  conferenceUrl?: string | undefined
}

const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`
const reference = (type: string, id: string) => ({ id, type: `${type}_reference` })
const pageOf = (target: PageTarget) =>
  'users' in target
    ? { assignments: target.users.map((user) => ({ assignee: reference('user', user) })) }
    : { escalation_policy: reference('escalation_policy', target.escalationPolicy) }

/** Everything that changes an incident at PagerDuty. Each may be called again without harm. */
export const incidents = (call: Call) => {
  const update = async (id: string, change: object, signal?: AbortSignal): Promise<void> => {
    try {
      await call.send('PUT', pathOf(id), { incident: { type: 'incident_reference', ...change } }, signal)
    } catch (error) {
      // Somebody was quicker, or an earlier attempt of ours got through.
      if (!(error instanceof PagerDutyRefused && error.isAlreadyDone)) throw error
    }
  }

  /** Every priority of the account, the most important first; empty when the feature is off. */
  const priorities = async (signal?: AbortSignal): Promise<Priority[]> => {
    try {
      return Priorities.parse(await call.pages('/priorities', 'priorities', {}, signal))
    } catch (error) {
      if (error instanceof PagerDutyRefused && (error.status === 402 || error.status === 404)) return []
      throw error
    }
  }

  const priorityNamed = async (name: string, signal?: AbortSignal) => {
    const known = await priorities(signal)
    const found = known.find((priority) => priority.name.toLowerCase() === name.toLowerCase())
    if (found) return reference('priority', found.id)
    const names = known.map((priority) => priority.name).join(', ') || 'none'
    throw new Permanent(`PagerDuty has no priority "${name}" (it has ${names}).`)
  }

  const openWithKey = async (
    service: string,
    key: string,
    signal?: AbortSignal,
  ): Promise<PagedIncident | undefined> => {
    const query = {
      incident_key: key,
      'service_ids[]': [service],
      'statuses[]': ['triggered', 'acknowledged'],
      date_range: 'all',
    }
    return List(Incident).parse(await call.pages('/incidents', 'incidents', query, signal))[0]
  }

  return {
    priorities,

    async incident(id: string, signal?: AbortSignal): Promise<PagedIncident> {
      return readAnswer(One, await call.get(pathOf(id), undefined, signal), `incident ${id}`).incident
    },

    /** Pages people. A second call with the same key finds the incident of the first: `created` is false then. */
    async createIncident(wanted: NewIncident, signal?: AbortSignal): Promise<PagedIncident & { created: boolean }> {
      const incident = {
        type: 'incident',
        title: wanted.title,
        service: reference('service', wanted.service),
        incident_key: wanted.key,
        ...(wanted.urgency && { urgency: wanted.urgency }),
        ...(wanted.priority && { priority: await priorityNamed(wanted.priority, signal) }),
        ...(wanted.details && { body: { type: 'incident_body', details: wanted.details } }),
        ...(wanted.page && pageOf(wanted.page)),
        ...(wanted.conferenceUrl && { conference_bridge: { conference_url: wanted.conferenceUrl } }),
      }
      try {
        const answer = await call.send('POST', '/incidents', { incident }, signal)
        return { ...readAnswer(One, answer, 'the new incident').incident, created: true }
      } catch (error) {
        const isRefused = error instanceof PagerDutyRefused && error.status === 400
        const existing = isRefused ? await openWithKey(wanted.service, wanted.key, signal) : undefined
        if (!existing) throw error
        return { ...existing, created: false }
      }
    },

    acknowledge: (id: string, signal?: AbortSignal) => update(id, { status: 'acknowledged' }, signal),

    resolve: (id: string, resolution?: string, signal?: AbortSignal) =>
      update(id, { status: 'resolved', ...(resolution && { resolution }) }, signal),

    reassign: (id: string, target: PageTarget, signal?: AbortSignal) => update(id, pageOf(target), signal),

    async setPriority(id: string, priority: string, signal?: AbortSignal): Promise<void> {
      await update(id, { priority: await priorityNamed(priority, signal) }, signal)
    },

    /** Keeps it acknowledged for so many seconds; it comes back unless resolved. */
    async snooze(id: string, seconds: number, signal?: AbortSignal): Promise<void> {
      await call.send('POST', `${pathOf(id)}/snooze`, { duration: seconds }, signal)
    },
  }
}
