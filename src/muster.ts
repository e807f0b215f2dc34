import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Router } from 'express'
import { assembleAssistants } from './assemble-assistants.ts'
import { assembleTopology } from './assemble-topology.ts'
import { createCharts } from './charts/charts.ts'
import { BadConfig, type Config } from './config/config.ts'
import { connectSlack } from './connect-slack.ts'
import { createDocuments } from './documents.ts'
import { createOutbox } from './engine/outbox.ts'
import { createPause } from './engine/pause.ts'
import { createRecord } from './engine/record.ts'
import { effectHandlers } from './handlers.ts'
import { heldUp } from './held-up.ts'
import { createHttp } from './http/app.ts'
import { createReadiness } from './http/readiness.ts'
import { close, listen } from './http/server.ts'
import { createAlerts } from './intake/alerts.ts'
import { createChanges } from './intake/changes.ts'
import { createEcho } from './integrations/pagerduty/echo.ts'
import { createAdminNotices } from './integrations/slack/admin-notices.ts'
import { createSlack } from './integrations/slack/client.ts'
import { createFiles } from './integrations/slack/files.ts'
import { createGroups } from './integrations/slack/groups.ts'
import { postNotice } from './integrations/slack/notice.ts'
import { createPeople } from './integrations/slack/people.ts'
import { createPoster } from './integrations/slack/post.ts'
import type { SlackMode } from './integrations/slack/receiver.ts'
import { integrationsOf } from './integrations.ts'
import { joinConversation } from './join-conversation.ts'
import { createLearning } from './learning/learning.ts'
import { createBreakers } from './platform/breaker.ts'
import { createLog, type Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { holdAlone } from './store/alone.ts'
import { openStore } from './store/store.ts'
import { startTimers } from './timers.ts'

export type MusterOptions = {
  /** What events are stamped with, epoch ms. */
  now?: () => number
  log?: Log
  /** Fetches the certificates of Amazon SNS; the sandbox stands in for Amazon. */
  fetch?: typeof globalThis.fetch
}

const OUTBOX_GRACE_MS = 5_000

/** A running Muster. */
export type Muster = Awaited<ReturnType<typeof startMuster>>

/**
 * Assembles Muster and starts it: the store first, then the listeners, then the outbox, so that nothing is accepted that
 * could not be kept.
 * @throws BadConfig without Slack; one sentence when the database or Slack refuses.
 */
export const startMuster = async (
  { env, file, catalogue }: Config,
  { now = Date.now, log = createLog(env.LOG_LEVEL), fetch }: MusterOptions = {},
) => {
  const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env
  if (!token || !(appToken || signingSecret))
    throw new BadConfig(
      'Cannot start without Slack. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP). `npm run demo` needs neither.',
    )
  const metrics = createMetrics({ pending: () => store.outbox.count(), waiting: () => store.outbox.waiting() })
  const release = holdAlone(env.DATABASE_URL)
  const store = await openStore(env.DATABASE_URL, now, Date.now, (row) => {
    metrics.damagedRows.inc({ table: row.table })
    log.error('a row cannot be read; it is left aside', row)
  })
  // With SQLite we are the only process, so the holder of any lease has terminated and its effects run again at once.
  if (store.kind === 'sqlite') await store.outbox.takeBack()
  const charts = createCharts({})
  const breakers = createBreakers({ log, metrics })
  const slack = createSlack({
    token,
    // Every incident posts through it: it opens later and is probed sooner.
    guard: breakers.guard('Slack', { atOnce: 32, failures: 10, probeAfterMs: 5_000 }),
    apiUrl: env.SLACK_API_URL,
    now: () => performance.now(),
    observe: (method, result) => metrics.slackCalls.inc({ method, result }),
  })
  const people = createPeople({ slack, memory: store, now })
  const files = createFiles({ token, apiUrl: env.SLACK_API_URL })
  const poster = createPoster({ slack, memory: store, now })
  const words = {
    severities: file.severities,
    roles: file.roles,
    statuses: file.statuses,
    catalogue,
    timezone: file.timezone,
    call: file.call,
    firstSteps: file.firstSteps,
  }
  const integrations = integrationsOf({
    env,
    file,
    catalogue,
    breakers,
    now,
    ...(fetch ? { fetch } : {}),
    isPagerDutyEcho: (signal) => echo.isEcho(signal),
  })
  const { pagerduty } = integrations
  const echo = createEcho({ pagerduty, from: env.PAGERDUTY_FROM_EMAIL, memory: store, now })

  let wake = () => {}
  let refreshHomes = () => {}
  const written = (): void => {
    wake()
    refreshHomes()
  }
  const record = createRecord({ store, log, metrics, wake: written })
  const learning = createLearning({ store, catalogue, severities: file.severities, now, log })
  const documents = await createDocuments({ env, file, catalogue, store, record, people, charts, learning, now, log })
  const { postmortems } = documents
  /** What nearly every part takes. */
  const base = { env, file, catalogue, store, record, people, metrics, now, log }

  const changes = createChanges({
    ...base,
    feeds: integrations.changeFeeds,
    hasSources: integrations.changeSources.length > 0,
    windowMs: file.changes.windowHours * 3_600_000,
  })
  const pause = createPause({
    store,
    announce: (text, by, known) => postNotice(poster, file.slack.announcements, text, { by, known }),
    now,
    log,
  })
  const topology = assembleTopology({
    ...base,
    source: integrations.suspectSource,
    slack,
    poster,
    charts,
    words,
    newId: () => `topology/${randomBytes(6).toString('hex')}`,
  })
  const handlers = effectHandlers({
    ...base,
    breakers,
    words,
    integrations,
    slack,
    poster,
    files,
    groupMembers: createGroups({ slack, memory: store, now }).look,
    charts,
    documents: documents.links,
    postmortems,
    learning,
    topology,
    changes,
    pause,
    echo,
  })
  const owner = `${process.pid}-${randomBytes(4).toString('hex')}`
  const outbox = createOutbox({
    store,
    record,
    handlers,
    log,
    metrics,
    now,
    random: Math.random,
    untilProbe: breakers.untilProbe,
    owner,
  })
  wake = outbox.wake
  breakers.onRecover(outbox.recovered)

  const alerts = createAlerts({
    ...base,
    seenCalls: topology.known.seen,
    rules: file.opening,
    severities: file.severities.map(({ id }) => id),
    windowMs: file.correlation.windowMinutes * 60_000,
    budget: { incidents: file.storm.incidents, withinMs: file.storm.withinMinutes * 60_000 },
    isPaused: pause.isPaused,
  })
  const assistants = assembleAssistants({
    ...base,
    learning,
    postmortems,
    vocabulary: words,
    onCalls: pagerduty?.onCalls,
  })
  const slackRouter = Router()
  const mode: SlackMode = appToken
    ? { kind: 'socket', appToken }
    : { kind: 'http', signingSecret: signingSecret as string, router: slackRouter }
  const slackApp = await joinConversation({
    ...base,
    slack,
    documents,
    learning,
    pause,
    integrations,
    vocabulary: words,
    mode,
    token,
    callGraphs: topology.direct,
  })
  refreshHomes = slackApp.changed

  const http = createHttp({
    alertSources: integrations.alertSources,
    changeSources: integrations.changeSources,
    ingestSignal: alerts.ingest,
    ingestChange: changes.ingest,
    ready: createReadiness({
      probe: store.probe,
      notes: async () => [...breakers.troubles(), ...(await heldUp(store, Date.now()))],
      log,
    }),
    metricsTokens: env.METRICS_TOKEN,
    routers: [slackRouter, ...documents.routers, assistants],
    metrics,
    log,
    now,
  })
  const server = await listen(http, { port: env.PORT, host: env.HOST })
  const address = `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${(server.address() as AddressInfo).port}`
  outbox.start()
  // The rest starts while Slack answers.
  const connecting = connectSlack({ slack, open: slackApp.start, memory: store, log })
  learning.start()
  topology.start()
  const timers = startTimers({
    ...base,
    pause,
    canPage: pagerduty !== undefined,
    owner,
    notify: createAdminNotices({
      poster,
      admins: file.admins,
      channel: file.slack.announcements,
      byEmail: people.byEmail,
      log,
    }),
    isHeldBack: (system) => breakers.untilProbe(system) !== undefined,
  })
  const stop = async (): Promise<void> => {
    await timers.stop()
    await slackApp.stop().catch((error: unknown) => log.warn('Slack did not let go', { error }))
    await close(server)
    await outbox.stop(OUTBOX_GRACE_MS)
    await learning.stop()
    await topology.stop()
    await charts.close()
    await store.close()
    release()
    log.info('Muster has stopped')
  }

  // Alerts are accepted and people are paged without Slack; only a token that it has never accepted ends the start.
  const connection = await connecting.catch(async (error: unknown) => {
    await stop()
    throw error
  })
  log.info(connection.state === 'connected' ? 'Muster is running' : 'Muster is running, without Slack so far', {
    address,
    slack: mode.kind,
    database: store.kind,
    ...(store.kind === 'sqlite' ? { processes: 'one only: SQLite' } : {}),
    on: integrations.on,
    off: integrations.off,
    services: catalogue.size,
  })

  return {
    address,
    store,
    postmortems,
    /** Runs at once what normally runs every minute: time-based actions. */
    remind: timers.remind,
    /** Resolves when every effect is done, for tests and the sandbox. */
    settled: outbox.settled,
    /** Runs what is due by the events' clock, where that runs ahead of real time, as the sandbox's does. */
    catchUp: () => outbox.catchUp(now()),
    /** Stops intake, finishes or releases running effects, closes. */
    stop: async (): Promise<void> => {
      connection.stop()
      await stop()
    },
  }
}
