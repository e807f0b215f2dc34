import type { Block } from '../../sandbox/slack/client-api.ts'
import type { Message } from '../../sandbox/slack/state.ts'
import { type Stack, textOf, until } from './stack.ts'

type Element = {
  type: string
  action_id: string
  value?: string
  text?: { text: string }
  options?: { text: { text: string }; value: string }[]
}

const elementsOf = (blocks: readonly Block[]): { block: Block; element: Element }[] =>
  blocks.flatMap((block) =>
    [
      ...((block.elements as Element[] | undefined) ?? []),
      ...(block.accessory ? [block.accessory as Element] : []),
    ].map((element) => ({ block, element })),
  )

/** What people do in Slack beyond typing: click, choose from a menu, fill in a form. */
export const slackActs = (stack: Stack) => {
  const { slack } = stack.sandbox
  const act = async (...given: Parameters<Stack['act']>) => {
    const result = await stack.act(...given)
    await stack.settled()
    return result
  }

  /** Opened after the click was acknowledged. */
  const openForm = (person: string, modal?: string) =>
    until(`a form for ${person}`, () =>
      slack.dump().modals.findLast(({ id, user }) => (modal ? id === modal : user === person)),
    )

  /** Clicks a button, or chooses the entry of a menu, by its label; `near` is text of the same block. */
  const clickIn = (blocks: readonly Block[], label: string, near = '') => {
    for (const { block, element } of elementsOf(blocks)) {
      if (!textOf({ text: '', blocks: [block] }).includes(near)) continue
      const { type, action_id, value } = element
      const chosen = element.options?.find(({ text }) => text.text === label)
      if (chosen) return { type, action_id, block_id: block.block_id as string, selected_option: chosen }
      if (element.text?.text === label) return { type, action_id, block_id: block.block_id as string, value }
    }
    throw new Error(`There is no "${label}" near "${near}" in: ${textOf({ text: '', blocks: [...blocks] })}`)
  }

  return {
    act,
    type: async (as: string, channel: string, text: string) => {
      const result = await stack.command(as, channel, text)
      await stack.settled()
      return result
    },
    click: (as: string, message: Message, label: string, near = '') =>
      act({
        type: 'block_action',
        as,
        in: { channel: message.channel, ts: message.ts },
        action: clickIn(message.blocks ?? [], label, near) as never,
      }),
    clickHome: (as: string, label: string, near = '') => {
      const home = slack.dump().homes.find(({ user }) => user === as)
      const action = clickIn(home?.definition.blocks ?? [], label, near)
      return act({ type: 'block_action', as, in: { home: true }, action: action as never })
    },
    /** The form that is open for a person: the last one they opened. */
    formOf: (person: string) => openForm(person),
    /** Fills in a form; what is not given stays as it was prefilled. */
    submit: async (as: string, given: Record<string, string | null>, modal?: string) => {
      const view = await openForm(as, modal)
      const state = Object.fromEntries(
        view.definition.blocks.flatMap((block) => {
          const element = block.element as { type: string; action_id: string } | undefined
          if (!element) return []
          const name = block.block_id as string
          const value = name in given ? given[name] : undefined
          return [[name, { [element.action_id]: stateOf(element as never, value) }]]
        }),
      )
      return act({ type: 'submit_modal', as, modal: view.id, state: state as never })
    },
    /** What only this person saw in a channel, the newest last. */
    whispered: (channel: string, person: string) => stack.messages(channel).filter(({ onlyFor }) => onlyFor === person),
    /** Direct messages of the app to a person. */
    directTo: (person: string): Message[] =>
      stack
        .channels()
        .flatMap(({ id, kind, members }) => (kind === 'dm' && members.includes(person) ? stack.messages(id) : [])),
  }
}

/** An input's value as Slack sends it; `undefined` keeps what the form began with, `null` empties it. */
const stateOf = (
  element: { type: string; [member: string]: unknown },
  value: string | null | undefined,
): Record<string, unknown> => {
  const { type } = element
  switch (type) {
    case 'plain_text_input':
      return { type, value: value === undefined ? (element.initial_value ?? null) : value }
    case 'users_select':
      return { type, selected_user: value === undefined ? (element.initial_user ?? null) : value }
    case 'datepicker':
      return { type, selected_date: value === undefined ? (element.initial_date ?? null) : value }
    case 'static_select':
      return {
        type,
        selected_option: value === undefined ? (element.initial_option ?? null) : value === null ? null : { value },
      }
    case 'checkboxes':
      return { type, selected_options: value ? [{ value }] : [] }
    default:
      throw new Error(`Forms of tests know no ${type}.`)
  }
}
