import type { Option } from '@slack/types'
import type { Block, InputState } from '../../slack/client-api.ts'

/** An interactive element of any kind; each component reads the members it knows. */
export type Element = { type: string; action_id?: string; [member: string]: unknown }

/** An element's value as in Slack's `state.values`: `{ selected_date: '2026-11-21' }`. */
export type Value = Record<string, unknown>

export type { Option }

const HOLDERS: Record<string, { member: string; initial: string; empty: unknown }> = {
  plain_text_input: { member: 'value', initial: 'initial_value', empty: null },
  email_text_input: { member: 'value', initial: 'initial_value', empty: null },
  url_text_input: { member: 'value', initial: 'initial_value', empty: null },
  number_input: { member: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { member: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { member: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { member: 'selected_option', initial: 'initial_option', empty: null },
  users_select: { member: 'selected_user', initial: 'initial_user', empty: null },
  channels_select: { member: 'selected_channel', initial: 'initial_channel', empty: null },
  conversations_select: { member: 'selected_conversation', initial: 'initial_conversation', empty: null },
  multi_static_select: { member: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { member: 'selected_options', initial: 'initial_options', empty: [] },
  multi_users_select: { member: 'selected_users', initial: 'initial_users', empty: [] },
  multi_channels_select: { member: 'selected_channels', initial: 'initial_channels', empty: [] },
  multi_conversations_select: { member: 'selected_conversations', initial: 'initial_conversations', empty: [] },
  radio_buttons: { member: 'selected_option', initial: 'initial_option', empty: null },
  checkboxes: { member: 'selected_options', initial: 'initial_options', empty: [] },
  datepicker: { member: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { member: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { member: 'selected_date_time', initial: 'initial_date_time', empty: null },
  file_input: { member: 'files', initial: 'initial_files', empty: [] },
}

/** The member that holds an element's value; undefined for elements without one, such as buttons. */
export const memberOf = (element: Element): string | undefined => HOLDERS[element.type]?.member

/** An element's initial value. */
export function initialValue(element: Element): Value {
  const holder = HOLDERS[element.type]
  return holder ? { [holder.member]: element[holder.initial] ?? holder.empty } : {}
}

export const isEmpty = (value: Value) =>
  Object.values(value).every(
    (held) => held === null || held === undefined || held === '' || (Array.isArray(held) && held.length === 0),
  )

/** All input blocks, including those in containers. */
export const inputBlocks = (blocks: Block[]): (Block & { element: Element })[] =>
  flatten(blocks).filter((block): block is Block & { element: Element } => block.type === 'input')

const flatten = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => (block.type === 'container' ? flatten((block.child_blocks ?? []) as Block[]) : [block]))

const elementsOf = (block: Block): Element[] => {
  if (block.type === 'input') return [block.element as Element]
  if (block.type === 'section' && block.accessory) return [block.accessory as Element]
  return block.type === 'actions' ? (block.elements as Element[]) : []
}

/** `state.values` of a surface: the values of all its elements. */
export function collectState(
  blocks: Block[],
  entered: (block: string, element: Element) => Value | undefined,
): InputState {
  const state: InputState = {}
  for (const block of flatten(blocks))
    for (const element of elementsOf(block)) {
      if (!memberOf(element) || !block.block_id || !element.action_id) continue
      const value = entered(block.block_id, element) ?? initialValue(element)
      const values = state[block.block_id] ?? {}
      state[block.block_id] = { ...values, [element.action_id]: { type: element.type, ...value } }
    }
  return state
}
