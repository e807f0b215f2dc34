import type { BoundedSlack } from './client.ts'

/**
 * The direct message channel with a person. Slack: only `conversations.open` reveals that an account is deactivated.
 * @throws SlackRefusal `user_disabled`, `user_not_found`
 */
export const directWith = async (slack: BoundedSlack, user: string, signal: AbortSignal): Promise<string> =>
  (await slack.call<{ channel: { id: string } }>('conversations.open', { users: user }, signal)).channel.id
