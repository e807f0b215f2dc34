import { z } from 'zod'
import type { UserAction } from './client-api.ts'

const actor = { as: z.string(), client: z.string().optional() }
const place = { channel: z.string(), ts: z.string() }
const state = z.record(z.string(), z.record(z.string(), z.unknown()))

/** Body of `POST /sandbox/act`. */
export const UserActionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), ...actor, channel: z.string(), command: z.string(), text: z.string() }),
  z.object({
    type: z.literal('message'),
    ...actor,
    channel: z.string(),
    text: z.string().min(1),
    threadTs: z.string().optional(),
  }),
  z.object({ type: z.literal('edit_message'), ...actor, ...place, text: z.string().min(1) }),
  z.object({ type: z.literal('delete_message'), ...actor, ...place }),
  z.object({
    type: z.literal('reaction'),
    ...actor,
    ...place,
    name: z.string().min(1),
    remove: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('block_action'),
    ...actor,
    state: state.optional(),
    in: z.union([z.object(place), z.object({ modal: z.string() }), z.object({ home: z.literal(true) })]),
    action: z.looseObject({ type: z.string(), action_id: z.string(), block_id: z.string() }),
  }),
  z.object({ type: z.literal('submit_modal'), ...actor, modal: z.string(), state }),
  z.object({ type: z.literal('close_modal'), ...actor, modal: z.string() }),
  z.object({ type: z.literal('shortcut'), ...actor, callbackId: z.string(), message: z.object(place).optional() }),
  z.object({ type: z.literal('open_home'), ...actor }),
  z.object({ type: z.literal('read'), ...actor, channel: z.string() }),
  z.object({ type: z.literal('join'), ...actor, channel: z.string() }),
  z.object({
    type: z.literal('share_file'),
    ...actor,
    channel: z.string(),
    name: z.string().min(1).max(255),
    base64: z.base64(),
    text: z.string().optional(),
    threadTs: z.string().optional(),
  }),
  z.object({ type: z.literal('pin'), ...actor, ...place, remove: z.boolean().optional() }),
]) satisfies z.ZodType<UserAction>
