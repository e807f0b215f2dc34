import type { Block, ConversationView, InputState, MessageView, UserAction } from '../slack/client-api.ts'
import type { SlackSession } from './slack-session.ts'
import type { StepAction } from './story.ts'

/**
 * Steps in which a person does something in Slack. The story's incident channel is looked up, and joined if necessary,
 * when the step is played. Texts are as typed: Slack turns `@dana.ruiz` into a mention.
 */
type PersonAction = Extract<StepAction, { kind: 'person' }>

/** Acts in the incident channel; no action when there is none. */
const inIncident = (
  who: string,
  act: (channel: ConversationView, slack: SlackSession) => UserAction[] | Promise<UserAction[]>,
): PersonAction => ({
  kind: 'person',
  who,
  act: async (slack) => {
    const channel = await slack.incidentChannel()
    if (!channel) return []
    const acts = await act(channel, slack)
    const isMember = channel.members.includes(slack.me)
    return isMember || !acts.length ? acts : [joinAction(channel, slack), ...acts]
  },
})

/** Acts in another channel; no action when the person cannot see it. */
const inChannel = (
  who: string,
  name: string,
  act: (channel: ConversationView, slack: SlackSession) => UserAction,
): PersonAction => ({
  kind: 'person',
  who,
  act: async (slack) => {
    const channel = (await slack.workspace()).conversations.find((each) => each.name === name)
    return channel ? [act(channel, slack)] : []
  },
})

const joinAction = (channel: ConversationView, slack: SlackSession) =>
  ({ type: 'join', as: slack.me, channel: channel.id }) satisfies UserAction

const command = (text: string) => (channel: ConversationView, slack: SlackSession) =>
  ({ type: 'command', as: slack.me, channel: channel.id, command: '/incident', text }) satisfies UserAction

const message = (text: string) => (channel: ConversationView, slack: SlackSession) =>
  ({ type: 'message', as: slack.me, channel: channel.id, text }) satisfies UserAction

/** Types an `/incident` sub-command in the incident channel. */
export const types = (who: string, text: string) => inIncident(who, (channel, slack) => [command(text)(channel, slack)])

/** Types an `/incident` sub-command in another channel. */
export const typesIn = (who: string, channel: string, text: string) => inChannel(who, channel, command(text))

/** Declares an incident from another channel; joins the story's incident instead if there already is one. */
export const declaresIn = (who: string, channel: string, text: string): PersonAction => ({
  kind: 'person',
  who,
  act: async (slack) => {
    const open = await slack.incidentChannelNow()
    return (open ? joins(who) : typesIn(who, channel, `declare ${text}`)).act(slack)
  },
})

/** Posts a message in the incident channel. */
export const says = (who: string, text: string) => inIncident(who, (channel, slack) => [message(text)(channel, slack)])

/** Posts a message in another channel. */
export const saysIn = (who: string, channel: string, text: string) => inChannel(who, channel, message(text))

/** Joins the incident channel and reads it. */
export const joins = (who: string) =>
  inIncident(who, (channel, slack) => [{ type: 'read', as: slack.me, channel: channel.id }])

/** Reacts to the newest message containing the words. */
export const reacts = (who: string, emoji: string, words: string) =>
  inIncident(who, async (channel, slack) => {
    const found = (await slack.messages(channel.id)).findLast(({ text }) => text.includes(words))
    return found ? [{ type: 'reaction', as: slack.me, channel: channel.id, ts: found.ts, name: emoji }] : []
  })

/** Clicks the button with that action id on the pinned summary. */
export const presses = (who: string, actionId: string) =>
  inIncident(who, async (channel, slack) => {
    const pinned = (await slack.messages(channel.id)).filter(({ ts }) => channel.pins.includes(ts))
    return pinned.flatMap((each) => buttonsIn(each, (element) => element.action_id === actionId, slack)).slice(0, 1)
  })

/** Clicks the newest button with that label in another channel. */
export const pressesIn = (who: string, name: string, label: string): PersonAction => ({
  kind: 'person',
  who,
  act: async (slack) => {
    const channel = (await slack.workspace()).conversations.find((each) => each.name === name)
    const messages = channel ? await slack.messages(channel.id) : []
    const hasLabel = ({ text }: Record<string, unknown>) => isRecord(text) && text.text === label
    return messages.flatMap((each) => buttonsIn(each, hasLabel, slack)).slice(-1)
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

/** Submits the person's open modal with its initial values; `answers` override inputs, by action id. */
export const submits = (who: string, answers: Record<string, string> = {}): PersonAction => ({
  kind: 'person',
  who,
  act: async (slack) => {
    const modal = (await slack.workspace()).modals.at(-1)
    if (!modal) return []
    return [{ type: 'submit_modal', as: slack.me, modal: modal.id, state: filledIn(modal.view.blocks, answers) }]
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

/** An input's value as Slack sends it: the person's answer, else the app's initial value, else null. */
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
