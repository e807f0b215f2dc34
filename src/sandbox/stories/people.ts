import type { Block, InputState, MessageView } from '../slack/view.ts'
import type { Seen } from './seen.ts'
import type { StepAct } from './story.ts'

/** What people do in Slack, as acts of a step. Each finds the newest incident channel when its moment comes. */

/** `@dana.ruiz` as Slack passes it on: `<@U0DANA0002>`; a name nobody has stays as it was typed. */
const mentioning = async (text: string, seen: Seen) => {
  if (!text.includes('@')) return text
  const { people } = await seen.workspace()
  return text.replace(/@([a-z][a-z0-9]*(?:[._-][a-z0-9]+)*)/g, (typed, name) => {
    const person = people.find((each) => each.name === name)
    return person ? `<@${person.id}>` : typed
  })
}

type PersonAct = Extract<StepAct, { kind: 'person' }>

/** Types an `/incident` sub-command in the incident channel. */
export const types = (who: string, text: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    if (!channel) return undefined
    return {
      type: 'command',
      as: seen.me,
      channel: channel.id,
      command: '/incident',
      text: await mentioning(text, seen),
    }
  },
})

/** Types an `/incident` sub-command in an ordinary channel, by its name. */
export const typesIn = (who: string, channelName: string, text: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = (await seen.workspace()).conversations.find(({ name }) => name === channelName)
    return channel && { type: 'command', as: seen.me, channel: channel.id, command: '/incident', text }
  },
})

export const says = (who: string, text: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    return channel && { type: 'message', as: seen.me, channel: channel.id, text: await mentioning(text, seen) }
  },
})

/** Writes in an ordinary channel, by its name; nothing when the person is not in it. */
export const saysIn = (who: string, channelName: string, text: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = (await seen.workspace()).conversations.find(({ name }) => name === channelName)
    return channel && { type: 'message', as: seen.me, channel: channel.id, text }
  },
})

export const joins = (who: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    return channel && { type: 'join', as: seen.me, channel: channel.id }
  },
})

/** Reacts to the newest message whose text contains the words. */
export const reacts = (who: string, emoji: string, words: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    const message = channel && (await seen.messages(channel.id)).findLast(({ text }) => text.includes(words))
    return message && { type: 'reaction', as: seen.me, channel: message.channel, ts: message.ts, name: emoji }
  },
})

/** Presses the button of that action id on the pinned summary. */
export const presses = (who: string, actionId: string): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    if (!channel) return undefined
    const pinned = (await seen.messages(channel.id)).filter(({ ts }) => channel.pins.includes(ts))
    return pinned.flatMap((message) => buttonIn(message, actionId, seen))[0]
  },
})

const buttonIn = (message: MessageView, actionId: string, { me }: Seen) =>
  (message.blocks ?? []).flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.action_id === actionId)
      .map((element) => ({
        type: 'block_action' as const,
        as: me,
        in: { channel: message.channel, ts: message.ts },
        action: { ...element, type: String(element.type), action_id: actionId, block_id: block.block_id ?? '' },
      })),
  )

const elementsOf = (block: Block): Record<string, unknown>[] => {
  const elements = Array.isArray(block.elements) ? block.elements : []
  return [...elements, block.accessory].filter(isRecord)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * Submits the modal that stands open for the person, as it is filled in; `answers` fill inputs by their action id.
 * Nothing to do when no modal is open: the app may have needed none.
 */
export const submits = (who: string, answers: Record<string, string> = {}): PersonAct => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const modal = (await seen.workspace()).modals.at(-1)
    return modal && { type: 'submit_modal', as: seen.me, modal: modal.id, state: filledIn(modal.view.blocks, answers) }
  },
})

const filledIn = (blocks: Block[], answers: Record<string, string>): InputState =>
  Object.fromEntries(
    blocks.flatMap((block) => {
      const element = block.element
      if (block.type !== 'input' || !isRecord(element) || !block.block_id) return []
      const actionId = String(element.action_id)
      return [[block.block_id, { [actionId]: inputValue(element, answers[actionId]) }]]
    }),
  )

/** An input's value as Slack sends it: the person's answer, else what the app filled in, else null. */
const inputValue = (element: Record<string, unknown>, answer: string | undefined) => {
  const type = String(element.type)
  if (type.endsWith('_select') || type === 'radio_buttons') {
    const member = type === 'users_select' ? 'user' : type === 'conversations_select' ? 'conversation' : 'option'
    const options = Array.isArray(element.options) ? element.options.filter(isRecord) : []
    const chosen = answer && member === 'option' ? options.find(({ value }) => value === answer) : answer
    return { type, [`selected_${member}`]: chosen ?? element[`initial_${member}`] ?? null }
  }
  return { type, value: answer ?? element.initial_value ?? null }
}
