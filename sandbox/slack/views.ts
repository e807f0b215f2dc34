import { withIds } from './content.ts'
import type { Core } from './core.ts'
import { refuse } from './refusal.ts'
import type { View, ViewDefinition } from './state.ts'

const maxLength = 250_000
const maxModals = 3

/** Validates a view. @throws SlackRefusal `invalid_arguments` with Slack's messages. */
export const readView = (value: unknown, core: Core, type: 'modal' | 'home'): ViewDefinition => {
  if (JSON.stringify(value ?? null).length > maxLength) return refuse('view_too_large')
  const messages = core.checker.view(value, type).map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  if (messages.length > 0)
    return refuse('invalid_arguments', { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } })
  const definition = value as ViewDefinition
  return { ...definition, blocks: withIds(definition.blocks) }
}

/** Opens a modal, on top of the person's open ones when `pushed`. */
export const openModal = ({ workspace }: Core, user: string, definition: ViewDefinition, pushed: boolean): View => {
  const open = pushed ? (workspace.modals.get(user) ?? []) : []
  if (open.length >= maxModals) return refuse('push_limit_reached')
  const { external_id } = definition
  const taken = [...workspace.modals.values()]
    .flat()
    .some((view) => external_id && view.definition.external_id === external_id)
  if (taken) return refuse('duplicate_external_id')
  const id = workspace.newId('V')
  const view: View = {
    id,
    type: 'modal',
    user,
    definition,
    errors: {},
    hash: nextHash(workspace),
    rootId: open[0]?.id ?? id,
    previousId: open.at(-1)?.id ?? null,
  }
  workspace.modals.set(user, [...open, view])
  workspace.emit({ type: 'modals', user })
  return view
}

/** Replaces a view and clears the errors of an earlier submission. */
export const rewriteView = (core: Core, view: View, definition: ViewDefinition): void => {
  view.definition = definition
  view.errors = {}
  view.hash = nextHash(core.workspace)
  core.workspace.emit({ type: view.type === 'home' ? 'home' : 'modals', user: view.user })
}

/** Closes a modal and those above it. */
export const closeModal = ({ workspace }: Core, view: View): void => {
  const open = workspace.modals.get(view.user) ?? []
  // It may have been replaced while the app was processing the submission.
  if (!open.includes(view)) return
  workspace.modals.set(view.user, open.slice(0, open.indexOf(view)))
  workspace.emit({ type: 'modals', user: view.user })
}

export const closeAllModals = ({ workspace }: Core, user: string): void => {
  workspace.modals.delete(user)
  workspace.emit({ type: 'modals', user })
}

export const findView = ({ workspace }: Core, matches: (view: View) => boolean): View | undefined =>
  [...[...workspace.modals.values()].flat(), ...workspace.homes.values()].find(matches)

/** A view object as the Web API returns it. */
export const viewJson = ({ workspace }: Core, view: View, values: unknown = {}) => ({
  id: view.id,
  team_id: workspace.team.id,
  private_metadata: '',
  callback_id: '',
  clear_on_close: false,
  notify_on_close: false,
  close: null,
  submit: null,
  title: null,
  external_id: '',
  ...view.definition,
  hash: view.hash,
  previous_view_id: view.previousId,
  root_view_id: view.rootId,
  app_id: workspace.app.id,
  app_installed_team_id: workspace.team.id,
  bot_id: workspace.app.botId,
  state: { values },
})

/** A new hash for every change of a view, so that outdated updates are detected. */
export const nextHash = (workspace: Core['workspace']): string => `${workspace.newTs()}.${workspace.newId('H')}`
