import { HTTPModuleFunctions, type ReceiverProcessEventErrorHandlerArgs } from '@slack/bolt'

/** A delivery with a valid signature that lacks what Slack always sends. */
export class MalformedDelivery extends Error {
  override name = 'MalformedDelivery'
}

const INTERACTIONS = ['block_actions', 'view_submission', 'view_closed', 'shortcut', 'message_action']

/**
 * Slack: every interaction carries `user.id`, block actions a list of `actions`.
 * @throws MalformedDelivery, because Bolt's routing would fail on it or leave it unanswered for 3 s.
 */
export const refuseMalformed = (body: Record<string, unknown>): void => {
  if (!INTERACTIONS.includes(String(body.type))) return
  const { id } = (body.user ?? {}) as { id?: unknown }
  if (typeof id !== 'string') throw new MalformedDelivery(`a ${body.type} without a user`)
  const { actions } = body
  const named = (action: unknown) => typeof (action as { action_id?: unknown } | null)?.action_id === 'string'
  if (body.type === 'block_actions' && !(Array.isArray(actions) && actions.length > 0 && actions.every(named)))
    throw new MalformedDelivery('block_actions without actions')
}

/** Answers a malformed delivery 400, which is the sender's mistake; any other failure as Bolt does. */
export const answerFailure = async (args: ReceiverProcessEventErrorHandlerArgs): Promise<boolean> => {
  if (!(args.error instanceof MalformedDelivery) || args.response.headersSent)
    return HTTPModuleFunctions.defaultProcessEventErrorHandler(args)
  args.logger.warn(`Slack delivery refused: ${args.error.message}`)
  args.response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' }).end('The payload cannot be read.\n')
  return true
}
