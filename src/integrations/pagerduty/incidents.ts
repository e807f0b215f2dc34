import { z } from 'zod'
import { Permanent } from '../../incident/errors.ts'
import { instant, Link, List, Part, Text } from '../../incident/outside.ts'
import { bulkUpdate } from './bulk-update.ts'
import { isEnded, PagerDutyRejection } from './rejection.ts'
import { parseResponse, type Rest } from './rest.ts'

/** An incident at PagerDuty, as much of it as we use. */
export type PagedIncident = {
  id: string
  number?: number | undefined
  title?: string | undefined
  /** `triggered`, `acknowledged`, `resolved`. */
  status?: string | undefined
  url?: string | undefined
  urgency?: string | undefined
  priority?: string | undefined
  /** PagerDuty ids. */
  service?: string | undefined
  escalationPolicy?: string | undefined
  assignees: { id: string; name?: string | undefined }[]
  /** Who acknowledged it, the earliest first, and when (epoch ms). */
  acknowledgements: { id: string; name?: string | undefined; at?: number | undefined }[]
}

const Person = z.object({ id: z.string(), summary: Text })
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
    escalation_policy: Part({ id: Text }),
    assignments: List(z.object({ assignee: Person })),
    acknowledgements: List(z.object({ at: Text, acknowledger: Person })),
  })
  .transform(
    (body): PagedIncident => ({
      id: body.id,
      number: body.incident_number,
      title: body.title,
      status: body.status,
      url: body.html_url,
      urgency: body.urgency,
      priority: body.priority?.name ?? body.priority?.summary,
      service: body.service?.id,
      escalationPolicy: body.escalation_policy?.id,
      assignees: body.assignments.map(({ assignee: { id, summary } }) => ({ id, name: summary })),
      acknowledgements: body.acknowledgements.map(({ at, acknowledger: { id, summary } }) => ({
        id,
        name: summary,
        at: instant(at),
      })),
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
  /** By default the service's own escalation policy is followed. */
  page?: PageTarget | undefined
}

const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`
const reference = (type: string, id: string) => ({ id, type: `${type}_reference` })
const targetOf = (target: PageTarget) =>
  'users' in target
    ? { assignments: target.users.map((user) => ({ assignee: reference('user', user) })) }
    : { escalation_policy: reference('escalation_policy', target.escalationPolicy) }

/** Reads and changes incidents at PagerDuty. Each change may be repeated without harm. */
export const incidents = (rest: Rest) => {
  /** False when there is nothing left to change: somebody else was first, or an earlier attempt succeeded. */
  const update = async (id: string, change: object, signal?: AbortSignal): Promise<boolean> => {
    try {
      await rest.send('PUT', pathOf(id), { incident: { type: 'incident_reference', ...change } }, signal)
      return true
    } catch (error) {
      if (!(error instanceof PagerDutyRejection && error.isAlreadyDone)) throw error
      return false
    }
  }

  /** Every priority of the account, the most important first; empty when the feature is off. */
  const priorities = async (signal?: AbortSignal): Promise<Priority[]> => {
    try {
      return Priorities.parse(await rest.pages('/priorities', 'priorities', {}, signal))
    } catch (error) {
      if (error instanceof PagerDutyRejection && (error.status === 402 || error.status === 404)) return []
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
    return List(Incident).parse(await rest.pages('/incidents', 'incidents', query, signal))[0]
  }

  return {
    priorities,
    ...bulkUpdate(rest, (id, status, signal) => update(id, { status }, signal)),

    async incident(id: string, signal?: AbortSignal): Promise<PagedIncident> {
      return parseResponse(One, await rest.get(pathOf(id), undefined, signal), `incident ${id}`).incident
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
        ...(wanted.page && targetOf(wanted.page)),
      }
      try {
        const body = await rest.send('POST', '/incidents', { incident }, signal)
        return { ...parseResponse(One, body, 'the new incident').incident, created: true }
      } catch (error) {
        const isRefused = error instanceof PagerDutyRejection && error.status === 400
        const existing = isRefused ? await openWithKey(wanted.service, wanted.key, signal) : undefined
        if (!existing) throw error
        return { ...existing, created: false }
      }
    },

    reassign: async (id: string, target: PageTarget, signal?: AbortSignal): Promise<void> => {
      await update(id, targetOf(target), signal)
    },

    /** Escalates it to the next level of its policy. False when it has ended in the meantime. */
    escalate: async (id: string, level: number, signal?: AbortSignal): Promise<boolean> => {
      try {
        return await update(id, { escalation_level: level }, signal)
      } catch (error) {
        if (isEnded(error)) return false
        throw error
      }
    },

    async setPriority(id: string, priority: string, signal?: AbortSignal): Promise<void> {
      await update(id, { priority: await priorityNamed(priority, signal) }, signal)
    },
  }
}
