import type { ActionContext } from './action-context.ts'
import type { UserAction, UserActionResult } from './client-api.ts'
import type { Core } from './core.ts'
import { clientErrors, inputsOf, withEmptyInputs } from './inputs.ts'
import { interactionBase, resultOf } from './interactions.ts'
import type { Person } from './people.ts'
import { refuse } from './refusal.ts'
import type { View } from './state.ts'
import { closeAllModals, closeModal, openModal, readView, rewriteView, viewJson } from './views.ts'

/** Submits a modal. The client catches missing values; the app's response decides what happens to the modal. */
export const submitAction = async (
  { core, delivery }: ActionContext,
  action: Extract<UserAction, { type: 'submit_modal' }>,
  person: Person,
): Promise<UserActionResult> => {
  const view = openView(core, action.modal, person)
  const values = withEmptyInputs(view, action.state)
  const missing = clientErrors(view, values)
  if (Object.keys(missing).length > 0) {
    showErrors(core, view, missing)
    return { ok: true }
  }
  const payload = {
    type: 'view_submission',
    ...interactionBase(core, person),
    view: viewJson(core, view, values),
    trigger_id: core.triggers.issue(action, true),
    response_urls: [],
  }
  const response = await delivery.request({ kind: 'interactive', payload })
  if (!response.acked) return resultOf(response)
  respond(core, view, response.body ?? {})
  return { ok: true }
}

/** Closes a modal; the app is notified if the view sets `notify_on_close`. */
export const closeAction = async (
  { core, delivery }: ActionContext,
  action: Extract<UserAction, { type: 'close_modal' }>,
  person: Person,
): Promise<UserActionResult> => {
  const view = openView(core, action.modal, person)
  const all = view.definition.clear_on_close === true
  if (all) closeAllModals(core, view)
  else closeModal(core, view)
  if (!view.definition.notify_on_close) return { ok: true }
  const payload = { type: 'view_closed', ...interactionBase(core, person), view: viewJson(core, view), is_cleared: all }
  return resultOf(await delivery.request({ kind: 'interactive', payload }))
}

const openView = ({ workspace }: Core, id: string, person: Person): View => {
  const view = workspace.modals.get(person.id)?.find((candidate) => candidate.id === id)
  return view ?? refuse('view_not_found')
}

const respond = (core: Core, view: View, body: Record<string, unknown>): void => {
  const action = body.response_action
  if (action === undefined) closeModal(core, view)
  else if (action === 'clear') closeAllModals(core, view)
  else if (action === 'update') rewriteView(core, view, readView(body.view, core, 'modal'))
  else if (action === 'push') openModal(core, view, readView(body.view, core, 'modal'), true)
  else if (action === 'errors') showErrors(core, view, inputErrors(view, body.errors))
  else refuse('trouble_connecting')
}

/** Slack: errors for blocks other than inputs show up as "trouble connecting". */
const inputErrors = (view: View, errors: unknown): Record<string, string> => {
  const reported = (errors ?? {}) as Record<string, string>
  const inputs = inputsOf(view).map(({ block }) => block.block_id)
  const ids = Object.keys(reported)
  return ids.length > 0 && ids.every((id) => inputs.includes(id)) ? reported : refuse('trouble_connecting')
}

const showErrors = ({ workspace }: Core, view: View, errors: Record<string, string>): void => {
  view.errors = errors
  workspace.emit({ type: 'modals', user: view.user })
}
