import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { readCommands } from '../../src/conversation/command.ts'
import type { SubcommandView } from '../control-api.ts'
import { openControlPanel, recordDeliveries } from '../control-panel.ts'
import { createExchangeLog } from '../exchange-log.ts'
import { freePort } from '../free-port.ts'
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
  /** Headless only: plays the story without people and prints what Muster found on its own. */
  alone?: boolean
  /** Story to start immediately. Without it the headless demo plays the first story. */
  scenario?: string | undefined
  /** Story seconds per real second. */
  speed: number
  /** The day on which the clock starts, `2026-03-09`; today by default. The same day gives the same documents. */
  on?: string | undefined
  /** Folder in which to keep the database and documents. */
  keep?: string | undefined
  say(line: string): void
}

const SPEEDS = [1, 10, 60] as const
type Speed = (typeof SPEEDS)[number]

/** @throws when the page has no button for that speed. */
const speedOf = (factor: number): Speed => {
  const speed = SPEEDS.find((one) => one === factor)
  if (speed === undefined) throw new Error(`There is no speed ${factor}. Choose one of ${SPEEDS.join(', ')}.`)
  return speed
}

/** @throws when it is no day. */
const dayOf = (text: string): number => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Error(`"${text}" is not a day. Write one like 2026-03-09.`)
  return at
}

/** The story with that id; the first one by default. @throws when there is none. */
const storyOf = (name: string = 'connection-collapse'): Story => {
  const story = stories.find(({ id }) => id === name)
  if (!story) throw new Error(`There is no story "${name}". There are: ${stories.map(({ id }) => id).join(', ')}.`)
  return story
}
/** Without people, alarms without a severity open an incident instead of waiting for triage. */
const ALONE = { opening: [{ source: 'cloudwatch', do: 'open', as: 'sev2' }] }
const MANIFEST = new URL('../../manifest.yml', import.meta.url)

/**
 * Runs Muster in a sandbox workspace. Headless, it plays the story to its end and resolves to undefined; otherwise it
 * runs until stopped.
 * @throws when a step fails, when there is no such story, or when the port is in use.
 */
export const runDemo = async (options: DemoOptions): Promise<{ url: string; stop(): Promise<void> } | undefined> => {
  const { headless, alone = false, scenario, keep, say } = options
  // Checked before anything starts, so that a typo does not leave half a sandbox running.
  storyOf(scenario)
  const demo = await openSandbox(options, speedOf(options.speed))
  if (!headless) {
    say(`Muster's sandbox is at ${demo.sandbox.slack.url}`)
    return { url: demo.sandbox.slack.url, stop: demo.stop }
  }
  try {
    await playThrough({ ...demo, scenario: storyOf(scenario).id, alone, say })
    if (alone) for (const line of ['', 'What Muster found on its own:', ...(await demo.muster.findings())]) say(line)
    const written = await demo.muster.writeDocuments(keep ?? join(process.cwd(), 'demo-output'))
    if (written.length === 0) throw new Error('The story ended without an incident.')
    for (const line of written) say(line)
  } finally {
    await demo.stop()
  }
  return undefined
}

/** Starts the sandbox, its page and Muster. Cleans up when any of them cannot start. */
const openSandbox = async (
  options: DemoOptions,
  speed: Speed,
): Promise<{ sandbox: Sandbox; muster: DemoProcess; stop(): Promise<void> }> => {
  const { scenario, keep, headless } = options
  // One zone for captions, messages and documents.
  const { timezone } = storyOf(scenario)
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'muster-demo-'))
  mkdirSync(folder, { recursive: true })
  const clockFile = join(folder, 'story-clock.json')
  const undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(keep ? clockFile : folder, { recursive: true, force: true }))
  const clock = createStoryClock({
    realNow: Date.now,
    file: clockFile,
    ...(options.on ? { startAt: dayOf(options.on) } : {}),
  })
  const exchanges = createExchangeLog({ now: clock.now })
  // Loads while the sandbox opens.
  const settings = Promise.withResolvers<DemoSettings>()
  const starting = startDemoProcess(settings.promise, { webhookHandled: exchanges.add })
  try {
    // Muster and the sandbox need each other's address before either starts.
    const musterPort = await freePort()
    const musterUrl = `http://127.0.0.1:${musterPort}`
    const page = express()
    const sandbox = await createSandbox({
      clock,
      port: headless ? 0 : options.port,
      musterUrl,
      manifest: MANIFEST,
      otherwise: page,
      timezone,
      quietShop: !headless,
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
      timezone,
      clockFile,
      certificate: sandbox.sns.certificate,
    })
    const muster = await starting
    undo.defer(() => muster.stop())
    const subcommands = await subcommandViews()
    const backstage = openControlPanel({
      app: page,
      // Headless, `playThrough` plays the story instead of the page's controller.
      scenario: headless ? undefined : scenario,
      speed,
      sandbox,
      exchanges,
      clock,
      musterUrl: () => musterUrl,
      settled: muster.settled,
      // A Muster that is down runs its timers when it is back; the story continues meanwhile.
      catchUp: () => muster.catchUp().catch(() => undefined),
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

/** Sub-commands for completion in the page's composer. */
const subcommandViews = async (): Promise<SubcommandView[]> => {
  const commands = await readCommands()
  return ['/incident', '/inc'].flatMap((command) =>
    commands.map(({ name, usage, summary }) => ({ command, name, usage, summary })),
  )
}

type Playing = { sandbox: Sandbox; muster: DemoProcess; scenario: string; alone: boolean; say(line: string): void }

/** Plays a story at full speed and prints each step's caption. */
const playThrough = async ({ sandbox, muster, scenario, alone, say }: Playing): Promise<void> => {
  const failures: string[] = []
  const player = sandbox.play(
    scenario,
    muster.settled,
    (event: PlayerEvent) => {
      if (event.type === 'step') say(event.caption)
      if (event.type === 'step_failed') {
        failures.push(event.reason)
        say(`${event.caption}: failed, ${event.reason}`)
      }
    },
    alone ? { alone, catchUp: muster.catchUp } : {},
  )
  player.setSpeed(0)
  player.play()
  await player.finished
  await muster.settled()
  if (failures.length > 0) throw new Error(`${failures.length} steps of the story failed.`)
}
