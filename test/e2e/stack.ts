import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { freePort } from '../../sandbox/free-port.ts'
import { createSandbox, SANDBOX_SECRETS, type Sandbox } from '../../sandbox/sandbox.ts'
import type { Block, UserAction, UserActionResult } from '../../sandbox/slack/client-api.ts'
import type { FakeSlackOptions } from '../../sandbox/slack/server.ts'
import type { Message } from '../../sandbox/slack/state.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { type Config, Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { type Muster, startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import type { Store } from '../../src/store/store.ts'

/** People of the sandbox's workspace. */
export const people = {
  dana: 'U0DANA0001',
  robin: 'U0ROBIN001',
  mei: 'U0MEI00001',
  priya: 'U0PRIYA001',
  sam: 'U0SAM00001',
  olena: 'U0OLENA001',
} as const

const MANIFEST = new URL('../../manifest.yml', import.meta.url)
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export type WorldOptions = {
  /** Left out, or changed, in Slack. */
  slack?: Partial<FakeSlackOptions>
  /** Slack calls Muster instead of Muster calling Slack. */
  http?: boolean
  /** More settings for Muster; an empty value takes one away. */
  env?: Record<string, string>
  /** muster.yaml, on top of the sandbox's services. */
  file?: object
  /** What events are stamped with, epoch ms. */
  now?: () => number
}

