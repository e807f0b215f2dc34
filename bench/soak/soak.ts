import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../sandbox/free-port.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { FAULTS, type Fault, startFaultySlack } from '../../test/e2e/faulty-slack.ts'
import { people, serve, startWorld, unfinished, until } from '../../test/e2e/stack.ts'
import { type Account, account } from './account.ts'

export type SoakOptions = {
  durationMs: number
  /** An empty PostgreSQL, for two replicas; without it one process on SQLite. */
  postgresUrl?: string
  /** In [0, 1). */
  random?: () => number
  /** Which faults Slack goes through, one after the other. */
  faults?: readonly Fault[]
  report?: (line: string) => void
}

export type Outage = {
  fault: Fault
  /** Calls a minute that Slack received during its outage, from all replicas. */
  callsAMinute: number
  /** From Slack being back to every incident accepted until then having its channel, its people and its pin, ms. */
  settledAfterMs: number
}

export type SoakResult = Account & {
  replicas: number
  kills: number
  outages: Outage[]
  /** From the last alert to an empty queue, ms. */
  drainedAfterMs: number
  /** The most resident memory that any replica needed, MB. */
  peakMegabytes: number
}

const ALERT_EVERY_MS = 1_000
const KILLING_MS = 12_000
const KILL_EVERY_MS = 3_000
const ILL_MS = 8_000
const SETTLE_LIMIT_MS = 60_000
const DRAIN_LIMIT_MS = 120_000

/**
 * Simulates bad nights: alerts and commands arrive continuously while replicas are killed and Slack fails in turn.
 * Counts what was accepted, lost and duplicated, and how soon everything was there after each outage.
 */
export const soak = async (options: SoakOptions): Promise<SoakResult> => {
  const { durationMs, postgresUrl, random = Math.random, faults = FAULTS, report = () => {} } = options
  const slack = await startFaultySlack()
  const world = await startWorld({
    env: { SLACK_API_URL: slack.url, ...(postgresUrl ? { DATABASE_URL: postgresUrl } : {}) },
    file: { services: { till: { name: 'Till', pagerdutyService: 'PSVCPAY', pageOnDeclare: true } } },
  })
  slack.forwardTo(world.sandbox.environment().SLACK_API_URL as string)
  const settings: Record<string, string> = {
    ...world.environment,
    MUSTER_CONFIG: await world.writeSettings(),
    LOG_LEVEL: 'warn',
    NODE_OPTIONS: imageOptions(),
  }
  const ports = [new URL(world.musterUrl).port, ...(postgresUrl ? [String(await freePort())] : [])]
  const start = (port: string) => serve({ ...settings, PORT: port })
  const replicas = ports.map((port) => ({ port, process: start(port) }))
  let peakMegabytes = 0
  let kills = 0
  const accepted: string[] = []
  const outages: Outage[] = []
  let over = false

  const measure = () => {
    for (const { process } of replicas) peakMegabytes = Math.max(peakMegabytes, residentPeak(process.pid))
  }
  const answers = (port: string) =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  const ready = (port: string) => until('a replica to listen', () => answers(port), 60_000)

  /** A sender that tries again, at the next replica, until its alert is accepted. */
  const sendAlert = async (name: string, service: string): Promise<void> => {
    for (let attempt = 0; !over || attempt === 0; attempt++) {
      const { port } = replicas[attempt % replicas.length]!
      const response = await world.alertmanager({ name, service }, `http://127.0.0.1:${port}`).catch(() => undefined)
      if (response?.status === 202) return void accepted.push(name)
      await sleep(250)
    }
  }

  const sending = async () => {
    const sent: Promise<void>[] = []
    for (let number = 1; !over; number++) {
      sent.push(sendAlert(`Alert ${number}`, `service-${number}`))
      await sleep(ALERT_EVERY_MS)
    }
    await Promise.all(sent)
  }

  /** Declared by a person: what Slack accepted must be there. */
  const typing = async () => {
    const general = world.channelNamed('general')!.id
    for (let number = 1; !over; number++) {
      const title = `Declared ${number}`
      const { ok } = await world.command(people.dana, general, `declare ${title}`)
      if (ok) accepted.push(title)
      await sleep(ALERT_EVERY_MS * 5)
    }
  }

  const killing = async (untilMs: number) => {
    while (Date.now() < untilMs) {
      await sleep(random() * KILL_EVERY_MS)
      const replica = replicas[Math.floor(random() * replicas.length)]!
      measure()
      await replica.process.kill()
      kills += 1
      replica.process = start(replica.port)
      await ready(replica.port)
    }
  }

  const outage = async (store: Store, fault: Fault) => {
    const since = Date.now()
    await slack.fail(fault)
    await sleep(ILL_MS)
    const callsAMinute = Math.round((slack.callsSince(since) * 60_000) / (Date.now() - since))
    const before = new Set(accepted)
    await slack.recover()
    const back = Date.now()
    const isThere = async () => {
      const open = (await store.list({ limit: 100_000 })).filter(({ title }) => before.has(title))
      return open.length === before.size && open.every(({ steps }) => steps.pin?.state === 'done')
    }
    const settled = await until(`everything after ${fault}`, isThere, SETTLE_LIMIT_MS).then(
      () => Date.now() - back,
      () => Number.POSITIVE_INFINITY,
    )
    outages.push({ fault, callsAMinute, settledAfterMs: settled })
    report(`${fault}: ${callsAMinute} calls a minute to the sick Slack, all there after ${settled} ms`)
  }

  const store = await openStore(settings.DATABASE_URL as string, Date.now)
  try {
    await Promise.all(ports.map(ready))
    const ends = Date.now() + durationMs
    const input = [sending(), typing()]
    for (let round = 0; Date.now() < ends; round++) {
      await killing(Math.min(ends, Date.now() + KILLING_MS))
      report(`${kills} kills, ${accepted.length} accepted`)
      await outage(store, faults[round % faults.length] as Fault)
      measure()
    }
    over = true
    await Promise.all(input)
    const drained = Date.now()
    await until('an empty queue', async () => (await unfinished(store)).length === 0, DRAIN_LIMIT_MS).catch(() => {})
    const drainedAfterMs = Date.now() - drained
    measure()
    return {
      ...(await account(store, world, accepted)),
      replicas: replicas.length,
      kills,
      outages,
      drainedAfterMs,
      peakMegabytes,
    }
  } finally {
    over = true
    await Promise.all(replicas.map(({ process }) => process.terminate()))
    await store.close()
    await world.stop()
    await slack.stop()
  }
}

/** What the image runs Node with: without the limits of its heap the memory would say nothing. */
const imageOptions = (): string =>
  /NODE_OPTIONS="([^"]+)"/.exec(readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8'))?.[1] ?? ''

/** Linux: the most resident memory a process ever had, MB; 0 where the kernel does not tell or the process is gone. */
const residentPeak = (pid: number | undefined): number => {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes ?? 0) / 1024)
  } catch {
    return 0
  }
}
