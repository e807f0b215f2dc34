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

/** Settings for Muster in the sandbox. */
export type DemoSettings = {
  environment: Record<string, string>
  services: Service[]
  /** More of muster.yaml. */
  file: object
  /** IANA time zone of the documents: `America/Los_Angeles`. */
  timezone: string
  /** Path of the file the story clock is read from. */
  clockFile: string
  /** Verifies the sandbox's SNS signatures. */
  certificate: Certificate
}

/** Calls from the demo to Muster's process. */
export type DemoServer = typeof server

/** Calls from Muster's process to the demo. */
export type DemoListener = {
  /** Muster has handled a webhook. */
  webhookHandled(exchange: NewExchange): void
}
type NewExchange = Parameters<ExchangeLog['add']>[0]

let running: Promise<Muster> | undefined

const muster = (): Promise<Muster> => running ?? Promise.reject(new Error('Muster was not started.'))

const server = {
  /** @throws when Muster cannot start. */
  async start({ environment, services, file, timezone, clockFile, certificate }: DemoSettings): Promise<void> {
    const now = readStoryClock(clockFile)
    const exchanges = { add: (exchange: NewExchange) => void demo.webhookHandled.asEvent(exchange) }
    tapServers({ exchanges, peerOf: (_port, path) => senderOf(path), now })
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

  /** Resolves when the outbox is empty. */
  async settled(): Promise<void> {
    await (await muster()).settled()
  },

  /** Pending rows of the outbox, oldest first. */
  async outbox(): Promise<OutboxRow[]> {
    const { store } = await muster()
    return (await store.outbox.pending()).map(({ id, effect, state, attempts, lastError }) => ({
      id,
      effect: effect.type,
      state,
      attempts,
      ...(lastError ? { note: lastError } : {}),
    }))
  },

  /** Exports the postmortem of every incident in every format; returns the lines to print. */
  async writeDocuments(folder: string): Promise<string[]> {
    const { store, postmortems } = await muster()
    const lines: string[] = []
    for (const { id } of await store.list())
      for (const format of ['md', 'html', 'json'] as const) {
        const out = join(folder, `${id}-postmortem.${format}`)
        lines.push(...(await exportIncident({ postmortems, id, format, out, write: () => {} })))
      }
    return lines
  },

  /** Runs the timers that are due by the story's clock; returns when the next one is due, epoch ms. */
  async catchUp(): Promise<number | undefined> {
    return (await muster()).catchUp()
  },

  /** Muster's findings without human input, by incident. */
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

// Ctrl-C reaches the whole process group; the parent stops this process when it is ready.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// The parent was killed.
process.on('disconnect', () => process.exit(1))
const demo = createBirpc<DemoListener, DemoServer>(server, {
  post: (message) => process.send?.(message),
  on: (listener) => process.on('message', listener),
})