/** A sandbox on real time, and the settings of a Muster that lives in it. */
export const startWorld = async ({ slack, http = false, env = {}, file = {} }: WorldOptions = {}) => {
  const port = await freePort()
  const musterUrl = `http://127.0.0.1:${port}`
  const folder = await mkdtemp(join(tmpdir(), 'muster-e2e-'))
  const sandbox = await createSandbox({
    clock: createStoryClock({ realNow: Date.now }),
    musterUrl,
    manifest: MANIFEST,
    slack: {
      retryDelaysMs: [0, 100, 100],
      ...(http ? { mode: { kind: 'http', requestUrl: `${musterUrl}/slack/events` } } : {}),
      ...slack,
    },
  })
  const services = Object.fromEntries(sandbox.services.map(({ id, ...service }) => [id, service]))
  // Tests open more incidents within minutes than a storm allows.
  const settings = { services, storm: { incidents: 100_000 }, ...file }
  const environment: Record<string, string> = {
    ...sandbox.environment(),
    ...(http ? { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: SANDBOX_SECRETS.signingSecret } : {}),
    DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
    PORT: String(port),
    PUBLIC_URL: musterUrl,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...env,
  }
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const config = (): Config => {
    const parsed = MusterFile.parse(settings)
    const catalogue = new Map(
      Object.entries(parsed.services).map(([id, service]) => [id, { ...service, id, name: service.name ?? id }]),
    )
    return { env: Env.parse(given), file: parsed, catalogue }
  }
  return {
    sandbox,
    musterUrl,
    folder,
    environment: given,
    config,
    /** Writes muster.yaml for a process of its own; returns its path. */
    writeSettings: async (): Promise<string> => {
      const path = join(folder, 'muster.yaml')
      await writeFile(path, stringify(settings))
      return path
    },
    ...looking(sandbox, musterUrl),
    stop: async (): Promise<void> => {
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** A Muster in this process, in a sandbox of its own, with a real clock and real HTTP between them. */
export const startStack = async (options: WorldOptions = {}, beforeStart: (world: World) => void = () => {}) => {
  const world = await startWorld(options)
  beforeStart(world)
  const muster: Muster = await startMuster(world.config(), {
    log: createLog(world.config().env.LOG_LEVEL),
    ...(options.now ? { now: options.now } : {}),
  })
  return {
    ...world,
    muster,
    /** Until Slack has delivered everything and Muster has done everything. */
    settled: async (): Promise<void> => {
      await world.sandbox.pagerduty.settled()
      await world.sandbox.slack.settled()
      await muster.settled()
    },
    stop: async (): Promise<void> => {
      await muster.stop()
      await world.stop()
    },
  }
}

export type Stack = Awaited<ReturnType<typeof startStack>>

const looking = (sandbox: Sandbox, musterUrl: string) => {
  const { slack } = sandbox
  const channels = () => slack.dump().channels
  return {
    act: (action: UserAction): Promise<UserActionResult> => slack.act(action),
    /** `/incident ...`, typed somewhere; the ephemeral answers and the messages it brought are in the channel. */
    command: (as: string, channel: string, text: string): Promise<UserActionResult> =>
      slack.act({ type: 'command', as, channel, command: '/incident', text }),
    channels,
    channelNamed: (name: string) => channels().find((channel) => channel.name === name),
    /** The channel of an incident, by its number. */
    incidentChannel: (number: number) => channels().find(({ name }) => name.startsWith(`inc-${number}-`)),
    messages: (channel?: string): Message[] =>
      slack.dump().messages.filter((message) => channel === undefined || message.channel === channel),
    /** What only operators may read: `/metrics`, and the reasons in `/readyz`. */
    inside: (path: string) =>
      fetch(musterUrl + path, { headers: { authorization: `Bearer ${SANDBOX_SECRETS.metricsToken}` } }),
    /** An alert as Alertmanager sends it, to this Muster or to another replica. */
    alertmanager: (
      alert: {
        name: string
        service?: string
        labels?: object
        annotations?: object
        startsAt?: string
      },
      replicaUrl = musterUrl,
    ) =>
      fetch(`${replicaUrl}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` },
        body: JSON.stringify(alertmanagerBody(alert)),
      }),
    /** Monitoring reports to PagerDuty, which tells Muster. */
    page: (key: string, service: string, summary: string, details: object = {}) =>
      fetch(`${sandbox.pagerduty.url}/v2/enqueue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          routing_key: `R${service.padEnd(31, '0').slice(0, 31)}`,
          event_action: 'trigger',
          dedup_key: key,
          payload: { summary, source: 'prometheus', severity: 'critical', custom_details: details },
        }),
      }),
  }
}

export const alertmanagerBody = ({
  name,
  service = 'web',
  labels = {},
  annotations = {},
  startsAt = new Date().toISOString(),
}: {
  name: string
  service?: string
  labels?: object
  annotations?: object
  startsAt?: string
}) => ({
  version: '4',
  groupKey: `{}:{alertname="${name}"}`,
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'muster',
  groupLabels: { alertname: name },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: name, severity: 'critical', service, ...labels },
      annotations: { summary: name, ...annotations },
      startsAt,
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: createHmac('md5', 'f').update(name).digest('hex').slice(0, 16),
    },
  ],
})

/** Effects that look again minutes later, whatever happens: they stay in the outbox while an incident is young. */
const LOOKING_AGAIN: readonly string[] = ['rank_suspects', 'watch_page']

/** What the outbox still has to do now. */
export const unfinished = async (store: Pick<Store, 'outbox'>) =>
  (await store.outbox.pending(10_000)).filter(({ effect }) => !LOOKING_AGAIN.includes(effect.type))

/** Waits until something is there; fails with the last look when it never comes. */
export const until = async <Value>(
  what: string,
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  withinMs = 20_000,
): Promise<Value> => {
  for (const begun = Date.now(); ; await sleep(20)) {
    const value = await look()
    if (value) return value
    if (Date.now() - begun > withinMs) throw new Error(`Still waiting for ${what} after ${withinMs / 1000} s.`)
  }
}

/** All the text in a message's blocks. */
export const textOf = (message: { text: string; blocks?: Block[] | undefined } | undefined): string => {
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : Array.isArray(value)
        ? value.flatMap(strings)
        : value && typeof value === 'object'
          ? Object.entries(value).flatMap(([name, item]) => (name === 'type' ? [] : strings(item)))
          : []
  return message ? [message.text, ...strings(message.blocks ?? [])].join('\n') : ''
}

/**
 * Muster as a process of its own, as operators run it.
 * @param fileLimitKiB no file it writes may grow beyond this, as on a full disk.
 * @param installation the folder of another program than this clone's.
 */
export const serve = (
  environment: Record<string, string>,
  { fileLimitKiB, installation = ROOT }: { fileLimitKiB?: number; installation?: string } = {},
) => {
  const command = [process.execPath, join(installation, 'bin/muster.js'), 'serve']
  const limited = ['/bin/bash', '-c', `ulimit -f ${fileLimitKiB}; exec "$@"`, 'bash', ...command]
  const [program, ...given] = fileLimitKiB === undefined ? command : limited
  const child = spawn(program as string, given, {
    cwd: installation,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let logged = ''
  child.stdout.on('data', (text) => {
    logged += text
  })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const gone = once(child, 'exit')
  return {
    pid: child.pid,
    /** What it wrote to standard error, and its log. */
    stderr: () => stderr,
    logged: () => logged,
    running: () => child.exitCode === null && child.signalCode === null,
    exited: () => gone.then(([code]) => code as number | null),
    /** Ends it as the kernel does when memory runs out. */
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await gone
    },
    terminate: async (): Promise<number | null> => {
      child.kill('SIGTERM')
      return gone.then(([code]) => code as number | null)
    },
  }
}
