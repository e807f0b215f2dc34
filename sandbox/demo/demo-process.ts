import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createBirpc } from 'birpc'
import type { DemoAudience, DemoServer, DemoSettings } from './demo-server.ts'

const PROGRAM = fileURLToPath(new URL('demo-server.ts', import.meta.url))

/** The demo's Muster: a process of its own, as it is in life, so that it can really be killed. */
export type DemoProcess = Omit<DemoServer, 'start'> & {
  /** Kills it without a warning, whatever it does, and starts it again. Resolves when it serves. */
  killAndRestart(): Promise<void>
}

/** Begins to load at once, while the sandbox opens; `settings` are awaited before it starts. */
export const startDemoProcess = async (
  settings: Promise<DemoSettings>,
  audience: DemoAudience,
): Promise<DemoProcess> => {
  let current = launch(settings, audience)
  await current

  /** Asks whoever serves; what a kill left unanswered is asked again of the next one. */
  const ask = async <Answer>(question: (calls: Calls) => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const asked = current
      try {
        return await question((await asked).calls)
      } catch (error) {
        if (asked === current) throw error
      }
    }
  }

  return {
    settled: () => ask((calls) => calls.settled()),
    catchUp: () => ask((calls) => calls.catchUp()),
    findings: () => ask((calls) => calls.findings()),
    outbox: () => ask((calls) => calls.outbox()),
    writeDocuments: (folder) => ask((calls) => calls.writeDocuments(folder)),
    killAndRestart: async () => {
      const killed = current
      current = killed.then(({ kill }) => kill()).then(() => launch(settings, audience))
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

/** @throws when Muster cannot start; the reason was written to standard error. */
const launch = async (settings: Promise<DemoSettings>, audience: DemoAudience) => {
  const child = fork(PROGRAM, { execArgv: [], serialization: 'advanced' })
  const calls = createBirpc<DemoServer, DemoAudience>(audience, {
    post: (message) => child.connected && child.send(message),
    on: (listener) => child.on('message', listener),
    // How long a story takes is the story's affair.
    timeout: -1,
  })
  const exited = once(child, 'exit').then(([code, signal]) =>
    calls.$close(new Error(`Muster ended: ${signal ?? code}.`)),
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
