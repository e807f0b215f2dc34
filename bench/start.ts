import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from '../build/build.ts'
import { startWorld } from '../test/e2e/stack.ts'
import { median, type Result, rounded } from './result.ts'

const ROUNDS = 5
const GIVE_UP_MS = 30_000

type App = 'bare' | 'clone' | 'built'
type Start = { ms: number; megabytes: number }

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Start-up time and resident memory of `muster serve`, from a clone and as built for the image, beside an empty Bolt app
 * with the same SDKs. The goal is for the build: at most 1.5 times the time, and 1.3 times the memory.
 */
export const run = async (): Promise<Result> => {
  const world = await startWorld()
  const installation = mkdtempSync(join(tmpdir(), 'muster-built-'))
  const env = {
    ...process.env,
    ...world.environment,
    MUSTER_CONFIG: await world.writeSettings(),
    LOG_LEVEL: 'info',
  }
  const programs: Record<App, { args: string[]; saying: string }> = {
    bare: { args: [join(ROOT, 'bench/start/bare-app.ts'), join(world.folder, 'bare.db')], saying: 'running' },
    clone: { args: [join(ROOT, 'bin/muster.js'), 'serve'], saying: 'Muster is running' },
    built: { args: [join(installation, 'bin/muster.js'), 'serve'], saying: 'Muster is running' },
  }
  try {
    await build(installation)
    symlinkSync(join(ROOT, 'node_modules'), join(installation, 'node_modules'))
    const starts: Record<App, Start>[] = []
    // The first start makes the database and fills the compile cache, and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const all = {
        bare: await started(programs.bare, env),
        clone: await started(programs.clone, env),
        built: await started(programs.built, env),
      }
      if (round > 0) starts.push(all)
    }
    const of = (app: App, figure: keyof Start) => median(starts.map((start) => start[app][figure]))
    const ratio = (app: App, figure: keyof Start) => of(app, figure) / of('bare', figure)
    const row = (name: string, app: App) => [
      name,
      of(app, 'ms').toFixed(0),
      ratio(app, 'ms').toFixed(2),
      of(app, 'megabytes').toFixed(0),
      ratio(app, 'megabytes').toFixed(2),
    ]
    return {
      name: 'start',
      about: `From the command to running on Socket Mode, and resident memory then, median of ${ROUNDS} starts. The goal for the build: 1.5 and 1.3 of bare.`,
      columns: ['', 'ms', 'of bare', 'MB', 'of bare'],
      rows: [
        row('bare Bolt + pdjs + SQLite', 'bare'),
        row('Muster, built', 'built'),
        row('Muster, in a clone', 'clone'),
      ],
      figures: {
        timeRatio: rounded(ratio('built', 'ms')),
        memoryRatio: rounded(ratio('built', 'megabytes')),
        cloneTimeRatio: rounded(ratio('clone', 'ms')),
        cloneMemoryRatio: rounded(ratio('clone', 'megabytes')),
        bareMs: rounded(of('bare', 'ms')),
        builtMs: rounded(of('built', 'ms')),
        cloneMs: rounded(of('clone', 'ms')),
        bareMegabytes: rounded(of('bare', 'megabytes')),
        builtMegabytes: rounded(of('built', 'megabytes')),
        cloneMegabytes: rounded(of('clone', 'megabytes')),
      },
    }
  } finally {
    await world.stop()
    rmSync(installation, { recursive: true, force: true })
  }
}

/** Starts a program, waits for the line that says it runs, reads its memory, stops it. */
const started = async (
  { args, saying }: { args: string[]; saying: string },
  env: NodeJS.ProcessEnv,
): Promise<Start> => {
  const begun = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS)
  try {
    for await (const line of createInterface(child.stdout)) {
      if (!line.includes(saying)) continue
      const ms = performance.now() - begun
      const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })
      return { ms, megabytes: Number(kilobytes) / 1024 }
    }
    throw new Error(`${args[0]} ended without running.`)
  } finally {
    // A clean exit, as in a deployment: Node writes its compile cache then.
    child.kill('SIGTERM')
    await gone
    clearTimeout(timer)
  }
}
