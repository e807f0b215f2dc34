import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { readCommands } from '../../src/conversation/command.ts'
import type { SubcommandView } from '../control-api.ts'
import { openControlPanel, recordDeliveries } from '../control-panel.ts'
import { createExchangeLog } from '../exchange-log.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'
import { createStoryClock } from '../stories/clock.ts'
import type { PlayerEvent } from '../stories/player.ts'
import { stories } from '../stories/stories.ts'
import type { Story } from '../stories/story.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'
import type { DemoSettings } from './demo-server.ts'

export type DemoOptions = {
  headless: boolean
  port: number
  /** Nobody types or answers a page: what Muster finds by itself is said at the end. Only without a page. */
  alone?: boolean
  /** The story that begins at once; the headless demo plays the first one without it. */
  scenario?: string | undefined
  /** Story seconds a second. */
  speed: number
  /** Keep the database and documents there. */
  keep?: string | undefined
  say(line: string): void
}

const SPEEDS = [1, 10, 60] as const
type Speed = (typeof SPEEDS)[number]

/** @throws one sentence for a speed that the page has no button for. */
const speedOf = (factor: number): Speed => {
  const speed = SPEEDS.find((one) => one === factor)
  if (speed === undefined) throw new Error(`There is no speed ${factor}. Choose one of ${SPEEDS.join(', ')}.`)
  return speed
}

/** The story of that name, or the first. @throws one sentence when there is none. */
const storyOf = (name: string = 'connection-collapse'): Story => {
  const story = stories.find(({ id }) => id === name)
  if (!story) throw new Error(`There is no story "${name}". There are: ${stories.map(({ id }) => id).join(', ')}.`)
  return story
}
/** Alarms that name no severity wait for a person; with nobody there they open an incident. */
const ALONE = { opening: [{ source: 'cloudwatch', do: 'open', as: 'sev2' }] }
const MANIFEST = new URL('../../manifest.yml', import.meta.url)

/**
 * Muster in a workspace of its own. Headless it plays the story to its end and resolves to undefined; otherwise it runs
 * until stopped.
 * @throws when the story does not end as it should; one sentence when there is no such story, or the port is taken.
 */
export const runDemo = async (options: DemoOptions): Promise<{ url: string; stop(): Promise<void> } | undefined> => {
  const { headless, alone = false, scenario, keep, say } = options
  // Before anything runs: a typing mistake must not leave half a workspace open.
  storyOf(scenario)
  const demo = await openWorld(options, speedOf(options.speed))
  if (!headless) {
    say(`Muster's sandbox is at ${demo.sandbox.slack.url}`)
    return { url: demo.sandbox.slack.url, stop: demo.stop }
  }
  try {
    await playThrough({ ...demo, scenario: storyOf(scenario).id, alone, say })
    if (alone) for (const line of ['', 'What Muster found by itself:', ...(await demo.muster.findings())]) say(line)
    const written = await demo.muster.writeDocuments(keep ?? join(process.cwd(), 'demo-output'))
    if (written.length === 0) throw new Error('The story ended without an incident.')
    for (const line of written) say(line)
  } finally {
    await demo.stop()
  }
  return undefined
}

/** The sandbox with its page, and a Muster in it. Leaves nothing behind when it cannot be opened. */
const openWorld = async (
  options: DemoOptions,
  speed: Speed,
): Promise<{ sandbox: Sandbox; muster: DemoProcess; stop(): Promise<void> }> => {
  const { scenario, keep, headless } = options
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'muster-demo-'))
  mkdirSync(folder, { recursive: true })
  const clockFile = join(folder, 'story-clock.json')
  const undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(keep ? clockFile : folder, { recursive: true, force: true }))
  const clock = createStoryClock({ realNow: Date.now, file: clockFile })
  const exchanges = createExchangeLog({ now: clock.now })
  // It loads while the sandbox opens.
  const settings = Promise.withResolvers<DemoSettings>()
  const starting = startDemoProcess(settings.promise, { observeDelivery: exchanges.add })
  try {
    // Each side must know the other's address before either runs.
    const musterPort = await freePort()
    const musterUrl = `http://127.0.0.1:${musterPort}`
    const page = express()
    const sandbox = await createSandbox({
      clock,
      port: headless ? 0 : options.port,
      musterUrl,
      manifest: MANIFEST,
      otherwise: page,
      onDelivery: recordDeliveries(exchanges),
    })
    undo.defer(() => sandbox.stop())
    settings.resolve({
      environment: {
        ...sandbox.environment(),
        DATABASE_URL: `sqlite:${join(folder, 'muster.db')}`,
        PORT: String(musterPort),
        PUBLIC_URL: musterUrl,
      },
      services: sandbox.services,
      file: options.alone ? ALONE : {},
      timezone: storyOf(scenario).timezone,
      clockFile,
      certificate: sandbox.sns.certificate,
    })
    const muster = await starting
    undo.defer(() => muster.stop())
    const subcommands = await subcommandViews()
    const backstage = openControlPanel({
      app: page,
      // Headless, the story is played here and not by the page's player.
      scenario: headless ? undefined : scenario,
      speed,
      sandbox,
      exchanges,
      clock,
      musterUrl: () => musterUrl,
      settled: muster.settled,
      outbox: muster.outbox,
      subcommands: () => subcommands,
      restart: muster.killAndRestart,
    })
    undo.defer(() => backstage.stop())
    return { sandbox, muster, stop: () => undo.disposeAsync() }
  } catch (error) {
    settings.reject(error)
    await starting.catch(() => {})
    await undo.disposeAsync()
    throw error
  }
}

/** What the page's composer completes. */
const subcommandViews = async (): Promise<SubcommandView[]> => {
  const commands = await readCommands()
  return ['/incident', '/inc'].flatMap((command) =>
    commands.map(({ name, usage, summary }) => ({ command, name, usage, summary })),
  )
}

type Playing = { sandbox: Sandbox; muster: DemoProcess; scenario: string; alone: boolean; say(line: string): void }

/** Plays a story at full speed and says what happened outside. */
const playThrough = async ({ sandbox, muster, scenario, alone, say }: Playing): Promise<void> => {
  const failures: string[] = []
  const player = sandbox.play(
    scenario,
    muster.settled,
    (event: PlayerEvent) => {
      if (event.type === 'step') say(event.caption)
      if (event.type === 'step_failed') {
        failures.push(event.reason)
        say(`${event.caption}: could not be done, ${event.reason}`)
      }
    },
    alone ? { alone, catchUp: muster.catchUp } : {},
  )
  player.setSpeed(0)
  player.play()
  await player.finished
  await muster.settled()
  if (failures.length > 0) throw new Error(`${failures.length} steps of the story could not be done.`)
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
