import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startWorld } from '../test/e2e/stack.ts'
import { median, type Result, rounded } from './result.ts'

const ROUNDS = 5
const GIVE_UP_MS = 30_000

type Start = { ms: number; megabytes: number }

/** Start-up time and resident memory of `muster serve`, beside an empty Bolt app with the same SDKs. */
export const run = async (): Promise<Result> => {
  const world = await startWorld()
  const env = {
    ...process.env,
    ...world.environment,
    MUSTER_CONFIG: await world.writeSettings(),
    LOG_LEVEL: 'info',
  }
  const bareFile = fileURLToPath(new URL('start/bare-app.ts', import.meta.url))
  const mainFile = fileURLToPath(new URL('../bin/muster.js', import.meta.url))
  try {
    const starts: { bare: Start; muster: Start }[] = []
    // The first start makes the database and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const both = {
        bare: await started([bareFile, join(world.folder, 'bare.db')], env, 'running'),
        muster: await started([mainFile, 'serve'], env, 'Muster is running'),
      }
      if (round > 0) starts.push(both)
    }
    const of = (app: 'bare' | 'muster', figure: keyof Start) => median(starts.map((start) => start[app][figure]))
    const ratio = (figure: keyof Start) => of('muster', figure) / of('bare', figure)
    return {
      name: 'start',
      about: `From the command to running on Socket Mode, and resident memory then, median of ${ROUNDS} starts.`,
      columns: ['', 'ms', 'of bare', 'MB', 'of bare'],
      rows: [
        ['bare Bolt + pdjs + SQLite', of('bare', 'ms').toFixed(0), '1.00', of('bare', 'megabytes').toFixed(0), '1.00'],
        [
          'Muster',
          of('muster', 'ms').toFixed(0),
          ratio('ms').toFixed(2),
          of('muster', 'megabytes').toFixed(0),
          ratio('megabytes').toFixed(2),
        ],
      ],
      figures: {
        timeRatio: rounded(ratio('ms')),
        memoryRatio: rounded(ratio('megabytes')),
        bareMs: rounded(of('bare', 'ms')),
        musterMs: rounded(of('muster', 'ms')),
        bareMegabytes: rounded(of('bare', 'megabytes')),
        musterMegabytes: rounded(of('muster', 'megabytes')),
      },
    }
  } finally {
    await world.stop()
  }
}

/** Starts a program, waits for the line that says it runs, reads its memory, stops it. */
const started = async (args: string[], env: NodeJS.ProcessEnv, saying: string): Promise<Start> => {
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
