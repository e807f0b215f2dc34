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

/** The page of a person in which a modal is or will be opened. */
type Opener = Pick<View, 'user' | 'client'>

/** The open modals of one page, bottom to top, and those of the person's other pages. */
const modalsOf = ({ workspace }: Core, { user, client }: Opener) => {
  const all = workspace.modals.get(user) ?? []
  return { stack: all.filter((view) => view.client === client), others: all.filter((view) => view.client !== client) }
}

/** Opens a modal in one page of a person: on top of the open ones when `pushed`, otherwise instead of them. */
export const openModal = (core: Core, opener: Opener, definition: ViewDefinition, pushed: boolean): View => {
  const { workspace } = core
  const { user, client } = opener
  const { stack, others } = modalsOf(core, opener)
  const open = pushed ? stack : []
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
    client,
    definition,
    errors: {},
    hash: nextHash(workspace),
    rootId: open[0]?.id ?? id,
    previousId: open.at(-1)?.id ?? null,
  }
  workspace.modals.set(user, [...others, ...open, view])
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
export const closeModal = (core: Core, view: View): void => {
  const { stack, others } = modalsOf(core, view)
  // It may have been replaced while the app was processing the submission.
  if (!stack.includes(view)) return
  core.workspace.modals.set(view.user, [...others, ...stack.slice(0, stack.indexOf(view))])
  core.workspace.emit({ type: 'modals', user: view.user })
}

/** Closes all modals of one page. */
export const closeAllModals = (core: Core, opener: Opener): void => {
  core.workspace.modals.set(opener.user, modalsOf(core, opener).others)
  core.workspace.emit({ type: 'modals', user: opener.user })
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
