import { routingKeyOf } from '../pagerduty/account.ts'
import type { StepAction, Story } from './story.ts'

type Page = Extract<StepAction, { kind: 'page' }>
type PagerDutyAct = Extract<StepAction, { kind: 'pagerduty' }>

export type PagerDutyClient = {
  page(act: Page, story: Story, anchor: number): Promise<void>
  act(act: PagerDutyAct, anchor: number): Promise<void>
}

/** A person of the sandbox workspace. */
export type StoryPerson = { id: string; name: string; email: string }

type Options = { url: string; token: string; people: readonly StoryPerson[]; fetch: typeof globalThis.fetch }

/** Triggers and changes incidents over PagerDuty's own APIs, as monitoring and people would. */
export const createPagerDutyClient = ({ url, token, people, fetch }: Options): PagerDutyClient => {
  const call = async (method: string, path: string, body?: unknown, from?: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Token token=${token}`,
        ...(from && { from }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`${method} ${path} at PagerDuty returned ${response.status}`)
    return response.json()
  }
  /** Id of the incident with a story's key. Keys include the story's start, so that a story can be played twice. */
  const incidentOf = async (key: string, anchor: number): Promise<string> => {
    const found = await call('GET', `/incidents?incident_key=${keyAt(key, anchor)}`)
    const id = firstIncident(found)
    if (!id) throw new Error(`PagerDuty has no incident with key ${key}`)
    return id
  }
  return {
    page: async ({ key, service, title, severity, details }, story, anchor) => {
      const pagerdutyId = story.services.find(({ id }) => id === service)?.pagerdutyService
      if (!pagerdutyId) throw new Error(`${service} has no PagerDuty service in ${story.id}`)
      await call('POST', '/v2/enqueue', {
        routing_key: routingKeyOf(pagerdutyId),
        event_action: 'trigger',
        dedup_key: keyAt(key, anchor),
        payload: { summary: title, source: 'prometheus', severity, custom_details: details },
      })
    },
    act: async (act, anchor) => {
      const from = people.find(({ name }) => name === act.by)?.email
      const path = `/incidents/${await incidentOf(act.key, anchor)}`
      if (act.does === 'note') await call('POST', `${path}/notes`, { note: { content: act.text } }, from)
      else {
        const status = act.does === 'acknowledge' ? 'acknowledged' : 'resolved'
        await call('PUT', path, { incident: { type: 'incident_reference', status } }, from)
      }
    },
  }
}

const keyAt = (key: string, anchor: number) => `${key}-${anchor}`

const firstIncident = (answer: unknown): string | undefined => {
  if (typeof answer !== 'object' || answer === null || !('incidents' in answer)) return undefined
  const [first] = Array.isArray(answer.incidents) ? answer.incidents : []
  return typeof first?.id === 'string' ? first.id : undefined
}
