import type { Vocabulary } from '../../incident/vocabulary.ts'
import { BoltApp } from './bolt-app.ts'
import { type AppLog, boltLogger } from './bolt-logger.ts'
import type { Slack } from './client.ts'
import { createHomeTabs } from './home-tabs.ts'
import type { Host } from './host.ts'
import { listenToCommands } from './listeners/commands.ts'
import { listenToHome } from './listeners/home.ts'
import { listenToLinks } from './listeners/links.ts'
import { listenToMarkedMessages } from './listeners/marked-messages.ts'
import { listenToMembers } from './listeners/members.ts'
import { listenToMessageShortcuts } from './listeners/message-shortcuts.ts'
import { listenToMessages } from './listeners/messages.ts'
import { listenToViews } from './listeners/views.ts'
import { createReceiver, type SlackMode } from './receiver.ts'
import { createReplies } from './replies.ts'

export type SlackAppOptions = {
  mode: SlackMode
  token: string
  apiUrl?: string | undefined
  slack: Slack
  host: Host
  words: Vocabulary
  keepReactions: readonly string[]
  log: AppLog
}

/** The conversation with people: commands, buttons, modals, shortcuts, reactions, the Home tab. */
export const createSlackApp = ({ mode, token, apiUrl, slack, host, words, keepReactions, log }: SlackAppOptions) => {
  const clientOptions = apiUrl ? { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` } : {}
  const logger = boltLogger(log)
  const app = new BoltApp({
    token,
    receiver: createReceiver(mode, clientOptions, logger),
    logger,
    clientOptions: { ...clientOptions, retryConfig: { retries: 0 }, timeout: 10_000 },
  })
  const listeners = { app, slack, host, words, keepReactions, log, replies: createReplies({ slack, log }) }
  listenToCommands(listeners)
  listenToViews(listeners)
  listenToMarkedMessages(listeners)
  listenToMessageShortcuts(listeners)
  listenToMessages(listeners)
  listenToMembers(listeners)
  listenToLinks(listeners)
  const homes = createHomeTabs({ slack, host, words, log })
  listenToHome({ ...listeners, homes })

  return {
    /** Connects (Socket Mode); in HTTP mode the router is ready already. */
    start: async (): Promise<void> => {
      if (mode.kind === 'socket') await app.start()
    },
    /** An event was recorded: Home tabs that people have open are refreshed. */
    changed: homes.changed,
    stop: async (): Promise<void> => {
      await homes.stop()
      if (mode.kind === 'socket') await app.stop()
    },
  }
}

export type SlackApp = ReturnType<typeof createSlackApp>
