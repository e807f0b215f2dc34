import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import express from 'express'
import { assistantRoute } from '../assistants/route.ts'
import { createAssistantServer } from '../assistants/server.ts'
import { assistantSources } from '../assistants/sources.ts'
import type { Sources } from '../assistants/tool.ts'
import { createCharts } from '../charts/charts.ts'
import { BadConfig, type Config } from '../config/config.ts'
import { listen } from '../http/server.ts'
import { labelsOf } from '../incident/labels.ts'
import { isPerson } from '../incident/phrase.ts'
import { pagerdutyClient } from '../integrations/pagerduty/client.ts'
import { createLearning } from '../learning/learning.ts'
import { createLog, type Log } from '../platform/log.ts'
import { createPostmortems } from '../postmortem/postmortem.ts'
import { openStoreToRead } from '../store/store.ts'
import { knownNames } from './known-names.ts'

export type McpOptions = {
  /** The Slack user id of the person the assistant works for. */
  user?: string | undefined
  /** Serve streamable HTTP on HOST and PORT instead of standard input and output. */
  http?: boolean | undefined
  /** Standard error: standard output belongs to the protocol. */
  say(line: string): void
}

/** Ends what `muster mcp` began; `ended` resolves when the client has gone. */
export type RunningMcp = { stop(): Promise<void>; ended: Promise<void> }

/**
 * `muster mcp`: incidents for language models, from the database alone. Nothing is created or migrated, and the index
 * stays as `serve` keeps it; only notes are written, where `assistants.notes` allows them.
 * @throws one sentence when there is no database, or none of this version.
 */
export const runMcp = async (config: Config, { user, http = false, say }: McpOptions): Promise<RunningMcp> => {
  const { env } = config
  if (user !== undefined && !isPerson(user))
    throw new BadConfig(`--user: expected the id of a person in Slack, like U024BE7LH, found "${user}"`)
  if (http && !env.MUSTER_MCP_TOKEN)
    throw new BadConfig('muster mcp --http needs MUSTER_MCP_TOKEN, a secret of at least 16 characters.')
  const log = createLog('silent')
  const { sources, close } = await openSources(config, log)
  if (http) return serveHttp(config, { sources, close, log, say })

  // Whatever a package prints would break the protocol.
  console.log = console.info = console.debug = (...words: unknown[]) => console.error(...words)
  const server = createAssistantServer({ sources, user, log })
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve)
    process.stdout.once('error', () => resolve())
  })
  await server.connect(new StdioServerTransport())
  const stop = async () => {
    await server.close()
    await close()
  }
  return { stop, ended }
}

const openSources = async ({ env, file, catalogue }: Config, log: Log) => {
  const store = await openStoreToRead(env.DATABASE_URL, Date.now)
  const charts = createCharts({})
  const vocabulary = { severities: file.severities, roles: file.roles, catalogue, timezone: file.timezone }
  const nameOf = knownNames(store)
  const pagerduty =
    env.PAGERDUTY_API_TOKEN === undefined
      ? undefined
      : pagerdutyClient({ token: env.PAGERDUTY_API_TOKEN, url: env.PAGERDUTY_API_URL, from: env.PAGERDUTY_FROM_EMAIL })
  const sources: Sources = assistantSources({
    store,
    vocabulary,
    nameOf,
    now: Date.now,
    learning: createLearning({ store, catalogue, severities: file.severities, now: Date.now, log, readOnly: true }),
    postmortems: createPostmortems({
      store,
      nameOf,
      timezone: file.timezone,
      templatesFolder: file.templates,
      chartPng: (snapshot, zone) => charts.png(snapshot, { zone }),
      labels: labelsOf(vocabulary),
    }),
    onCalls: pagerduty?.onCalls,
    ...(file.assistants.notes ? { change: (to, decide, once) => store.write({ to, decide, once }) } : {}),
  })
  const close = async () => {
    await charts.close()
    await store.close()
  }
  return { sources, close }
}

type HttpParts = { sources: Sources; close(): Promise<void>; log: Log; say(line: string): void }

const serveHttp = async ({ env, file }: Config, { sources, close, log, say }: HttpParts): Promise<RunningMcp> => {
  const app = express().disable('x-powered-by').disable('etag')
  app.use(
    assistantRoute({
      tokens: env.MUSTER_MCP_TOKEN ?? [],
      publicUrl: env.PUBLIC_URL,
      sources,
      log,
      hosts: [env.HOST, ...file.assistants.hosts],
    }),
  )
  app.use((_request, response) => void response.status(404).type('text/plain').send('MCP is at /mcp.\n'))
  const server = await listen(app, { port: env.PORT, host: env.HOST }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const address = server.address()
  say(`MCP at http://${env.HOST}:${typeof address === 'object' ? address?.port : env.PORT}/mcp`)
  const stop = async () => {
    server.close()
    server.closeAllConnections()
    await close()
  }
  return { stop, ended: new Promise(() => {}) }
}
