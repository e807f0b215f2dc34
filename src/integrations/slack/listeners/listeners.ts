import type { App } from '@slack/bolt'
import type { AppLog } from '../bolt-logger.ts'
import type { Slack } from '../client.ts'
import type { Host } from '../host.ts'
import type { Replies } from '../replies.ts'
import type { Words } from '../words.ts'

/** What every listener works with. */
export type ListenerOptions = {
  app: App
  slack: Slack
  host: Host
  replies: Replies
  words: Words
  log: AppLog
}
