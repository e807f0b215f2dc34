import type { Block, InputState } from './client-api.ts'
import type { View } from './state.ts'

/** All blocks, including those nested in containers. */
export const allBlocks = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => [block, ...allBlocks((block.child_blocks as Block[] | undefined) ?? [])])

type Element = { type: string; action_id: string; min_length?: number; max_length?: number; [member: string]: unknown }

/** The input elements of a form, with their blocks. */
export const inputsOf = (view: View): { block: Block; element: Element }[] =>
  allBlocks(view.definition.blocks)
    .filter(({ type }) => type === 'input')
    .map((block) => ({ block, element: block.element as Element }))

/** Slack: every input is in the submission; an empty one is null, or an empty list for a multi-select. */
export const withEmptyInputs = (view: View, state: InputState): InputState => {
  const empty = inputsOf(view).map(({ block, element }) => [
    block.block_id!,
    { [element.action_id]: state[block.block_id!]?.[element.action_id] ?? emptyValue(element.type) },
  ])
  return { ...state, ...Object.fromEntries(empty) }
}

const emptyValue = (type: string): Record<string, unknown> => {
  const several = type.startsWith('multi_') || type === 'checkboxes'
  return { type, [valueMember(type)]: several ? [] : null }
}

/** The member of an element's state that holds its value. */
const valueMember = (type: string): string => valueMembers[type] ?? 'value'

const valueMembers: Record<string, string> = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  checkboxes: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  rich_text_input: 'rich_text_value',
  file_input: 'files',
}

/** Errors by block id that the Slack client reports itself, without submitting the form. */
export const clientErrors = (view: View, values: InputState): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const { block, element } of inputsOf(view)) {
    const given = (values[block.block_id!]?.[element.action_id] ?? {}) as Record<string, unknown>
    const value = given[valueMember(element.type)]
    const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined
    const empty = value === null || value === undefined || length === 0
    if (empty && block.optional !== true) errors[block.block_id!] = 'Please complete this required field.'
    if (empty || typeof value !== 'string') continue
    if (value.length > (element.max_length ?? 3000))
      errors[block.block_id!] = `This entry can have at most ${element.max_length ?? 3000} characters.`
    if (value.length < (element.min_length ?? 0))
      errors[block.block_id!] = `This entry needs at least ${element.min_length} characters.`
  }
  return errors
}
