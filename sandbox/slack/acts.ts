import type { Core } from './call.ts'
import { clickAct, shortcutAct } from './interactions.ts'
import { closeAct, submitAct } from './modal-acts.ts'
import type { Person } from './people.ts'
import { refuse, SlackRefusal } from './refusal.ts'
import { commandAct } from './slash-commands.ts'
import { type Stage, seenChannel, seenMessage } from './stage.ts'
import type { Channel, Message } from './state.ts'
import { escaped } from './typed-text.ts'
import type { Act, ActResult } from './view.ts'

/** Somebody does something. Resolves when the app has acknowledged it, where it must. */
export const act = async (stage: Stage, asked: Act): Promise<ActResult> => {
  try {
    const person = stage.core.workspace.people.get(asked.as) ?? refuse('user_not_found')
    return await perform(stage, asked, person)
  } catch (error) {
    if (error instanceof SlackRefusal) return { ok: false, error: error.error }
    throw error
  }
}

/** What only an app with interactivity hears of. */
const interactive = new Set<Act['type']>(['block_action', 'submit_modal', 'close_modal', 'shortcut'])

const perform = async (stage: Stage, asked: Act, person: Person): Promise<ActResult> => {
  const { core } = stage
  const { workspace, manifest } = core
  if (interactive.has(asked.type) && !manifest.settings.interactivity?.is_enabled)
    return refuse('interactivity_disabled')
  switch (asked.type) {
    case 'command':
      return commandAct(stage, asked, person)
    case 'block_action':
      return clickAct(stage, asked, person)
    case 'submit_modal':
      return submitAct(stage, asked, person)
    case 'close_modal':
      return closeAct(stage, asked, person)
    case 'shortcut':
      return shortcutAct(stage, asked, person)
    case 'message': {
      const channel = placeToWrite(core, asked.channel, person)
      const text = escaped(core, asked.text)
      const threadTs = asked.threadTs
      workspace.write({ channel: channel.id, user: person.id, text, ...(threadTs && { threadTs }) })
      markRead(core, channel, person.id)
      return { ok: true }
    }
    case 'edit_message': {
      const message = own(core, asked, person)
      const edited = { user: person.id, ts: workspace.newTs() }
      workspace.rewrite(message, { text: escaped(core, asked.text), edited })
      return { ok: true }
    }
    case 'delete_message': {
      workspace.remove(own(core, asked, person))
      return { ok: true }
    }
    case 'reaction': {
      react(core, seenMessage(core, asked, person), person.id, asked.name, asked.remove === true)
      return { ok: true }
    }
    case 'open_home': {
      workspace.tell({ type: 'home_opened', user: person.id, channel: workspace.directWith(person.id) })
      return { ok: true }
    }
    case 'read': {
      markRead(core, seenChannel(core, asked.channel, person), person.id)
      return { ok: true }
    }
    case 'join': {
      const channel = seenChannel(core, asked.channel, person)
      if (channel.archived) refuse('is_archived')
      if (!channel.members.includes(person.id)) workspace.join(channel, person.id)
      return { ok: true }
    }
    case 'pin': {
      const channel = placeToWrite(core, asked.channel, person)
      const message = seenMessage(core, asked, person)
      if (channel.pins.some(({ ts }) => ts === message.ts)) refuse('already_pinned')
      channel.pins.unshift({ ts: message.ts, by: person.id, at: workspace.seconds() })
      workspace.tell({ type: 'pin', added: true, channel, message, by: person.id })
      return { ok: true }
    }
    default:
      return asked satisfies never
  }
}

/** Writing takes membership; the message box of a channel one is not in is closed. */
const placeToWrite = (core: Core, id: string, person: Person): Channel => {
  const channel = seenChannel(core, id, person)
  if (channel.archived) refuse('is_archived')
  if (!channel.members.includes(person.id)) refuse('not_in_channel')
  return channel
}

const own = (core: Core, at: { channel: string; ts: string }, person: Person): Message => {
  const message = seenMessage(core, at, person)
  if (message.user !== person.id || message.subtype) refuse('cant_update_message')
  return message
}

const markRead = ({ workspace }: Core, channel: Channel, user: string): void => {
  channel.lastRead[user] = channel.messages.at(-1)?.ts ?? ''
  workspace.tell({ type: 'channel_changed', channel })
}

const react = ({ workspace }: Core, message: Message, user: string, name: string, remove: boolean): void => {
  const present = message.reactions.find((reaction) => reaction.name === name)
  const has = present?.users.includes(user) === true
  if (has !== remove) refuse(remove ? 'no_reaction' : 'already_reacted')
  const others = message.reactions.filter((reaction) => reaction !== present)
  const users = remove ? present!.users.filter((other) => other !== user) : [...(present?.users ?? []), user]
  message.reactions = users.length > 0 ? [...others, { name, users }] : others
  workspace.tell({ type: 'reaction', added: !remove, message, user, name })
}
