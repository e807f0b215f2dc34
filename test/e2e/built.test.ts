import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from '../../build/build.ts'
import { postgres } from '../store/databases.ts'
import { people, ROOT, serve, startWorld, textOf, until, type World } from './stack.ts'

let installation: string
let world: World
let environment: Record<string, string>
beforeAll(async () => {
  installation = mkdtempSync(join(tmpdir(), 'muster-built-'))
  await build(installation)
  symlinkSync(join(ROOT, 'node_modules'), join(installation, 'node_modules'))
  world = await startWorld({ env: { LOG_LEVEL: 'info' } })
  // Eight minutes after a pool of connections ran full.
  const { world: collapse } = world.sandbox.stories.find(({ id }) => id === 'connection-collapse')!
  world.sandbox.prometheus.show(collapse, Date.now() - 8 * 60_000)
  environment = { ...world.environment, MUSTER_CONFIG: await world.writeSettings() }
}, 120_000)
afterAll(async () => {
  await world?.stop()
  rmSync(installation, { recursive: true, force: true })
})

/** A command of the built program, to its end. @throws when it fails. */
const run = (args: string[], env = environment) =>
  promisify(execFile)(process.execPath, [join(installation, 'bin/muster.js'), ...args], {
    cwd: installation,
    env: { PATH: process.env.PATH ?? '', ...env },
  })

test('what is built has every command and migration, as JavaScript only', () => {
  const names = (folder: string, ending: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
  for (const folder of ['commands', 'migrations'])
    expect(names(join(installation, folder), '.js')).toEqual(names(join(ROOT, folder), '.ts'))
  expect(
    readdirSync(installation, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(?!node_modules).*\.ts$/.test(file),
    ),
  ).toEqual([])
  expect(existsSync(join(installation, 'src/main.js'))).toBe(true)
})

test('what is built carries the licence of every package that went into it', () => {
  const notices = readFileSync(join(installation, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const name of ['kysely', 'zod', '@slack/bolt', 'echarts'])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
  expect(notices).not.toMatch(/^better-sqlite3 /m)
})

test('it serves an incident on Slack, draws its chart and writes its postmortem', { timeout: 120_000 }, async () => {
  const muster = serve(environment, { installation })
  try {
    await until('the start', () => muster.logged().includes('Muster is running'))
    await world.alertmanager({ name: 'Shipping fails', service: 'shipping' })
    const channel = await until('the channel', () => world.incidentChannel(1))
    const shown = () => world.messages(channel.id)
    await until('a chart', () => shown().some(({ blocks }) => blocks?.some(({ type }) => type === 'image')))
    await world.command(people.dana, channel.id, 'resolve rolled back')
    await until('the end', () => shown().some((message) => textOf(message).includes('Outcome: rolled back')))
    expect(await muster.terminate()).toBe(0)
  } finally {
    if (muster.running()) await muster.kill()
  }
  expect(muster.stderr()).toBe('')
  const pdf = join(world.folder, 'INC-1.pdf')
  await run(['export', 'INC-1', '--format', 'pdf', '--out', pdf])
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-')
  expect((await run(['export', 'INC-1'])).stdout).toContain('rolled back')
})

test('doctor and evidence run, and the demo says where to get it', {
  timeout: 60_000,
}, async () => {
  expect((await run(['doctor'])).stdout).toMatch(
    /^ok {4}Slack bot token: muster in Shop, with all \d+ scopes of manifest.yml$/m,
  )
  expect((await run(['evidence', 'try', 'shipping'])).stdout).toMatch(/^shown {3}Failed requests: /m)
  await expect(run(['demo'])).rejects.toThrow('The demo is not part of this installation.')
})

test.skipIf(postgres.missing)('it runs on PostgreSQL', { timeout: 60_000 }, async () => {
  const env = { ...environment, DATABASE_URL: await postgres.fresh() }
  expect((await run(['migrate'], env)).stderr).toMatch(/^Applied 0001_incidents, 0002/)
  expect((await run(['migrate'], env)).stderr).toBe('The database is up to date.\n')
})

/** Prints two traces: where the settings are read, and where Slack's client for Socket Mode is loaded. */
const TRACED = `
import channels from 'node:diagnostics_channel'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const traced = (object, name, when) => {
  const original = object[name]
  object[name] = (...args) => {
    if (String(args[0]).includes(when)) process.stderr.write(new Error(when).stack + '\\n')
    return original(...args)
  }
}
traced(fs, 'readFileSync', 'muster.yaml')
traced(channels, 'channel', 'undici:websocket:ping')
syncBuiltinESMExports()
`

test('stack traces name the source, of packages too', { timeout: 60_000 }, async () => {
  const { MUSTER_CONFIG = '' } = environment
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(TRACED)}`
  // Without Slack it loads everything, and ends.
  const { stderr } = await run(['serve'], { MUSTER_CONFIG, NODE_OPTIONS }).catch((error) => error)
  expect(stderr).toContain('Cannot start without Slack')
  expect(stderr).toMatch(/at readFile \(src\/config\/config\.ts:\d+:\d+\)/)
  // `src/cli/unhandled.ts` knows failures of this package by it.
  expect(stderr).toMatch(/at .*node_modules\/@slack\/socket-mode\/dist\/src\/SlackWebSocket\.js:\d+:\d+/)
})
