import { type ActionContext, visibleChannel, visibleMessage } from './action-context.ts'
import type { UserAction, UserActionResult } from './client-api.ts'
import type { Core } from './core.ts'
import { clickAction, shortcutAction } from './interactions.ts'
import { closeAction, submitAction } from './modal-actions.ts'
import type { Person } from './people.ts'
import { refuse, SlackRefusal } from './refusal.ts'
import { commandAction } from './slash-commands.ts'
import type { Channel, Message } from './state.ts'
import { toMarkup } from './typed-text.ts'

/** Performs a person's action. Resolves when the app has acknowledged it, for actions that need an acknowledgement. */
export const performAction = async (context: ActionContext, action: UserAction): Promise<UserActionResult> => {
  try {
    const person = context.core.workspace.people.get(action.as) ?? refuse('user_not_found')
    return await perform(context, action, person)
  } catch (error) {
    if (error instanceof SlackRefusal) return { ok: false, error: error.error }
    throw error
  }
}

/** Actions that require interactivity in the manifest. */
const interactive = new Set<UserAction['type']>(['block_action', 'submit_modal', 'close_modal', 'shortcut'])

const perform = async (context: ActionContext, action: UserAction, person: Person): Promise<UserActionResult> => {
  const { core } = context
  const { workspace, manifest } = core
  if (interactive.has(action.type) && !manifest.settings.interactivity?.is_enabled)
    return refuse('interactivity_disabled')
  switch (action.type) {
    case 'command':
      return commandAction(context, action, person)
    case 'block_action':
      return clickAction(context, action, person)
    case 'submit_modal':
      return submitAction(context, action, person)
    case 'close_modal':
      return closeAction(context, action, person)
    case 'shortcut':
      return shortcutAction(context, action, person)
    case 'message': {
      const channel = writableChannel(core, action.channel, person)
      const text = toMarkup(core, action.text)
      const threadTs = action.threadTs
      workspace.write({ channel: channel.id, user: person.id, text, ...(threadTs && { threadTs }) })
      markRead(core, channel, person.id)
      return { ok: true }
    }
    case 'share_file': {
      const channel = writableChannel(core, action.channel, person)
      const bytes = Buffer.from(action.base64, 'base64')
      const { name, threadTs } = action
      const id = workspace.newId('F')
      const [user, created, length] = [person.id, workspace.seconds(), bytes.length]
      const file = { id, name, title: name, altText: '', length, bytes, user, created, readyAt: 0 }
      const shared = { ...file, channels: [channel.id], shares: [] as { channel: string; ts: string }[] }
      workspace.files.set(id, shared)
      const text = toMarkup(core, action.text ?? '')
      const message = workspace.write({ channel: channel.id, user, text, files: [id], ...(threadTs && { threadTs }) })
      shared.shares.push({ channel: channel.id, ts: message.ts })
      return { ok: true }
    }
    case 'edit_message': {
      const message = ownMessage(core, action, person)
      const edited = { user: person.id, ts: workspace.newTs() }
      workspace.rewrite(message, { text: toMarkup(core, action.text), edited })
      return { ok: true }
    }
    case 'delete_message': {
      workspace.remove(ownMessage(core, action, person))
      return { ok: true }
    }
    case 'reaction': {
      react(core, visibleMessage(core, action, person), person.id, action.name, action.remove === true)
      return { ok: true }
    }
    case 'open_home': {
      workspace.emit({ type: 'home_opened', user: person.id, channel: workspace.directWith(person.id) })
      return { ok: true }
    }
    case 'read': {
      markRead(core, visibleChannel(core, action.channel, person), person.id)
      return { ok: true }
    }
    case 'join': {
      const channel = visibleChannel(core, action.channel, person)
      if (channel.archived) refuse('is_archived')
      if (!channel.members.includes(person.id)) workspace.join(channel, person.id)
      return { ok: true }
    }
    case 'pin': {
      const channel = writableChannel(core, action.channel, person)
      const message = visibleMessage(core, action, person)
      const added = action.remove !== true
      if (channel.pins.some(({ ts }) => ts === message.ts) === added) refuse(added ? 'already_pinned' : 'no_pin')
      if (added) channel.pins.unshift({ ts: message.ts, by: person.id, at: workspace.seconds() })
      else channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts)
      workspace.emit({ type: 'pin', added, channel, message, by: person.id })
      return { ok: true }
    }
    default:
      return action satisfies never
  }
}

/** Slack: only members can post. */
const writableChannel = (core: Core, id: string, person: Person): Channel => {
  const channel = visibleChannel(core, id, person)
  if (channel.archived) refuse('is_archived')
  if (!channel.members.includes(person.id)) refuse('not_in_channel')
  return channel
}

const ownMessage = (core: Core, at: { channel: string; ts: string }, person: Person): Message => {
  const message = visibleMessage(core, at, person)
  if (message.user !== person.id || message.subtype) refuse('cant_update_message')
  return message
}

const markRead = ({ workspace }: Core, channel: Channel, user: string): void => {
  channel.lastRead[user] = channel.messages.at(-1)?.ts ?? ''
  workspace.emit({ type: 'channel_changed', channel })
}

const react = ({ workspace }: Core, message: Message, user: string, name: string, remove: boolean): void => {
  const existing = message.reactions.find((reaction) => reaction.name === name)
  const has = existing?.users.includes(user) === true
  if (has !== remove) refuse(remove ? 'no_reaction' : 'already_reacted')
  const others = message.reactions.filter((reaction) => reaction !== existing)
  const users = remove ? existing!.users.filter((other) => other !== user) : [...(existing?.users ?? []), user]
  message.reactions = users.length > 0 ? [...others, { name, users }] : others
  workspace.emit({ type: 'reaction', added: !remove, message, user, name })
}
