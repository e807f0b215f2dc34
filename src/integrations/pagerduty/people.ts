import { z } from 'zod'
import { instant, List, Part, Text } from '../../incident/outside.ts'
import { parseResponse, type Rest } from './rest.ts'

/** A PagerDuty user. The e-mail address is what finds them in Slack. */
export type Person = { id: string; name: string; email?: string }

/** Somebody on call now. */
export type OnCall = {
  person: Person
  /** 1 is paged first. Several people may share a level. */
  level: number
  schedule?: string
  escalationPolicy?: string
  /** The end of their shift, epoch ms; missing when they are on call permanently. */
  until?: number
}

const User = z
  .object({ id: z.string(), name: Text, summary: Text, email: Text })
  .transform(({ id, name, summary, email }): Person => ({ id, name: name ?? summary ?? id, ...(email && { email }) }))

const Row = z.object({
  user: User,
  escalation_level: z.number().catch(1),
  schedule: Part({ summary: Text }),
  escalation_policy: Part({ summary: Text }),
  end: Text,
})
const Service = z.object({ service: z.object({ escalation_policy: z.object({ id: z.string() }) }) })

/** Who is on call, and who is who. */
export const people = (rest: Rest) => ({
  /** Who is on call for a service or an escalation policy, first level first. Empty when nobody is. */
  async onCalls(of: { service: string } | { escalationPolicy: string }, signal?: AbortSignal): Promise<OnCall[]> {
    const policy = 'service' in of ? await escalationPolicyOf(rest, of.service, signal) : of.escalationPolicy
    const query = { 'escalation_policy_ids[]': [policy], 'include[]': ['users'], earliest: 'true' }
    const rows = List(Row).parse(await rest.pages('/oncalls', 'oncalls', query, signal))
    return rows.map(toOnCall).sort((one, other) => one.level - other.level)
  },

  async user(id: string, signal?: AbortSignal): Promise<Person> {
    const body = await rest.get(`/users/${encodeURIComponent(id)}`, undefined, signal)
    return parseResponse(z.object({ user: User }), body, `user ${id}`).user
  },

  /** The user with exactly this e-mail address, in whatever case. */
  async userByEmail(email: string, signal?: AbortSignal): Promise<Person | undefined> {
    const wanted = email.toLowerCase()
    // The search also finds users whose name or address merely contains it.
    const found = List(User).parse(await rest.pages('/users', 'users', { query: email }, signal))
    return found.find((person) => person.email?.toLowerCase() === wanted)
  },
})

const escalationPolicyOf = async (rest: Rest, service: string, signal?: AbortSignal): Promise<string> => {
  const body = await rest.get(`/services/${encodeURIComponent(service)}`, undefined, signal)
  return parseResponse(Service, body, `service ${service}`).service.escalation_policy.id
}

const toOnCall = (row: z.infer<typeof Row>): OnCall => {
  const until = instant(row.end)
  return {
    person: row.user,
    level: row.escalation_level,
    ...(row.schedule?.summary && { schedule: row.schedule.summary }),
    ...(row.escalation_policy?.summary && { escalationPolicy: row.escalation_policy.summary }),
    ...(until !== undefined && { until }),
  }
}
