import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox, SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { stormDeliveries } from './deliveries.ts'

export type StormOptions = {
  alerts: number
  services: number
  /** How many connections the senders have open at once. */
  connections: number
  databaseUrl: string
}

/** What came of a storm, in counts. */
export type StormCounts = {
  alerts: number
  services: number
  /** Deliveries that were answered 2xx, at the first or a later try. */
  taken: number
  /** Deliveries answered 503, to be sent again. */
  refusals: number
  /** Alerts with a home in the table, and alerts that the logs tell of, each counted once. */
  kept: number
  logged: number
  incidents: number
  held: number
  channels: number
  triageMessages: number
  slackCalls: number
  /** How many health checks were sent meanwhile, and how many were answered 200. */
  healthAsked: number
  healthAnswered: number
  /** Characters of the largest cached incident. */
  largestState: number
  sendSeconds: number
  settleSeconds: number
  slowestHealthMs: number
  peakMemoryMb: number
}

const MANIFEST = new URL('../../manifest.yml', import.meta.url)
const HEALTH_EVERY_MS = 200
const RETRY_AFTER_MS = 250

/** Starts Muster and its sandbox, sends this many alerts of this many services at once, and counts the results. */
export const playStorm = async (options: StormOptions): Promise<StormCounts> => {
  const port = await freePort()
  const musterUrl = `http://127.0.0.1:${port}`
  const clock = createStoryClock({ realNow: Date.now })
  const sandbox = await createSandbox({ clock, musterUrl, manifest: MANIFEST })
  const env = Env.parse({ ...sandbox.environment(), DATABASE_URL: options.databaseUrl, PORT: String(port) })
  const catalogue = new Map(sandbox.services.map((service) => [service.id, service]))
  const muster = await startMuster({ env, file: MusterFile.parse({}), catalogue }, { log: createLog('silent') })
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const post = (body: string) =>
    answerOf(agent, port, 'POST', '/webhooks/alertmanager', body, `Bearer ${SANDBOX_SECRETS.alertmanager}`)
  try {
    const watch = watchHealth(() => answerOf(undefined, port, 'GET', '/healthz'))
    const begun = performance.now()
    const sent = await sendAll(stormDeliveries(options), options.connections, post)
    const sendSeconds = (performance.now() - begun) / 1000
    await muster.settled()
    const settleSeconds = (performance.now() - begun) / 1000 - sendSeconds
    const health = await watch.stop()

    const incidents = await muster.store.list({ limit: 10_000 })
    const kept = (await Promise.all(incidents.map(({ id }) => muster.store.alertKeys(id)))).flat()
    const logged = new Set<string>()
    for (const { id } of incidents)
      for (const event of await muster.store.events(id))
        if ((event.type === 'alert_joined' || event.type === 'declared') && event.alert) logged.add(event.alert.key)
    const { channels } = sandbox.slack.dump()
    return {
      alerts: options.alerts,
      services: options.services,
      ...sent,
      kept: kept.length,
      logged: logged.size,
      incidents: incidents.length,
      held: incidents.filter(({ status }) => status === 'triage').length,
      channels: channels.filter(({ name }) => name.startsWith('inc-')).length,
      triageMessages: incidents.filter(({ messages }) => messages.triage).length,
      slackCalls: await slackCallsOf(musterUrl),
      ...health,
      largestState: Math.max(...incidents.map((incident) => JSON.stringify(incident).length)),
      sendSeconds,
      settleSeconds,
    }
  } finally {
    agent.destroy()
    await muster.stop()
    await sandbox.stop()
  }
}

/** Sends everything over this many connections; a delivery answered 503 is retried, as alert senders do. */
const sendAll = async (bodies: readonly string[], connections: number, post: (body: string) => Promise<number>) => {
  let next = 0
  let taken = 0
  let refusals = 0
  const sender = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      for (;;) {
        const status = await post(body)
        if (status >= 200 && status < 300) break
        if (status !== 503) throw new Error(`A delivery of the storm was answered ${status}.`)
        refusals++
        await sleep(RETRY_AFTER_MS)
      }
      taken++
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  return { taken, refusals }
}

/** Requests /healthz repeatedly and samples the memory. */
const watchHealth = (ask: () => Promise<number>) => {
  const counts = { healthAsked: 0, healthAnswered: 0, slowestHealthMs: 0, peakMemoryMb: 0 }
  let over = false
  const watching = (async () => {
    while (!over) {
      const asked = performance.now()
      counts.healthAsked++
      if ((await ask().catch(() => 0)) === 200) counts.healthAnswered++
      counts.slowestHealthMs = Math.max(counts.slowestHealthMs, performance.now() - asked)
      counts.peakMemoryMb = Math.max(counts.peakMemoryMb, process.memoryUsage().rss / 1024 / 1024)
      await sleep(HEALTH_EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      over = true
      await watching
      return counts
    },
  }
}

const answerOf = (
  agent: Agent | undefined,
  port: number,
  method: string,
  path: string,
  body?: string,
  authorization?: string,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(authorization ? { authorization } : {}),
    }
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    asked.on('error', reject)
    asked.end(body)
  })

const slackCallsOf = async (musterUrl: string): Promise<number> => {
  const text = await (
    await fetch(`${musterUrl}/metrics`, { headers: { authorization: `Bearer ${SANDBOX_SECRETS.metricsToken}` } })
  ).text()
  return [...text.matchAll(/^muster_slack_calls_total\{.*\} (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}
