import { join } from 'node:path'
import { createBirpc } from 'birpc'
import { Env, logLevelOr } from './config.ts'
import type { Service } from './incident/service.ts'
import { createLog } from './log.ts'
import { type Muster, startMuster } from './muster.ts'
import { MusterFile } from './muster-file.ts'
import { exportIncident } from './postmortem/export-cli.ts'
import type { ExchangeLog } from './sandbox/exchange-log.ts'
import { answeringFor, type Certificate } from './sandbox/sns.ts'
import type { OutboxRow } from './sandbox/stage-view.ts'
import { readStoryClock } from './sandbox/stories/clock.ts'
import { senderOf, tapServers } from './sandbox/wire-tap.ts'

/** What Muster needs to live in the sandbox. */
export type DemoSettings = {
  environment: Record<string, string>
  services: Service[]
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
  overheard(exchange: Overheard): void
}
type Overheard = Parameters<ExchangeLog['add']>[0]

let running: Promise<Muster> | undefined

const muster = (): Promise<Muster> => running ?? Promise.reject(new Error('Muster was not started.'))

const server = {
  /** @throws when Muster cannot start. */
  async start({ environment, services, clockFile, certificate }: DemoSettings): Promise<void> {
    const now = readStoryClock(clockFile)
    const exchanges = { add: (exchange: Overheard) => void demo.overheard.asEvent(exchange) }
    tapServers({ exchanges, partyOf: (_port, path) => senderOf(path), now })
    running = startMuster(
      {
        env: Env.parse(environment),
        file: MusterFile.parse({}),
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
