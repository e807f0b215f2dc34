import type { Block, ConversationView, InputState, MessageView, UserAction } from '../slack/client-api.ts'
import type { SlackSession } from './slack-session.ts'
import type { StepAction } from './story.ts'

/**
 * What people do in Slack, as acts of a step. Each finds the story's incident channel when its moment comes, and joins
 * it if need be. Texts are as typed: Slack itself makes mentions of `@dana.ruiz`.
 */
type PersonAction = Extract<StepAction, { kind: 'person' }>

/** In the incident channel: nothing as long as there is none. */
const inIncident = (
  who: string,
  act: (channel: ConversationView, seen: SlackSession) => UserAction[] | Promise<UserAction[]>,
): PersonAction => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = await seen.incidentChannel()
    if (!channel) return []
    const acts = await act(channel, seen)
    const isMember = channel.members.includes(seen.me)
    return isMember || !acts.length ? acts : [joining(channel, seen), ...acts]
  },
})

/** In an ordinary channel, by its name: nothing when the person does not see it. */
const inChannel = (
  who: string,
  name: string,
  act: (channel: ConversationView, seen: SlackSession) => UserAction,
): PersonAction => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = (await seen.workspace()).conversations.find((each) => each.name === name)
    return channel ? [act(channel, seen)] : []
  },
})

const joining = (channel: ConversationView, seen: SlackSession) =>
  ({ type: 'join', as: seen.me, channel: channel.id }) satisfies UserAction

const command = (text: string) => (channel: ConversationView, seen: SlackSession) =>
  ({ type: 'command', as: seen.me, channel: channel.id, command: '/incident', text }) satisfies UserAction

const message = (text: string) => (channel: ConversationView, seen: SlackSession) =>
  ({ type: 'message', as: seen.me, channel: channel.id, text }) satisfies UserAction

/** Types an `/incident` sub-command in the incident channel. */
export const types = (who: string, text: string) => inIncident(who, (channel, seen) => [command(text)(channel, seen)])

/** Types an `/incident` sub-command in an ordinary channel. */
export const typesIn = (who: string, channel: string, text: string) => inChannel(who, channel, command(text))

/** Declares an incident from an ordinary channel, unless the story has one by now: then they read in it. */
export const declaresIn = (who: string, channel: string, text: string): PersonAction => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const open = await seen.incidentChannelNow()
    return (open ? joins(who) : typesIn(who, channel, `declare ${text}`)).act(seen)
  },
})

/** Writes in the incident channel. */
export const says = (who: string, text: string) => inIncident(who, (channel, seen) => [message(text)(channel, seen)])

/** Writes in an ordinary channel. */
export const saysIn = (who: string, channel: string, text: string) => inChannel(who, channel, message(text))

/** Joins the incident channel, and reads what stands there. */
export const joins = (who: string) =>
  inIncident(who, (channel, seen) => [{ type: 'read', as: seen.me, channel: channel.id }])

/** Reacts to the newest message whose text contains the words. */
export const reacts = (who: string, emoji: string, words: string) =>
  inIncident(who, async (channel, seen) => {
    const found = (await seen.messages(channel.id)).findLast(({ text }) => text.includes(words))
    return found ? [{ type: 'reaction', as: seen.me, channel: channel.id, ts: found.ts, name: emoji }] : []
  })

/** Presses the button of that action id on the pinned summary. */
export const presses = (who: string, actionId: string) =>
  inIncident(who, async (channel, seen) => {
    const pinned = (await seen.messages(channel.id)).filter(({ ts }) => channel.pins.includes(ts))
    return pinned.flatMap((each) => buttonsIn(each, (element) => element.action_id === actionId, seen)).slice(0, 1)
  })

/** Presses the newest button of that label in an ordinary channel. */
export const pressesIn = (who: string, name: string, label: string): PersonAction => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const channel = (await seen.workspace()).conversations.find((each) => each.name === name)
    const messages = channel ? await seen.messages(channel.id) : []
    const hasLabel = ({ text }: Record<string, unknown>) => isRecord(text) && text.text === label
    return messages.flatMap((each) => buttonsIn(each, hasLabel, seen)).slice(-1)
  },
})

type Element = Record<string, unknown>

const buttonsIn = (
  { channel, ts, blocks = [] }: MessageView,
  wanted: (element: Element) => boolean,
  { me }: SlackSession,
): UserAction[] =>
  blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.type === 'button' && wanted(element))
      .map((element) => ({
        type: 'block_action' as const,
        as: me,
        in: { channel, ts },
        action: {
          ...element,
          type: 'button',
          action_id: String(element.action_id),
          block_id: block.block_id ?? '',
        },
      })),
  )

const elementsOf = (block: Block): Record<string, unknown>[] => {
  const elements = Array.isArray(block.elements) ? block.elements : []
  return [...elements, block.accessory].filter(isRecord)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * Submits the modal that stands open for the person, as it is filled in; `answers` fill inputs by their action id.
 */
export const submits = (who: string, answers: Record<string, string> = {}): PersonAction => ({
  kind: 'person',
  who,
  act: async (seen) => {
    const modal = (await seen.workspace()).modals.at(-1)
    if (!modal) return []
    return [{ type: 'submit_modal', as: seen.me, modal: modal.id, state: filledIn(modal.view.blocks, answers) }]
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
