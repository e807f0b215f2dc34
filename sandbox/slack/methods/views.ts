import { type Arguments, optional, required, structure } from '../arguments.ts'
import type { Core, Methods } from '../core.ts'
import { refuse } from '../refusal.ts'
import type { View } from '../state.ts'
import { findView, nextHash, openModal, readView, rewriteView, viewJson } from '../views.ts'
import { personArgument } from './lookup.ts'

/** Modals and the Home tab. */
export const viewMethods: Methods = {
  'views.open': (args, core) => {
    const definition = readView(view(args), core, 'modal')
    const trigger = core.triggers.exchange(required(args, 'trigger_id'))
    return { view: viewJson(core, openModal(core, trigger, definition, false)) }
  },

  'views.push': (args, core) => {
    const definition = readView(view(args), core, 'modal')
    const trigger = core.triggers.exchange(required(args, 'trigger_id'))
    if (!trigger.inModal) return refuse('not_in_view')
    return { view: viewJson(core, openModal(core, trigger, definition, true)) }
  },

  'views.update': (args, core) => {
    const id = optional(args, 'view_id')
    const externalId = optional(args, 'external_id')
    const found = findView(core, (candidate) =>
      id ? candidate.id === id : externalId !== undefined && candidate.definition.external_id === externalId,
    )
    if (!found) return refuse('not_found')
    return { view: viewJson(core, updated(args, core, found)) }
  },

  'views.publish': (args, core) => {
    const { workspace, manifest } = core
    if (!manifest.features.app_home?.home_tab_enabled) return refuse('not_enabled')
    const user = personArgument(args, core, 'user_id').id
    const present = workspace.homes.get(user)
    if (present) return { view: viewJson(core, updated(args, core, present)) }
    const id = workspace.newId('V')
    const home: View = {
      id,
      type: 'home',
      user,
      rootId: id,
      previousId: null,
      errors: {},
      hash: nextHash(workspace),
      definition: readView(view(args), core, 'home'),
    }
    workspace.homes.set(user, home)
    workspace.emit({ type: 'home', user })
    return { view: viewJson(core, home) }
  },

  'blocks.validate': (args, core) => {
    const given = ['blocks', 'message', 'view'].filter((name) => args[name] !== undefined)
    const [kind] = given
    if (given.length !== 1 || !kind) return refuse('invalid_arguments')
    const value = structure(args, kind, `invalid_${kind}`)
    const problems =
      kind === 'view'
        ? core.checker.view(value, (value as { type?: string }).type === 'home' ? 'home' : 'modal')
        : core.checker.blocks(kind === 'message' ? (value as { blocks?: unknown }).blocks : value)
    if (problems.length > 0)
      return refuse(`invalid_${kind}`, { errors: problems.map((problem) => ({ ...problem, code: 'invalid' })) })
    return {}
  },
}

const view = (args: Arguments): unknown => structure(args, 'view', 'invalid_arguments')

const updated = (args: Arguments, core: Core, found: View): View => {
  const hash = optional(args, 'hash')
  if (hash !== undefined && hash !== found.hash) return refuse('hash_conflict')
  rewriteView(core, found, readView(view(args), core, found.type))
  return found
}
