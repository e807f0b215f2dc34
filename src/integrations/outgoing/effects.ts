import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import { type Guard, Permanent } from '../../incident/errors.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import type { Labels } from '../../incident/labels.ts'
import { isActionItemEvent, outgoingEventOf, sentTo } from '../../incident/outgoing.ts'
import type { OutgoingEndpoint, OutgoingEventName } from '../../incident/outgoing-event.ts'
import { type ActionItemPayloadOptions, actionItemPayload } from './action-item.ts'
import { INSTATUS_URL, instatusClient } from './instatus.ts'
import { type PayloadOptions, payloadOf } from './payload.ts'
import { createSender, postSigned } from './sender.ts'
import { statusPageSender } from './status-page.ts'
import { STATUSPAGE_URL, statuspageClient } from './statuspage.ts'

export type OutgoingOptions = {
  endpoints: Readonly<Record<string, OutgoingEndpoint>>
  /** Keys that sign webhooks: the first is the newest. */
  secrets: readonly string[]
  statuspageKey: string | undefined
  instatusKey: string | undefined
  labels: Labels
  /** Addresses of an incident's documents; undefined where Muster has no public address. */
  documents: PayloadOptions['documents']
  memory: {
    recall(key: string): Promise<{ value: string } | undefined>
    remember(key: string, value: string): Promise<void>
  }
  /** Who owns an action item. */
  personOf(id: string, signal: AbortSignal): ReturnType<ActionItemPayloadOptions['personOf']>
  guardOf(system: string): Guard
  /** What events are stamped with, epoch ms. */
  now: () => number
  /** Real time, epoch ms: receivers compare it with their clock. */
  wallClock: () => number
}

/** Events older than this are dropped for a receiver that was down. */
const WORTH_SENDING_MS = 24 * 3_600_000

type Deliver = (event: OutgoingEventName, context: EffectContext) => Promise<void>

/** Reports incidents to outside systems: a lane per receiver, so that one that is down delays no other. */
export const outgoingEffects = (options: OutgoingOptions) => {
  const { endpoints, now } = options
  const deliveries = new Map(
    Object.entries(endpoints).map(([name, endpoint]) => [name, delivery(name, endpoint, options)]),
  )

  /** Who gets an event. */
  const queued = ({ incident, cause }: Pick<EffectContext, 'incident' | 'cause'>): IncidentEvent[] => {
    // Alerts come by the hundred; what they change is reported.
    if (cause.type === 'alert_joined') return []
    const event = outgoingEventOf(cause, incident)
    const receivers = Object.entries(endpoints)
      .filter(([, endpoint]) => {
        const sent = sentTo(endpoint, event, incident)
        return sent !== undefined && (endpoint.events?.includes(sent) ?? true)
      })
      .map(([name]) => name)
    if (receivers.length === 0) return []
    return [{ by: 'muster', at: now(), type: 'webhooks_queued', event, about: cause.seq, endpoints: receivers }]
  }

  // A repeated delivery carries the same id; a status page is read before it is written again.
  const send_webhook: EffectHandler<'send_webhook'> = async ({ endpoint: name, event }, context) => {
    const endpoint = endpoints[name]
    const deliver = deliveries.get(name)
    // Taken out of muster.yaml, or made private, since it was queued.
    if (!endpoint || !deliver) return []
    const sent = sentTo(endpoint, event, context.incident)
    if (sent === undefined) return []
    if (now() - context.queuedAt > WORTH_SENDING_MS)
      throw new Permanent(`${name} did not answer for ${WORTH_SENDING_MS / 3_600_000} h; nothing older is sent.`)
    await deliver(sent, context)
    return []
  }

  return { queued, send_webhook }
}

const delivery = (name: string, endpoint: OutgoingEndpoint, options: OutgoingOptions): Deliver => {
  const { secrets, statuspageKey, instatusKey, labels, documents, memory, personOf, guardOf, wallClock } = options
  const { type, page = '', url } = endpoint
  if (type === 'webhook') {
    const system = `Webhook ${name}`
    const { origin, pathname, search, username, password } = new URL(url as string)
    const base = username ? origin.replace('//', `//${username}:${password}@`) : origin
    const send = createSender({ name: system, url: base, guard: guardOf(system) })
    return async (event, { incident, cause, signal }) => {
      const body = isActionItemEvent(event)
        ? await actionItemPayload(event, cause, incident, { labels, personOf: (id) => personOf(id, signal) })
        : payloadOf(event, cause, incident, { labels, internalText: endpoint.internalText, documents })
      if (!body) return
      await postSigned(
        (_path, request) => send(`${pathname}${search}`, request),
        { id: body.id, event, body, at: wallClock(), signal },
        secrets,
      )
    }
  }
  const system = `${name} (${type === 'statuspage' ? 'Statuspage' : 'Instatus'})`
  const headers = { authorization: type === 'statuspage' ? `OAuth ${statuspageKey}` : `Bearer ${instatusKey}` }
  const send = createSender({
    name: system,
    url: url ?? (type === 'statuspage' ? STATUSPAGE_URL : INSTATUS_URL),
    headers,
    guard: guardOf(system),
  })
  const client = type === 'statuspage' ? statuspageClient(send, page) : instatusClient(send, page)
  return statusPageSender({ name, endpoint, client, memory, labels })
}
