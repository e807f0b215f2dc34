import type { Methods } from '../core.ts'
import { authMethods } from './auth.ts'
import { bookmarkMethods } from './bookmarks.ts'
import { canvasMethods } from './canvases.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { historyMethods } from './history.ts'
import { membershipMethods } from './membership.ts'
import { pinAndReactionMethods } from './pins-and-reactions.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

/** Every Web API method by name; `scopes.ts` has their scopes. */
export const allMethods: Methods = {
  ...authMethods,
  ...conversationMethods,
  ...membershipMethods,
  ...historyMethods,
  ...chatMethods,
  ...userMethods,
  ...pinAndReactionMethods,
  ...bookmarkMethods,
  ...viewMethods,
  ...fileMethods,
  ...canvasMethods,
}
