import { z } from 'zod'
import { ActionKind, ActionState, Day } from '../../incident/action-event.ts'
import { actionState } from '../../incident/action-item.ts'
import type { RecordedEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Labels } from '../../incident/labels.ts'
import { ActionItemEventName } from '../../incident/outgoing-event.ts'

const about = {
  /** The same on every attempt to deliver it: `INC-42/31`. */
  id: z.string(),
  at: z.iso.datetime(),
  incident: z.strictObject({
    id: z.string(),
    title: z.string(),
    severity: z.strictObject({ id: z.string(), name: z.string() }),
    service: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
    private: z.boolean(),
  }),
}

/** The body of `action_item.*`: the item as it stands when it is sent. Members are added, never changed. */
export const ActionItemPayload = z.strictObject({
  ...about,
  event: ActionItemEventName.exclude(['action_item.removed']),
  item: z.strictObject({
    /** With the incident's id it names the item for good. */
    number: z.number().int(),
    text: z.string(),
    state: ActionState,
    type: ActionKind.nullable(),
    owner: z
      .strictObject({ slackId: z.string(), name: z.string().nullable(), email: z.string().nullable() })
      .nullable(),
    due: Day.nullable(),
    /** A web address, or a key like `SHOP-12`. */
    ticket: z.string().nullable(),
  }),
})
export type ActionItemPayload = z.infer<typeof ActionItemPayload>

/** An item that was added by mistake. */
export const ActionItemRemovedPayload = z.strictObject({
  ...about,
  event: z.literal('action_item.removed'),
  item: z.strictObject({ number: z.number().int() }),
})
export type ActionItemRemovedPayload = z.infer<typeof ActionItemRemovedPayload>

export type ActionItemPayloadOptions = {
  labels: Labels
  /** The name of a Slack user id; rejects when Slack does not respond. */
  personOf(id: string): Promise<{ name: string; email?: string }>
}

/** What a receiver gets about an item; undefined when the item was removed since and that is reported separately. */
export const actionItemPayload = async (
  event: ActionItemEventName,
  cause: RecordedEvent,
  { id, title, severity, service, private: hidden, actions }: Incident,
  { labels, personOf }: ActionItemPayloadOptions,
): Promise<ActionItemPayload | ActionItemRemovedPayload | undefined> => {
  if (!('id' in cause) || typeof cause.id !== 'number') return undefined
  const common = {
    id: `${id}/${cause.seq}`,
    at: new Date(cause.at).toISOString(),
    incident: {
      id,
      title,
      private: hidden,
      severity: { id: severity, name: labels.severity(severity) },
      service: service === undefined ? null : { id: service, name: labels.service(service) },
    },
  }
  if (event === 'action_item.removed') return { ...common, event, item: { number: cause.id } }
  const item = actions.find((one) => one.id === cause.id)
  if (!item) return undefined
  const { text, kind = null, owner, due = null, ticket = null } = item
  // Without a name the id still identifies the person: the receiver must not wait for Slack.
  const person = owner ? await personOf(owner).catch(() => undefined) : undefined
  return {
    ...common,
    event,
    item: {
      number: item.id,
      text,
      state: actionState(item),
      type: kind,
      due,
      ticket,
      owner: owner ? { slackId: owner, name: person?.name ?? null, email: person?.email ?? null } : null,
    },
  }
}
