import { freePort } from '../../sandbox/free-port.ts'
import { createSandbox } from '../../sandbox/sandbox.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import { Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'

const MANIFEST = new URL('../../manifest.yml', import.meta.url)

export type SandboxedOptions = {
  /** muster.yaml; the catalogue is the sandbox's own. */
  file?: object
  /** Where the clock begins, epoch ms; now when not told. */
  startAt?: number
  databaseUrl?: string
}

/** A Muster in this process with the sandbox around it, on the sandbox's clock; both end with the scope they were made in. */
export const startSandboxed = async ({ file = {}, startAt, databaseUrl }: SandboxedOptions = {}) => {
  const clock = createStoryClock({ realNow: Date.now, ...(startAt === undefined ? {} : { startAt }) })
  const port = await freePort()
  const musterUrl = `http://127.0.0.1:${port}`
  const sandbox = await createSandbox({ clock, musterUrl, manifest: MANIFEST })
  const config = {
    env: Env.parse({
      ...sandbox.environment(),
      DATABASE_URL: databaseUrl ?? 'sqlite::memory:',
      PORT: String(port),
      PUBLIC_URL: musterUrl,
    }),
    file: MusterFile.parse(file),
    catalogue: new Map(sandbox.services.map((service) => [service.id, service])),
  }
  const muster = await startMuster(config, {
    now: clock.now,
    log: createLog(process.env.LOG_LEVEL ?? 'silent'),
    fetch: sandbox.sns.fetch,
  })
  return {
    clock,
    sandbox,
    muster,
    musterUrl,
    /** Until PagerDuty and Slack have delivered everything and Muster has done everything. */
    settled: async (): Promise<void> => {
      await sandbox.pagerduty.settled()
      await sandbox.slack.settled()
      await muster.settled()
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await muster.stop()
      await sandbox.stop()
    },
  }
}

export type Sandboxed = Awaited<ReturnType<typeof startSandboxed>>
