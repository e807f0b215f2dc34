import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createBirpc } from 'birpc'
import type { DemoListener, DemoServer, DemoSettings } from './demo-server.ts'

const PROGRAM = fileURLToPath(new URL('demo-server.ts', import.meta.url))

/** Muster in a child process, so that the demo can really kill it. */
export type DemoProcess = Omit<DemoServer, 'start'> & {
  /** Sends SIGKILL and starts a new process. Resolves when that one is serving. */
  killAndRestart(): Promise<void>
}

/** Forks immediately, so that modules load while the sandbox opens; Muster starts once `settings` resolve. */
export const startDemoProcess = async (
  settings: Promise<DemoSettings>,
  listener: DemoListener,
): Promise<DemoProcess> => {
  let current = launch(settings, listener)
  await current

  /** Calls the current process; a call interrupted by a kill is retried on the next one. */
  const call = async <Result>(method: (calls: Calls) => Promise<Result>): Promise<Result> => {
    for (;;) {
      const target = current
      try {
        return await method((await target).calls)
      } catch (error) {
        if (target === current) throw error
      }
    }
  }

  return {
    settled: () => call((calls) => calls.settled()),
    catchUp: () => call((calls) => calls.catchUp()),
    findings: () => call((calls) => calls.findings()),
    outbox: () => call((calls) => calls.outbox()),
    writeDocuments: (folder) => call((calls) => calls.writeDocuments(folder)),
    killAndRestart: async () => {
      const killed = current
      current = killed.then(({ kill }) => kill()).then(() => launch(settings, listener))
      await current
    },
    stop: async () => {
      const last = await current
      await last.calls.stop()
      await last.kill()
    },
  }
}

type Launched = Awaited<ReturnType<typeof launch>>
type Calls = Launched['calls']

/** @throws when Muster cannot start; Muster writes the reason to standard error. */
const launch = async (settings: Promise<DemoSettings>, listener: DemoListener) => {
  const child = fork(PROGRAM, { execArgv: [], serialization: 'advanced' })
  const calls = createBirpc<DemoServer, DemoListener>(listener, {
    post: (message) => child.connected && child.send(message),
    on: (listener) => child.on('message', listener),
    // Calls such as `settled` take as long as the story does.
    timeout: -1,
  })
  const exited = once(child, 'exit').then(([code, signal]) =>
    calls.$close(new Error(`Muster exited: ${signal ?? code}.`)),
  )
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    await calls.start(await settings)
  } catch (error) {
    await kill()
    throw error
  }
  return { calls, kill }
}
