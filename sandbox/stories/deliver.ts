import { createHmac } from 'node:crypto'
import type { UserAction, UserActionResult } from '../slack/client-api.ts'
import type { Sns } from '../sns.ts'
import { createPagerDutyClient, type PagerDutyClient, type StoryPerson } from './pagerduty-client.ts'
import { alertmanagerBody, SHOP_GRAFANA } from './payloads/alertmanager.ts'
import { cloudwatchBody } from './payloads/cloudwatch.ts'
import { deploymentBody } from './payloads/github.ts'
import { grafanaBody } from './payloads/grafana.ts'
import { retryWhileUnavailable, Unavailable } from './retry-unavailable.ts'
import { incidentChannels, openSlackSession, type StoryChannels } from './slack-session.ts'
import type { StepAction, Story } from './story.ts'

/** Where steps are delivered to, with credentials. */
export type Endpoints = {
  /** Muster's base URL. */
  muster: string
  /** The fake Slack's base URL. */
  slack: string
  /** The fake PagerDuty's base URL. */
  pagerduty: string
  /** Webhook secrets, as configured in Muster. */
  secrets: { alertmanager: string; grafana: string; github: string; webhook: string }
  /** The fake PagerDuty's API token. */
  pagerdutyToken: string
  /** The fake Grafana's base URL, for links in alerts. */
  grafana?: string
  people: readonly StoryPerson[]
  /** Signs CloudWatch alarms; without it they cannot be delivered. */
  sns?: Pick<Sns, 'signed'>
  fetch?: typeof globalThis.fetch
  /** Real milliseconds. */
  sleep: (ms: number) => Promise<void>
}

/**
 * Delivers one step. `at` converts story time to epoch ms.
 * @throws when the other side rejects the request or stays unavailable.
 */
export type Deliver = (act: StepAction, story: Story, at: (storyMs: number) => number, nowMs: number) => Promise<void>

/** Slack: errors shown when the app did not respond. */
const APP_UNAVAILABLE = new Set(['dispatch_failed', 'operation_timeout'])

/** Delivers steps over HTTP, the way vendors and people would. */
export const createDelivery = (endpoints: Endpoints): Deliver => {
  const { secrets, fetch = globalThis.fetch } = endpoints
  const pagerduty: PagerDutyClient = createPagerDutyClient({
    url: endpoints.pagerduty,
    token: endpoints.pagerdutyToken,
    people: endpoints.people,
    fetch,
  })
  const webhook = async (path: string, body: unknown, sign: (text: string) => Record<string, string>) => {
    const text = JSON.stringify(body).replaceAll(SHOP_GRAFANA, endpoints.grafana ?? SHOP_GRAFANA)
    await retryWhileUnavailable(async () => {
      const response = await fetch(new URL(path, endpoints.muster), {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json', ...sign(text) },
        signal: AbortSignal.timeout(30_000),
      }).catch((error: unknown) => {
        throw new Unavailable(`POST ${path} got no response`, { cause: error })
      })
      if (response.ok) return
      const refusal = `POST ${path} returned ${response.status}: ${await response.text()}`
      throw response.status >= 500 ? new Unavailable(refusal) : new Error(refusal)
    }, endpoints.sleep)
  }
  const storyChannels = new Map<number, StoryChannels>()
  /** Created at a story's first step, before its incident can exist, so that every present channel is an older one. */
  const channelsOf = async (anchor: number): Promise<StoryChannels> => {
    const existing = storyChannels.get(anchor)
    if (existing) return existing
    const session = openSlackSession({
      url: endpoints.slack,
      as: endpoints.people[0]?.id ?? '',
      fetch,
      sleep: endpoints.sleep,
      channels: { older: new Set() },
    })
    const older = incidentChannels((await session.workspace()).conversations).map(({ id }) => id)
    const channels = { older: new Set(older) }
    storyChannels.set(anchor, channels)
    return channels
  }
  const person = async ({ who, act }: Extract<StepAction, { kind: 'person' }>, channels: StoryChannels) => {
    const id = endpoints.people.find(({ name }) => name === who)?.id
    if (!id) throw new Error(`There is no ${who} in the workspace`)
    const actions = await act(
      openSlackSession({ url: endpoints.slack, as: id, fetch, sleep: endpoints.sleep, channels }),
    )
    if (!actions.length) throw new Error(`${who} cannot act: the channel, message or modal does not exist`)
    for (const action of actions) await retryWhileUnavailable(() => performInSlack(action), endpoints.sleep)
  }
  const performInSlack = async (action: UserAction) => {
    const response = await fetch(new URL('/sandbox/act', endpoints.slack), {
      method: 'POST',
      // A client of its own: the story's modals must not open in the page of a visitor who is the same person.
      body: JSON.stringify({ ...action, client: 'story' }),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(30_000),
    })
    // The fake Slack builds this response from the same type.
    const result = (await response.json()) as UserActionResult
    if (result.ok) return
    const refusal = `Slack refused an action of ${action.as}: ${result.error}`
    throw APP_UNAVAILABLE.has(result.error) ? new Unavailable(refusal) : new Error(refusal)
  }
  return async (act, story, at, nowMs) => {
    const channels = await channelsOf(at(0))
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
        if (!endpoints.sns) throw new Error('This sandbox has no Amazon SNS')
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
        return person(act, channels)
      case 'nothing':
        return
      default:
        return act satisfies never
    }
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')
