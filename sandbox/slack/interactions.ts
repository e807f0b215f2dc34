import { type ActionContext, visibleMessage } from './action-context.ts'
import type { Block, UserAction, UserActionResult } from './client-api.ts'
import type { Core } from './core.ts'
import type { AppResponse } from './delivery.ts'
import { allBlocks } from './inputs.ts'
import { messageJson } from './payloads.ts'
import type { Person } from './people.ts'
import { refuse } from './refusal.ts'
import type { Message, View } from './state.ts'
import { viewJson } from './views.ts'

/** A click or choice in a message, a modal or the Home tab. */
export const clickAction = async (
  { core, delivery, responseUrls }: ActionContext,
  action: Extract<UserAction, { type: 'block_action' }>,
  person: Person,
): Promise<UserActionResult> => {
  const surface = surfaceOf(core, action, person)
  const element = findElement(surface.blocks, action.action.block_id, action.action.action_id)
  if (!element) return refuse('action_not_found')
  const { action_ts, ...chosen } = { action_ts: core.workspace.newTs(), ...action.action }
  // Slack: a button's text, value and style are part of the payload; other elements send what was chosen.
  const fixed =
    element.type === 'button'
      ? Object.fromEntries(
          ['text', 'value', 'style'].flatMap((member) => (element[member] ? [[member, element[member]]] : [])),
        )
      : {}
  const actions = [{ ...fixed, ...chosen, action_ts }]
  const trigger_id = core.triggers.issue(action, surface.kind === 'modal')
  const values = action.state ?? {}
  const common = { type: 'block_actions', ...interactionBase(core, person), trigger_id, actions }
  const payload =
    surface.kind === 'message'
      ? {
          ...common,
          state: { values },
          ...messagePlace(core, surface.message),
          response_url: responseUrls.issue('actions', person.id, surface.message.channel, surface.message),
        }
      : { ...common, container: { type: 'view', view_id: surface.view.id }, view: viewJson(core, surface.view, values) }
  return resultOf(await delivery.request({ kind: 'interactive', payload }))
}

/** A message shortcut or a global shortcut. */
export const shortcutAction = async (
  { core, delivery, responseUrls }: ActionContext,
  action: Extract<UserAction, { type: 'shortcut' }>,
  person: Person,
): Promise<UserActionResult> => {
  const known = core.manifest.features.shortcuts.find(({ callback_id }) => callback_id === action.callbackId)
  if (!known || (known.type === 'message') !== (action.message !== undefined)) return refuse('shortcut_not_found')
  const common = {
    ...interactionBase(core, person),
    action_ts: core.workspace.newTs(),
    callback_id: action.callbackId,
    trigger_id: core.triggers.issue(action),
  }
  if (!action.message)
    return resultOf(await delivery.request({ kind: 'interactive', payload: { type: 'shortcut', ...common } }))
  const message = visibleMessage(core, action.message, person)
  const payload = {
    type: 'message_action',
    ...common,
    message_ts: message.ts,
    message: messageJson(core.workspace, message),
    channel: channelName(core, message),
    response_url: responseUrls.issue('app', person.id, message.channel, message),
  }
  return resultOf(await delivery.request({ kind: 'interactive', payload }))
}

/** Members common to all interaction payloads. */
export const interactionBase = ({ workspace }: Core, person: Person) => ({
  team: { id: workspace.team.id, domain: workspace.team.domain },
  user: { id: person.id, username: person.name, name: person.name, team_id: workspace.team.id },
  api_app_id: workspace.app.id,
  token: 'deprecatedVerifToken',
  enterprise: null,
  is_enterprise_install: false,
})

export const resultOf = (response: AppResponse): UserActionResult =>
  response.acked ? { ok: true } : { ok: false, error: response.error }

type Surface =
  | { kind: 'message'; message: Message; blocks: Block[] }
  | { kind: 'modal' | 'home'; view: View; blocks: Block[] }

const surfaceOf = (
  core: Core,
  { in: place }: Extract<UserAction, { type: 'block_action' }>,
  person: Person,
): Surface => {
  if ('channel' in place) {
    const message = visibleMessage(core, place, person)
    return { kind: 'message', message, blocks: message.blocks ?? [] }
  }
  const view =
    'modal' in place
      ? core.workspace.modals.get(person.id)?.find(({ id }) => id === place.modal)
      : core.workspace.homes.get(person.id)
  if (!view) return refuse('view_not_found')
  return { kind: view.type, view, blocks: view.definition.blocks }
}

/** Finds an element by its ids, wherever a block may nest it. */
const findElement = (blocks: Block[], blockId: string, actionId: string): Record<string, unknown> | undefined => {
  const within = (value: unknown): Record<string, unknown> | undefined => {
    if (typeof value !== 'object' || value === null) return undefined
    if (!Array.isArray(value) && (value as Record<string, unknown>).action_id === actionId)
      return value as Record<string, unknown>
    for (const member of Object.values(value)) {
      const found = within(member)
      if (found) return found
    }
    return undefined
  }
  const block = allBlocks(blocks).find(({ block_id }) => block_id === blockId)
  return within(block)
}

const messagePlace = (core: Core, message: Message) => ({
  container: {
    type: 'message',
    message_ts: message.ts,
    channel_id: message.channel,
    is_ephemeral: message.onlyFor !== undefined,
    ...(message.threadTs && { thread_ts: message.threadTs }),
  },
  channel: channelName(core, message),
  // Slack: the payload of an ephemeral message has no content, only its location.
  ...(message.onlyFor === undefined && { message: messageJson(core.workspace, message) }),
})

const channelName = ({ workspace }: Core, message: Message) => {
  const { id, name, kind } = workspace.channels.get(message.channel)!
  return { id, name: { channel: name, private: 'privategroup', dm: 'directmessage' }[kind] }
}
