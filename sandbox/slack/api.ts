import { type Arguments, flag, optional, parseArguments } from './arguments.ts'
import type { Core } from './core.ts'
import { allMethods } from './methods/all.ts'
import { refuse, SlackRefusal } from './refusal.ts'
import { isMethod, type MethodName, missingScope } from './scopes.ts'

export type Tokens = { app: string; bot: string }
export type ApiCall = { method: string; authorization: string | undefined; contentType: string; body: string }
export type ApiAnswer = { ok: boolean; error?: string; [member: string]: unknown }

/** Handles one Web API call: checks the token and its scopes, then runs the method. */
export const callApi = (core: Core, tokens: Tokens, call: ApiCall): ApiAnswer => {
  try {
    if (!isMethod(call.method)) return refuse('unknown_method')
    const args = parseArguments(call.contentType, call.body)
    authorize(core, tokens, call.method, call.authorization, args)
    return { ok: true, ...allMethods[call.method]!(args, core) }
  } catch (error) {
    if (error instanceof SlackRefusal) return { ok: false, error: error.error, ...error.details }
    throw error
  }
}

const authorize = (
  core: Core,
  tokens: Tokens,
  method: MethodName,
  header: string | undefined,
  args: Arguments,
): void => {
  if (method === 'api.test') return
  const token = header?.match(/^Bearer (\S+)$/)?.[1] ?? optional(args, 'token')
  if (token === undefined) refuse('not_authed')
  if (token !== tokens.app && token !== tokens.bot) refuse('invalid_auth')
  if ((method === 'apps.connections.open') !== (token === tokens.app)) refuse('not_allowed_token_type')
  if (token === tokens.app) return
  for (const kind of conversationKinds(core, method, args)) {
    const needed = missingScope(method, core.scopes, kind)
    if (needed) refuse('missing_scope', { needed, provided: core.scopes.join(',') })
  }
}

/** The kinds of conversation that a call's arguments refer to; required scopes depend on them. */
const conversationKinds = (core: Core, method: MethodName, args: Arguments): ('channel' | 'private' | 'dm')[] => {
  if (method === 'conversations.create') return [flag(args, 'is_private') ? 'private' : 'channel']
  if (method === 'conversations.list' || method === 'users.conversations') {
    const kinds = { public_channel: 'channel', private_channel: 'private', im: 'dm', mpim: 'dm' } as const
    return (optional(args, 'types') ?? 'public_channel').split(',').map((type) => kinds[type as 'im'] ?? 'channel')
  }
  const id = optional(args, 'channel') ?? optional(args, 'channel_id')
  return [core.workspace.channels.get(id ?? '')?.kind ?? 'channel']
}
