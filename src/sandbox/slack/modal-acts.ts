import type { Stage } from './acts.ts'
import type { Core } from './call.ts'
import { allBlocks, resultOf, whoAndWhere } from './interactions.ts'
import type { Person } from './people.ts'
import { refuse } from './refusal.ts'
import type { View } from './state.ts'
import type { Act, ActResult, Block, InputState } from './view.ts'
import { closeAllModals, closeModal, openModal, readView, rewriteView, viewJson } from './views.ts'

/** Somebody submits a modal. Missing values never leave the client; the app's answer decides what becomes of the modal. */
export const submitAct = async (
  { core, delivery }: Stage,
  asked: Extract<Act, { type: 'submit_modal' }>,
  person: Person,
): Promise<ActResult> => {
  const view = openView(core, asked.modal, person)
  const values = completed(view, asked.state)
  const missing = missingInputs(view, values)
  if (Object.keys(missing).length > 0) {
    showErrors(core, view, missing)
    return { ok: true }
  }
  const payload = {
    ...{ type: 'view_submission', ...whoAndWhere(core, person), view: viewJson(core, view, values) },
    ...{ trigger_id: core.triggers.issue(person.id, true), response_urls: [] },
  }
  const receipt = await delivery.ask({ kind: 'interactive', payload })
  if (!receipt.acked) return resultOf(receipt)
  respond(core, view, receipt.body ?? {})
  return { ok: true }
}

/** Somebody closes a modal; the app hears of it when it asked to. */
export const closeAct = async (
  { core, delivery }: Stage,
  asked: Extract<Act, { type: 'close_modal' }>,
  person: Person,
): Promise<ActResult> => {
  const view = openView(core, asked.modal, person)
  const all = view.definition.clear_on_close === true
  if (all) closeAllModals(core, person.id)
  else closeModal(core, view)
  if (!view.definition.notify_on_close) return { ok: true }
  const payload = { type: 'view_closed', ...whoAndWhere(core, person), view: viewJson(core, view), is_cleared: all }
  return resultOf(await delivery.ask({ kind: 'interactive', payload }))
}

const openView = ({ workspace }: Core, id: string, person: Person): View => {
  const view = workspace.modals.get(person.id)?.find((candidate) => candidate.id === id)
  return view ?? refuse('view_not_found')
}

const respond = (core: Core, view: View, body: Record<string, unknown>): void => {
  const action = body.response_action
  if (action === undefined) closeModal(core, view)
  else if (action === 'clear') closeAllModals(core, view.user)
  else if (action === 'update') rewriteView(core, view, readView(body.view, core, 'modal'))
  else if (action === 'push') openModal(core, view.user, readView(body.view, core, 'modal'), true)
  else if (action === 'errors') showErrors(core, view, inputErrors(view, body.errors))
  else refuse('trouble_connecting')
}

/** Slack shows nothing but "trouble connecting" for errors at blocks that are no inputs. */
const inputErrors = (view: View, errors: unknown): Record<string, string> => {
  const told = (errors ?? {}) as Record<string, string>
  const inputs = inputsOf(view).map(({ block }) => block.block_id)
  const ids = Object.keys(told)
  return ids.length > 0 && ids.every((id) => inputs.includes(id)) ? told : refuse('trouble_connecting')
}

const showErrors = ({ workspace }: Core, view: View, errors: Record<string, string>): void => {
  view.errors = errors
  workspace.tell({ type: 'modals', user: view.user })
}

type Element = { type: string; action_id: string; min_length?: number; max_length?: number; [member: string]: unknown }

const inputsOf = (view: View): { block: Block; element: Element }[] =>
  allBlocks(view.definition.blocks)
    .filter(({ type }) => type === 'input')
    .map((block) => ({ block, element: block.element as Element }))

/** Every input has a value in what the app gets; one left empty has null, or an empty list where several can be chosen. */
const completed = (view: View, state: InputState): InputState => {
  const empty = inputsOf(view).map(({ block, element }) => [
    block.block_id!,
    { [element.action_id]: state[block.block_id!]?.[element.action_id] ?? emptyValue(element.type) },
  ])
  return { ...state, ...Object.fromEntries(empty) }
}

const emptyValue = (type: string): Record<string, unknown> => {
  if (type.startsWith('multi_') || type === 'checkboxes') return { type, [chosenMember(type)]: [] }
  return { type, [chosenMember(type)]: null }
}

/** The member in which an element keeps what was chosen. */
const chosenMember = (type: string): string => {
  const several = type.startsWith('multi_') || type === 'checkboxes'
  const members: Record<string, string> = {
    ...{ static_select: 'selected_option', external_select: 'selected_option', radio_buttons: 'selected_option' },
    ...{
      multi_static_select: 'selected_options',
      multi_external_select: 'selected_options',
      checkboxes: 'selected_options',
    },
    ...{ users_select: 'selected_user', multi_users_select: 'selected_users' },
    ...{ conversations_select: 'selected_conversation', multi_conversations_select: 'selected_conversations' },
    ...{ channels_select: 'selected_channel', multi_channels_select: 'selected_channels' },
    ...{ datepicker: 'selected_date', timepicker: 'selected_time', datetimepicker: 'selected_date_time' },
    ...{ rich_text_input: 'rich_text_value', file_input: 'files' },
  }
  return members[type] ?? (several ? 'selected_options' : 'value')
}

const missingInputs = (view: View, values: InputState): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const { block, element } of inputsOf(view)) {
    const given = (values[block.block_id!]?.[element.action_id] ?? {}) as Record<string, unknown>
    const value = given[chosenMember(element.type)]
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
