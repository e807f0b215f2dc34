import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../sandbox/free-port.ts'
import { createSandbox } from '../../sandbox/sandbox.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import type { RecordedEvent } from '../../src/incident/event.ts'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'

const MANIFEST = new URL('../../manifest.yml', import.meta.url)

/** People of the sandbox's workspace, by Slack id. Olena is on call for Shipping, and Muster acts in her name. */
export const OLENA = 'U0OLENA001'
export const DANA = 'U0DANA0001'
export const PRIYA = 'U0PRIYA001'

/** A Muster beside the whole sandbox, on real time, with more settings of its own (an empty one takes one away). */
export const startFullStack = async ({ env = {}, file = {} }: { env?: Record<string, string>; file?: object } = {}) => {
  const port = await freePort()
  const musterUrl = `http://127.0.0.1:${port}`
  const folder = await mkdtemp(join(tmpdir(), 'muster-stack-'))
  const sandbox = await createSandbox({ clock: createStoryClock({ realNow: Date.now }), musterUrl, manifest: MANIFEST })
  const settings: Record<string, string> = {
    ...sandbox.environment(),
    DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
    PORT: String(port),
    PUBLIC_URL: musterUrl,
    ...env,
  }
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''))
  const muster = await startMuster(
    {
      env: Env.parse(given),
      file: MusterFile.parse(file),
      catalogue: new Map(sandbox.services.map((service) => [service.id, service])),
    },
    { log: createLog(process.env.LOG_LEVEL ?? 'silent') },
  )
  const settled = async () => {
    await muster.settled()
    await sandbox.pagerduty.settled()
    await sandbox.slack.settled()
    await muster.settled()
  }
  return {
    sandbox,
    muster,
    settled,
    /** `/incident ...`, typed in a channel of this name. */
    type: async (as: string, channel: string, text: string) => {
      const found = sandbox.slack.dump().channels.find(({ name }) => name.startsWith(channel))
      if (!found) throw new Error(`There is no channel ${channel}.`)
      return sandbox.slack.act({ type: 'command', as, channel: found.id, command: '/incident', text })
    },
    /** Everything written in the channels of this name. */
    channelText: (channel: string): string => {
      const dump = sandbox.slack.dump()
      const ids = dump.channels.filter(({ name }) => name.startsWith(channel)).map(({ id }) => id)
      return JSON.stringify(dump.messages.filter((message) => ids.includes(message.channel)))
    },
    events: (id = 'INC-1'): Promise<RecordedEvent[]> => muster.store.events(id),
    /** Monitoring reports to PagerDuty, which tells Muster. */
    alarm: async (service: string, summary: string): Promise<void> => {
      await fetch(`${sandbox.pagerduty.url}/v2/enqueue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          routing_key: `R${service.padEnd(31, '0')}`,
          event_action: 'trigger',
          dedup_key: summary,
          payload: { summary, source: 'prometheus', severity: 'critical' },
        }),
      })
    },
    stop: async (): Promise<void> => {
      await muster.stop()
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type FullStack = Awaited<ReturnType<typeof startFullStack>>

/** Waits until something is there; fails, saying what, when it never comes. */
export const until = async <Value>(
  what: string,
  look: () => Value | Promise<Value>,
  patienceMs = 25_000,
): Promise<NonNullable<Value>> => {
  for (const begun = Date.now(); Date.now() - begun < patienceMs; await sleep(20)) {
    const value = await look()
    if (value) return value
  }
  throw new Error(`${what} never came.`)
}
