import { ExpressReceiver, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { IRouter } from 'express'
import { answerFailure } from './malformed.ts'

export type SlackMode =
  | { kind: 'socket'; appToken: string }
  /** Slack calls us: its requests come in through this router. */
  | { kind: 'http'; signingSecret: string; router: IRouter }

/** How often a lost Socket Mode connection is opened again: soon after Slack is back, however long it was away. */
const RECONNECT = {
  forever: true,
  factor: 1.5,
  minTimeout: 500,
  maxTimeout: 10_000,
  randomize: true,
  unref: true,
}

/** Where Slack's deliveries come in. */
export const createReceiver = (mode: SlackMode, clientOptions: { slackApiUrl?: string }, logger: Logger): Receiver =>
  mode.kind === 'socket'
    ? new SocketModeReceiver({
        appToken: mode.appToken,
        logger,
        installerOptions: { clientOptions: { ...clientOptions, timeout: 10_000, retryConfig: RECONNECT } },
      })
    : new ExpressReceiver({
        signingSecret: mode.signingSecret,
        router: mode.router,
        endpoints: '/slack/events',
        processEventErrorHandler: answerFailure,
        logger,
      })
