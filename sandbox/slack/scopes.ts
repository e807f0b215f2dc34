/**
 * Scopes a method requires: one scope out of each group. Conversation methods require further scopes depending on the
 * kind of conversation.
 */
export type Needs = {
  /** Slack's rate-limit tier; `special` methods have their own limits. */
  tier: 1 | 2 | 3 | 4 | 'special'
  every?: string[][]
  channel?: string[]
  private?: string[]
  dm?: string[]
}

const manage = { channel: ['channels:manage'], private: ['groups:write'], dm: ['im:write'] }
const read = { channel: ['channels:read'], private: ['groups:read'], dm: ['im:read'] }
const history = { channel: ['channels:history'], private: ['groups:history'], dm: ['im:history'] }
const invite = {
  channel: ['channels:write.invites', 'channels:manage'],
  private: ['groups:write.invites', 'groups:write'],
}
const topic = { channel: ['channels:write.topic', 'channels:manage'], private: ['groups:write.topic', 'groups:write'] }
const one = (...scopes: string[]) => ({ every: [scopes] })

/**
 * Every supported method, with tier and scopes from Slack's method reference. {@link missingScope} checks a manifest's
 * scopes against them.
 */
export const methods = {
  'api.test': { tier: 4 },
  'auth.test': { tier: 'special' },
  'apps.connections.open': { tier: 1 },
  'blocks.validate': { tier: 4 },
  'bookmarks.add': { tier: 2, ...one('bookmarks:write') },
  'bookmarks.edit': { tier: 2, ...one('bookmarks:write') },
  'bookmarks.list': { tier: 3, ...one('bookmarks:read') },
  'bookmarks.remove': { tier: 2, ...one('bookmarks:write') },
  'canvases.create': { tier: 2, ...one('canvases:write') },
  'canvases.edit': { tier: 3, ...one('canvases:write') },
  'canvases.sections.lookup': { tier: 3, ...one('canvases:read') },
  'chat.delete': { tier: 3, ...one('chat:write') },
  'chat.getPermalink': { tier: 'special' },
  'chat.postEphemeral': { tier: 4, ...one('chat:write') },
  'chat.postMessage': { tier: 'special', ...one('chat:write') },
  'chat.update': { tier: 3, ...one('chat:write') },
  'conversations.archive': { tier: 2, ...manage },
  'conversations.canvases.create': { tier: 2, ...one('canvases:write') },
  'conversations.create': { tier: 2, ...manage },
  'conversations.history': { tier: 3, ...history },
  'conversations.info': { tier: 3, ...read },
  'conversations.invite': { tier: 3, ...invite },
  'conversations.join': { tier: 3, ...one('channels:join') },
  'conversations.kick': { tier: 3, ...manage },
  'conversations.list': { tier: 2, ...read },
  'conversations.members': { tier: 4, ...read },
  'conversations.open': { tier: 3, ...one('im:write', 'mpim:write', 'channels:manage', 'groups:write') },
  'conversations.rename': { tier: 2, ...manage },
  'conversations.replies': { tier: 3, ...history },
  'conversations.setPurpose': { tier: 2, ...topic },
  'conversations.setTopic': { tier: 2, ...topic },
  'conversations.unarchive': { tier: 2, ...manage },
  'files.completeUploadExternal': { tier: 4, ...one('files:write') },
  'files.getUploadURLExternal': { tier: 4, ...one('files:write') },
  'files.info': { tier: 4, ...one('files:read') },
  'pins.add': { tier: 2, ...one('pins:write') },
  'pins.list': { tier: 2, ...one('pins:read') },
  'pins.remove': { tier: 2, ...one('pins:write') },
  'reactions.add': { tier: 3, ...one('reactions:write') },
  'reactions.remove': { tier: 2, ...one('reactions:write') },
  'usergroups.list': { tier: 2, ...one('usergroups:read') },
  'usergroups.users.list': { tier: 2, ...one('usergroups:read') },
  'users.conversations': { tier: 3, ...read },
  'users.info': { tier: 4, ...one('users:read') },
  'users.list': { tier: 2, ...one('users:read') },
  'users.lookupByEmail': { tier: 3, every: [['users:read.email'], ['users:read']] },
  'views.open': { tier: 4 },
  'views.publish': { tier: 4 },
  'views.push': { tier: 4 },
  'views.update': { tier: 4 },
} satisfies Record<string, Needs>

export type MethodName = keyof typeof methods

export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name)

/** The first missing scope for a method on this kind of conversation; undefined when the token may call it. */
export const missingScope = (
  method: MethodName,
  scopes: readonly string[],
  kind: 'channel' | 'private' | 'dm' = 'channel',
): string | undefined => {
  const needs: Needs = methods[method]
  const alternatives = [...(needs.every ?? []), ...(needs[kind] ? [needs[kind]] : [])]
  return alternatives.find((group) => !group.some((scope) => scopes.includes(scope)))?.[0]
}

const conversations = ['channels:read', 'groups:read']

/** Scopes an event subscription requires, one of which is enough. Events without requirements are not listed. */
export const eventScopes: Record<string, string[]> = {
  app_mention: ['app_mentions:read'],
  channel_archive: conversations,
  channel_created: conversations,
  channel_rename: conversations,
  channel_unarchive: conversations,
  member_joined_channel: conversations,
  member_left_channel: conversations,
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  pin_added: ['pins:read'],
  pin_removed: ['pins:read'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
}
