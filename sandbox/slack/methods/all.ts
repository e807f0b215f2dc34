import type { Methods } from '../call.ts'
import { authMethods } from './auth.ts'
import { bookmarkMethods } from './bookmarks.ts'
import { canvasMethods } from './canvases.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { historyMethods } from './history.ts'
import { markMethods } from './marks.ts'
import { membershipMethods } from './membership.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

/** Every Web API method by its name; `scopes.ts` says who may call which. */
export const allMethods: Methods = {
  ...authMethods,
  ...conversationMethods,
  ...membershipMethods,
  ...historyMethods,
  ...chatMethods,
  ...userMethods,
  ...markMethods,
  ...bookmarkMethods,
  ...viewMethods,
  ...fileMethods,
  ...canvasMethods,
}
