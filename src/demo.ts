import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { readCommands } from './command.ts'
import { type Config, Env, logLevelOr } from './config.ts'
import { createLog } from './log.ts'
import { type Muster, startMuster } from './muster.ts'
import { MusterFile } from './muster-file.ts'
import { exportIncident } from './postmortem/export-cli.ts'
import { openBackstage, overhearInto } from './sandbox/backstage.ts'
import { createExchangeLog } from './sandbox/exchange-log.ts'
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts'
import type { OutboxRow, SubcommandView } from './sandbox/stage-view.ts'
import { createStoryClock } from './sandbox/stories/clock.ts'
import type { PlayerEvent } from './sandbox/stories/player.ts'
import { stories } from './sandbox/stories/stories.ts'

export type DemoOptions = {
  headless: boolean
  port: number
  /** The story that begins at once; the headless demo plays the first one without it. */
  scenario?: string | undefined
  /** Story seconds a second. */
  speed: number
  /** Keep the database and documents there. */
  keep?: string | undefined
  say(line: string): void
}

const SPEEDS = [1, 10, 60] as const

const FIRST_STORY = 'connection-collapse'
const MANIFEST = new URL('../manifest.yml', import.meta.url)

/**
 * Muster in a workspace of its own. Headless it plays the story to its end and resolves to undefined; otherwise it runs
 * until stopped.
 * @throws when the story does not end as it should.
 */
export const runDemo = async (options: DemoOptions): Promise<{ url: string; stop(): Promise<void> } | undefined> => {
  const { headless, scenario, keep, say } = options
  // Before anything runs: a typing mistake must not leave half a workspace open.
  if (scenario !== undefined && !stories.some(({ id }) => id === scenario))
    throw new Error(`There is no story "${scenario}". There are: ${stories.map(({ id }) => id).join(', ')}.`)
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'muster-demo-'))
  mkdirSync(folder, { recursive: true })
  const clock = createStoryClock({ realNow: Date.now })
  // Each side must know the other's address before either runs.
  const musterPort = await freePort()
  const musterUrl = `http://127.0.0.1:${musterPort}`
  const page = express()
  const exchanges = createExchangeLog({ now: clock.now })
  const sandbox = await createSandbox({
    clock,
    port: headless ? 0 : options.port,
    musterUrl,
    manifest: MANIFEST,
    otherwise: page,
    overhear: overhearInto(exchanges),
  })
  const start = () =>
    startMuster(configOf(sandbox, folder, musterPort), {
      now: clock.now,
      fetch: sandbox.sns.fetch,
      log: createLog(logLevelOr('warn')),
    })
  let muster = await start()
  const subcommands = await subcommandViews()
  const backstage = openBackstage({
    app: page,
    scenario,
    speed: SPEEDS.find((speed) => speed === options.speed),
    sandbox,
    exchanges,
    clock,
    musterUrl: () => musterUrl,
    settled: () => muster.settled(),
    outbox: () => outboxRows(muster),
    subcommands: () => subcommands,
    restart: async () => {
      await muster.stop()
      muster = await start()
    },
  })
  const stop = async () => {
    backstage.stop()
    await muster.stop()
    await sandbox.stop()
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
  if (!headless) {
    say(`Muster's sandbox is at ${sandbox.slack.url}`)
    return { url: sandbox.slack.url, stop }
  }
  try {
    await playThrough({ sandbox, muster, scenario: scenario ?? FIRST_STORY, say })
    await writeDocuments(muster, keep ?? join(process.cwd(), 'demo-output'), say)
  } finally {
    await stop()
  }
  return undefined
}

/** What the page's composer completes. */
const subcommandViews = async (): Promise<SubcommandView[]> => {
  const commands = await readCommands()
  return ['/incident', '/inc'].flatMap((command) =>
    commands.map(({ name, usage, summary }) => ({ command, name, usage, summary })),
  )
}

const outboxRows = async (muster: Muster): Promise<OutboxRow[]> =>
  (await muster.store.outbox.pending()).map(({ id, effect, state, attempts, lastError }) => ({
    ...{ id, effect: effect.type, state, attempts },
    ...(lastError ? { note: lastError } : {}),
  }))

/** The settings of a Muster that lives in the sandbox. */
const configOf = (sandbox: Sandbox, folder: string, port: number): Config => {
  const env = Env.parse({
    ...sandbox.environment(),
    DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  })
  return {
    env,
    file: MusterFile.parse({}),
    catalogue: new Map(sandbox.services.map((service) => [service.id, service])),
  }
}

type Playing = { sandbox: Sandbox; muster: Muster; scenario: string; say(line: string): void }

/** Plays a story at full speed and says what happened outside. */
const playThrough = async ({ sandbox, muster, scenario, say }: Playing): Promise<void> => {
  const failures: string[] = []
  const player = sandbox.play(
    scenario,
    () => muster.settled(),
    (event: PlayerEvent) => {
      if (event.type === 'step') say(event.caption)
      if (event.type === 'step_failed') {
        failures.push(event.reason)
        say(`${event.caption}: could not be done, ${event.reason}`)
      }
    },
  )
  player.setSpeed(0)
  player.play()
  await player.finished
  await muster.settled()
  if (failures.length > 0) throw new Error(`${failures.length} steps of the story could not be done.`)
}

/** Writes the postmortem of every incident that happened, in every format. */
const writeDocuments = async (muster: Muster, folder: string, say: (line: string) => void): Promise<void> => {
  const incidents = await muster.store.list()
  if (incidents.length === 0) throw new Error('The story ended without an incident.')
  for (const { id } of incidents)
    for (const format of ['md', 'html', 'json'] as const) {
      const out = join(folder, `${id}-postmortem.${format}`)
      for (const line of await exportIncident({ postmortems: muster.postmortems, id, format, out, write: () => {} }))
        say(line)
    }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
