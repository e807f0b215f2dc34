import { createServer, type RequestListener } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { openPort } from '../server.ts'
import type { ActionContext } from './action-context.ts'
import { createChecker } from './blocks/check.ts'
import type { UserAction } from './client-api.ts'
import type { Core } from './core.ts'
import { dump } from './dump.ts'
import { sendEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { isReady } from './files.ts'
import { sendJson } from './http.ts'
import { httpDelivery } from './http-delivery.ts'
import { Manifest } from './manifest.ts'
import { type DeliveryObserver, observeDelivery } from './observe-delivery.ts'
import { groups, type Person, type StartingChannel, staff, startingChannels, type UserGroup } from './people.ts'
import { createRequestLog } from './request-log.ts'
import { createResponseUrls } from './response-urls.ts'
import { sandboxRoutes } from './sandbox-routes.ts'
import { slackRoutes } from './slack-routes.ts'
import { socketDelivery } from './socket-delivery.ts'
import { createTriggers } from './triggers.ts'
import { performAction } from './user-actions.ts'
import { createWorkspace } from './workspace.ts'

export type FakeSlackOptions = {
  /** 0 picks a free port. */
  port?: number
  host?: string
  /** The parsed `manifest.yml`: the app's scopes, commands, shortcuts and events. */
  manifest: unknown
  appToken: string
  botToken: string
  signingSecret: string
  people?: Person[]
  groups?: UserGroup[]
  channels?: StartingChannel[]
  team?: { id: string; name: string; domain: string }
  /** Transport to the app; Socket Mode by default. */
  mode?: { kind: 'socket' } | { kind: 'http'; requestUrl: string }
  /** Timestamps of messages and events, epoch ms. */
  now?: () => number
  /** Clock for time limits and rate limits, epoch ms: real time, except in tests of the limits. */
  scheduleNow?: () => number
  /** False: a workspace without the block types introduced in 2026. */
  supportsNewBlocks?: boolean
  /** Time limit for acknowledgements, and lifetime of a trigger. Slack: 3000. */
  ackTimeoutMs?: number
  triggerLifetimeMs?: number
  /** Delays before the retries of an event. Slack: 0, 60000, 300000. */
  retryDelaysMs?: number[]
  fileProcessingMs?: number
  /** IANA zone in which pages show times; the viewer's own by default. */
  pageTimezone?: string
  /** Called for everything sent to the app. */
  onDelivery?: DeliveryObserver
  /** Handles requests that are neither Slack's nor the sandbox's, such as those for the page. */
  otherwise?: RequestListener
}

export type FakeSlack = Awaited<ReturnType<typeof createFakeSlack>>

/** A local Slack workspace with one app installed, over real HTTP and WebSocket. */
export const createFakeSlack = async (options: FakeSlackOptions) => {
  const {
    host = '127.0.0.1',
    now = Date.now,
    scheduleNow = Date.now,
    mode = { kind: 'socket' },
    ackTimeoutMs = 3000,
  } = options
  const manifest = Manifest.parse(options.manifest)
  let url = ''
  const workspace = createWorkspace({
    team: options.team ?? { id: 'T0SANDBOX1', name: 'Shop', domain: 'shop-sandbox' },
    appName: manifest.features.bot_user.display_name,
    people: options.people ?? staff,
    groups: options.groups ?? groups,
    channels: options.channels ?? startingChannels,
    now,
    scheduleNow,
    filesUrl: () => url,
  })

  const retryDelaysMs = options.retryDelaysMs ?? [0, 60_000, 300_000]
  const sockets = socketDelivery({ appId: workspace.app.id, ackTimeoutMs, retryDelaysMs })
  const requester =
    mode.kind === 'http'
      ? httpDelivery({ ...mode, signingSecret: options.signingSecret, now: scheduleNow, ackTimeoutMs, retryDelaysMs })
      : undefined
  const delivery = options.onDelivery
    ? observeDelivery(requester ?? sockets, options.onDelivery, now)
    : (requester ?? sockets)

  const core: Core = {
    workspace,
    manifest,
    scopes: [...manifest.oauth_config.scopes.bot],
    url: () => url,
    checker: createChecker({
      supportsNewBlocks: options.supportsNewBlocks ?? true,
      fileState: (id) => {
        const file = workspace.files.get(id)
        return file ? { name: file.name, ready: isReady(workspace, file) } : undefined
      },
    }),
    triggers: createTriggers({ now: scheduleNow, lifetimeMs: options.triggerLifetimeMs ?? 3000 }),
    openSocket: () => `${url.replace(/^http/, 'ws')}${sockets.ticket()}`,
    fileProcessingMs: options.fileProcessingMs ?? 300,
    pageTimezone: options.pageTimezone,
  }
  const responseUrls = createResponseUrls(core)
  const context: ActionContext = { core, delivery, responseUrls }
  const faults = createFaults({ now: scheduleNow, sockets })
  const requests = createRequestLog()
  const tokens = { app: options.appToken, bot: options.botToken }
  const answerSlack = slackRoutes({ core, tokens, faults, requests, responseUrls })
  const answerControl = sandboxRoutes({ context, faults, requests })
  const stopEvents = sendEvents(core, delivery)

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      if ((await answerSlack(request, response)) || (await answerControl(request, response))) return
      if (options.otherwise) options.otherwise(request, response)
      else sendJson(response, 404, { error: 'not_found' })
    }
    answer().catch((error: unknown) => {
      console.error(error)
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { ok: false, error: 'fatal_error' })
    })
  })
  server.on('upgrade', sockets.upgrade)
  const stop = async (): Promise<void> => {
    stopEvents()
    await sockets.stop()
    await requester?.stop()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  try {
    url = `http://${host}:${await openPort(server, options.port ?? 0, host)}`
  } catch (error) {
    await stop()
    throw error
  }

  return {
    url,
    /** For the SDK's `slackApiUrl` and for `SLACK_API_URL`. */
    apiUrl: `${url}/api/`,
    workspace,
    faults,
    requests,
    /** Performs a person's action; resolves when the app has acknowledged it. */
    act: (action: UserAction) => performAction(context, action),
    dump: () => dump(core),
    /** Reinstalls the app with an additional scope. */
    grant: (scope: string): void => {
      core.scopes.push(scope)
    },
    /** Number of open Socket Mode connections. */
    connections: sockets.connections,
    /** Resolves when every event has been delivered or given up, which takes as long as the retry delays. */
    settled: async (): Promise<void> => {
      // Events are sent with `setImmediate`.
      await setImmediate()
      await delivery.settled()
    },
    /** HTTP mode: whether the app passes URL verification. */
    verifyUrl: async (): Promise<boolean> => (requester ? requester.verifyUrl() : true),
    stop,
  }
}
