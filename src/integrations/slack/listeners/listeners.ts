import type { App } from '@slack/bolt'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import type { AppLog } from '../bolt-logger.ts'
import type { Slack } from '../client.ts'
import type { Host } from '../host.ts'
import type { Replies } from '../replies.ts'

/** What every listener works with. */
export type ListenerOptions = {
  app: App
  slack: Slack
  host: Host
  replies: Replies
  words: Vocabulary
  /** Reactions that keep a message for the timeline, by name: `pushpin`. */
  keepReactions: readonly string[]
  log: AppLog
}
