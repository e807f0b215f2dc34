import { join } from 'node:path'
import { createBirpc } from 'birpc'
import { Env, logLevelOr } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import type { Service } from '../../src/incident/service.ts'
import { type Muster, startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { exportIncident } from '../../src/postmortem/export-cli.ts'
import type { OutboxRow } from '../control-api.ts'
import type { ExchangeLog } from '../exchange-log.ts'
import { answeringFor, type Certificate } from '../sns.ts'
import { readStoryClock } from '../stories/clock.ts'
import { senderOf, tapServers } from '../wire-tap.ts'
import { findingsOf } from './findings.ts'

/** What Muster needs to live in the sandbox. */
export type DemoSettings = {
  environment: Record<string, string>
  services: Service[]
  /** More of muster.yaml. */
  file: object
  /** The zone of the documents, `America/Los_Angeles`. */
  timezone: string
  /** The file the story's clock is read from. */
  clockFile: string
  /** What the notifications of Amazon SNS are signed for. */
  certificate: Certificate
}

/** What the demo asks of its Muster. */
export type DemoServer = typeof server

/** What Muster tells the demo. */
export type DemoAudience = {
  /** A webhook came, and was answered. */
  observeDelivery(exchange: Overheard): void
}
type Overheard = Parameters<ExchangeLog['add']>[0]

let running: Promise<Muster> | undefined

const muster = (): Promise<Muster> => running ?? Promise.reject(new Error('Muster was not started.'))

const server = {
  /** @throws when Muster cannot start. */
  async start({ environment, services, file, timezone, clockFile, certificate }: DemoSettings): Promise<void> {
    const now = readStoryClock(clockFile)
    const exchanges = { add: (exchange: Overheard) => void demo.observeDelivery.asEvent(exchange) }
    tapServers({ exchanges, partyOf: (_port, path) => senderOf(path), now })
    running = startMuster(
      {
        env: Env.parse(environment),
        file: MusterFile.parse({ timezone, ...file }),
        catalogue: new Map(services.map((service) => [service.id, service])),
      },
      { now, fetch: answeringFor(certificate), log: createLog(logLevelOr('warn')) },
    )
    await running
  },

  /** Resolves when every effect is done. */
  async settled(): Promise<void> {
    await (await muster()).settled()
  },

  /** What waits in the outbox, oldest first. */
  async outbox(): Promise<OutboxRow[]> {
    const { store } = await muster()
    return (await store.outbox.pending()).map(({ id, effect, state, attempts, lastError }) => ({
      ...{ id, effect: effect.type, state, attempts },
      ...(lastError ? { note: lastError } : {}),
    }))
  },

  /** Writes the postmortem of every incident that happened, in every format, and says where. */
  async writeDocuments(folder: string): Promise<string[]> {
    const { store, postmortems } = await muster()
    const said: string[] = []
    for (const { id } of await store.list())
      for (const format of ['md', 'html', 'json'] as const) {
        const out = join(folder, `${id}-postmortem.${format}`)
        said.push(...(await exportIncident({ postmortems, id, format, out, write: () => {} })))
      }
    return said
  },

  /** Does what is due by the story's clock; returns when there is something to do next, epoch ms. */
  async catchUp(): Promise<number | undefined> {
    return (await muster()).catchUp()
  },

  /** What Muster found by itself, incident by incident, a line each. */
  async findings(): Promise<string[]> {
    const { store } = await muster()
    const incidents = (await store.list()).reverse()
    return (
      await Promise.all(incidents.map(async (incident) => findingsOf(incident, await store.events(incident.id))))
    ).flat()
  },

  async stop(): Promise<void> {
    await (await muster()).stop()
  },
}

// A Ctrl-C reaches the whole group of processes; the demo stops this one when its turn comes.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// The demo was killed: nobody is left to serve.
process.on('disconnect', () => process.exit(1))
const demo = createBirpc<DemoAudience, DemoServer>(server, {
  post: (message) => process.send?.(message),
  on: (listener) => process.on('message', listener),
})
