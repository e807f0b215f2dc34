import { createHmac } from 'node:crypto'
import type { UserAction, UserActionResult } from '../slack/client-api.ts'
import type { Sns } from '../sns.ts'
import { createPagerDutyClient, type PagerDutyClient, type StoryPerson } from './pagerduty-client.ts'
import { alertmanagerBody } from './payloads/alertmanager.ts'
import { cloudwatchBody } from './payloads/cloudwatch.ts'
import { deploymentBody } from './payloads/github.ts'
import { grafanaBody } from './payloads/grafana.ts'
import { retryWhileUnavailable, Unavailable } from './retry-unavailable.ts'
import { incidentChannels, openSlackSession, type StoryChannels } from './slack-session.ts'
import type { StepAction, Story } from './story.ts'

/** The public endpoints that steps go through, and what opens them. */
export type Endpoints = {
  /** Muster's address. */
  muster: string
  /** The fake Slack's address. */
  slack: string
  /** The fake PagerDuty's address; it tells Muster by webhook. */
  pagerduty: string
  /** The secrets Muster was started with. */
  secrets: { alertmanager: string; grafana: string; github: string; webhook: string }
  /** The fake PagerDuty's API token. */
  pagerdutyToken: string
  people: readonly StoryPerson[]
  /** Signs what comes through Amazon SNS; without it no CloudWatch alarm can be delivered. */
  sns?: Pick<Sns, 'signed'>
  fetch?: typeof globalThis.fetch
  /** Real milliseconds. */
  sleep: (ms: number) => Promise<void>
}

/** Does what a step says. `at` turns story time into epoch ms. Rejects when a door stays shut. */
export type Deliver = (act: StepAction, story: Story, at: (storyMs: number) => number, nowMs: number) => Promise<void>

/** What Slack says when an app did not answer. */
const APP_IS_AWAY = new Set(['dispatch_failed', 'operation_timeout'])

/** Steps delivered over HTTP, as the vendors and people would. */
export const createDelivery = (endpoints: Endpoints): Deliver => {
  const { secrets, fetch = globalThis.fetch } = endpoints
  const pagerduty: PagerDutyClient = createPagerDutyClient({
    url: endpoints.pagerduty,
    token: endpoints.pagerdutyToken,
    people: endpoints.people,
    fetch,
  })
  const webhook = async (path: string, body: unknown, sign: (text: string) => Record<string, string>) => {
    const text = JSON.stringify(body)
    await retryWhileUnavailable(async () => {
      const response = await fetch(new URL(path, endpoints.muster), {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json', ...sign(text) },
        signal: AbortSignal.timeout(30_000),
      }).catch((error: unknown) => {
        throw new Unavailable(`POST ${path} was not answered`, { cause: error })
      })
      if (response.ok) return
      const refusal = `POST ${path} answered ${response.status}: ${await response.text()}`
      throw response.status >= 500 ? new Unavailable(refusal) : new Error(refusal)
    }, endpoints.sleep)
  }
  const memories = new Map<number, StoryChannels>()
  /** What the people of a story know; made at its first step, when its incident cannot be there yet. */
  const memoryOf = async (anchor: number): Promise<StoryChannels> => {
    const known = memories.get(anchor)
    if (known) return known
    const onlooker = openSlackSession({
      url: endpoints.slack,
      as: endpoints.people[0]?.id ?? '',
      fetch,
      sleep: endpoints.sleep,
      memory: { older: new Set() },
    })
    const older = incidentChannels((await onlooker.workspace()).conversations).map(({ id }) => id)
    const memory = { older: new Set(older) }
    memories.set(anchor, memory)
    return memory
  }
  const person = async ({ who, act }: Extract<StepAction, { kind: 'person' }>, memory: StoryChannels) => {
    const id = endpoints.people.find(({ name }) => name === who)?.id
    if (!id) throw new Error(`Nobody in the workspace goes by ${who}`)
    const doing = await act(openSlackSession({ url: endpoints.slack, as: id, fetch, sleep: endpoints.sleep, memory }))
    if (!doing.length) throw new Error(`${who} found nothing to act on: no such channel, message or modal`)
    for (const each of doing) await retryWhileUnavailable(() => actInSlack(each), endpoints.sleep)
  }
  const actInSlack = async (act: UserAction) => {
    const response = await fetch(new URL('/sandbox/act', endpoints.slack), {
      method: 'POST',
      body: JSON.stringify(act),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(30_000),
    })
    // The shape is the fake Slack's own contract, kept by the compiler on its side.
    const result = (await response.json()) as UserActionResult
    if (result.ok) return
    const refusal = `Slack told ${act.as}: ${result.error}`
    throw APP_IS_AWAY.has(result.error) ? new Unavailable(refusal) : new Error(refusal)
  }
  return async (act, story, at, nowMs) => {
    const memory = await memoryOf(at(0))
    switch (act.kind) {
      case 'page':
        return pagerduty.page(act, story, at(0))
      case 'pagerduty':
        return pagerduty.act(act, at(0))
      case 'alertmanager':
        return webhook('/webhooks/alertmanager', alertmanagerBody(act, at), () => bearer(secrets.alertmanager))
      case 'grafana':
        return webhook('/webhooks/grafana', grafanaBody(act, at), (text) => ({
          'x-grafana-alerting-signature': hmac(secrets.grafana, text),
        }))
      case 'cloudwatch': {
        if (!endpoints.sns) throw new Error('Amazon SNS is not part of this sandbox')
        const body = endpoints.sns.signed(cloudwatchBody(act, at(nowMs)))
        return webhook('/webhooks/alerts/cloudwatch', body, () => ({
          ...bearer(secrets.webhook),
          'x-amz-sns-message-type': 'Notification',
        }))
      }
      case 'deployment': {
        const { body, delivery } = deploymentBody(act, { at: at(nowMs), anchor: at(0) })
        return webhook('/webhooks/github', body, (text) => ({
          'x-github-event': 'deployment_status',
          'x-github-delivery': delivery,
          'x-hub-signature-256': `sha256=${hmac(secrets.github, text)}`,
        }))
      }
      case 'change': {
        const body = { ...act.change, at: new Date(at(nowMs)).toISOString() }
        return webhook('/webhooks/changes', body, () => bearer(secrets.webhook))
      }
      case 'person':
        return person(act, memory)
      case 'nothing':
        return
      default:
        return act satisfies never
    }
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')
