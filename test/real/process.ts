import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether these programs can be run here. */
export const installed = (...programs: string[]): boolean =>
  programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0)

/** A program of the test's own, in a process group of its own: what it starts ends with it. */
export const start = (program: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(program, args, { stdio: 'ignore', detached: true, env: { ...process.env, ...env } })

/** Ends a program and what it started. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = once(child, 'exit')
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid as number), name)
    } catch {
      // It has ended meanwhile.
    }
  }
  signal('SIGTERM')
  const patience = setTimeout(() => signal('SIGKILL'), 10_000)
  await gone
  clearTimeout(patience)
}

/** The body of an address, as soon as it answers 200. @throws when it has not within a minute */
export const answered = async (url: string): Promise<string> => {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return response.text()
    await response?.body?.cancel()
    await sleep(100)
  }
  throw new Error(`${url} did not answer within a minute.`)
}
