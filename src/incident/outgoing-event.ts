import { z } from 'zod'
import { stamp } from './stamp.ts'

/** What happened to an action item. */
export const ActionItemEventName = z.enum([
  'action_item.created',
  'action_item.updated',
  'action_item.done',
  'action_item.removed',
])
export type ActionItemEventName = z.infer<typeof ActionItemEventName>

/** Events reported to outside systems. `withdrawn`: it became private, and what was published must be removed. */
export const OutgoingEventName = z.enum([
  'incident.opened',
  'incident.updated',
  'incident.resolved',
  'incident.withdrawn',
  'postmortem.published',
  ...ActionItemEventName.options,
])
export type OutgoingEventName = z.infer<typeof OutgoingEventName>

/** Identifies one receiver in `outgoing` of muster.yaml. */
export const EndpointName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)

/** The receivers of the event with number `about`, as configured when it happened. */
export const OUTGOING_EVENT = z.object({
  ...stamp,
  type: z.literal('webhooks_queued'),
  event: OutgoingEventName,
  about: z.number().int().positive(),
  endpoints: z.array(EndpointName),
})

/** Sends the event of this number to one receiver. */
export const OUTGOING_EFFECT = z.object({
  type: z.literal('send_webhook'),
  seq: z.number().int().positive(),
  endpoint: EndpointName,
  event: OutgoingEventName,
})

/** Plain HTTP would expose the signature and the incident in transit; loopback stays on this machine. */
const isSafe = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && loopback)
}

const SafeUrl = z.string().max(2000).refine(isSafe, {
  error: 'expected an address that begins with https:// (http:// only for this machine, as http://127.0.0.1:8080)',
})

/** One receiver, as muster.yaml configures it. See docs/outgoing-webhooks.md. */
export const OutgoingEndpoint = z
  .strictObject({
    /** The type of receiver: your own signed webhook, Atlassian Statuspage, or Instatus. */
    type: z.enum(['webhook', 'statuspage', 'instatus']).default('webhook'),
    /** The URL of a webhook. For a status page only to override its usual API address. */
    url: SafeUrl.optional(),
    /** Only these events; by default all of them. */
    events: z.array(OutgoingEventName).min(1).optional(),
    /** Only incidents of these severities. */
    severities: z.array(z.string()).min(1).optional(),
    /** Include private incidents. */
    private: z.boolean().default(false),
    /** Include drills. */
    drills: z.boolean().default(false),
    /** Also send a webhook what was written for the channel: updates, the impact, how it was resolved. */
    internalText: z.boolean().default(false),
    /** Also send a webhook action items, with their text. */
    actionItems: z.boolean().default(false),
    /** The page's id there. */
    page: z
      .string()
      .regex(/^[\w-]{1,60}$/, "expected the page's id")
      .optional(),
    /** The title that customers see, from {service}, {title}, {severity} and {id}. */
    title: z.string().min(1).max(200).default('Problem with {service}'),
    /** Publish on the page with the first update that has public text, or as soon as the incident opens. */
    publish: z.enum(['update', 'opening']).default('update'),
    /** The page's components for each service: our service id -> their ids. */
    components: z.record(z.string(), z.array(z.string().regex(/^[\w-]{1,60}$/))).default({}),
  })
  .superRefine((endpoint, check) => {
    const report = (path: string, message: string) => check.addIssue({ code: 'custom', path: [path], message })
    if (endpoint.type === 'webhook') {
      if (endpoint.url === undefined) report('url', 'expected where the webhook goes; found nothing')
      return
    }
    if (endpoint.page === undefined)
      report('page', `expected the id of your page at ${NAMES[endpoint.type]}; found nothing`)
    if (endpoint.actionItems) report('actionItems', 'action items never go to a public status page; remove this')
    if (endpoint.private) report('private', 'a private incident never goes to a public status page; remove this')
    if (endpoint.drills) report('drills', 'a drill never goes to a public status page; remove this')
  })
export type OutgoingEndpoint = z.infer<typeof OutgoingEndpoint>

const NAMES = { statuspage: 'Statuspage', instatus: 'Instatus' }
