import { withIds } from './content.ts'
import type { Core } from './core.ts'
import { refuse } from './refusal.ts'
import type { View, ViewDefinition } from './state.ts'

const largest = 250_000
const mostModals = 3

/** Checks a view as it is sent; what is wrong with it is told like any other wrong argument. */
export const readView = (value: unknown, core: Core, type: 'modal' | 'home'): ViewDefinition => {
  if (JSON.stringify(value ?? null).length > largest) return refuse('view_too_large')
  const messages = core.checker.view(value, type).map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  if (messages.length > 0)
    return refuse('invalid_arguments', { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } })
  const definition = value as ViewDefinition
  return { ...definition, blocks: withIds(definition.blocks) }
}

/** Puts a modal on top of those a person has open; `previous` is the one below it. */
export const openModal = ({ workspace }: Core, user: string, definition: ViewDefinition, pushed: boolean): View => {
  const open = pushed ? (workspace.modals.get(user) ?? []) : []
  if (open.length >= mostModals) return refuse('push_limit_reached')
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

/** Replaces what a view shows; the answer to errors of an earlier submission too. */
export const rewriteView = (core: Core, view: View, definition: ViewDefinition): void => {
  view.definition = definition
  view.errors = {}
  view.hash = nextHash(core.workspace)
  core.workspace.emit({ type: view.type === 'home' ? 'home' : 'modals', user: view.user })
}

/** Takes a modal away, and those above it. */
export const closeModal = ({ workspace }: Core, view: View): void => {
  const open = workspace.modals.get(view.user) ?? []
  // Another modal may have taken its place while the app was thinking.
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

/** The JSON in which Slack shows a view to the app that made it. */
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

/** Changes with every change of the view, so that an update of an older state is noticed. */
export const nextHash = (workspace: Core['workspace']): string => `${workspace.newTs()}.${workspace.newId('H')}`
