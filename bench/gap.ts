import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SANDBOX_SECRETS } from '../sandbox/sandbox.ts'
import { ROOT, startWorld, until } from '../test/e2e/stack.ts'
import { median, rounded } from './result.ts'

const ALERTS = 5_000
const ROUNDS = 4
/** All of one service, and a data centre's. */
const SERVICES = [1, 200]
/** From the answer until what follows from the alerts is done, or nearly. */
const AFTERWARDS_MS = 5_000

/** How long `muster serve` keeps others waiting while it takes one body of 5,000 alerts, and what follows from them. */
export const run = async () => {
  const world = await startWorld({ env: { LOG_LEVEL: 'silent' } })
  const settings = { ...world.environment, MUSTER_CONFIG: await world.writeSettings() }
  const muster = watched(['bin/muster.js', 'serve'], settings)
  const idle = watched(['bench/gap/idle.ts'], {})
  try {
    const listens = () =>
      fetch(`${world.musterUrl}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until('Muster to listen', listens, 60_000)
    await sleep(3_000)
    const rows: { bytes: number; answerMs: number; request: number; afterwards: number; idle: number }[] = []
    for (let round = 0; round < ROUNDS * SERVICES.length; round++) {
      await Promise.all([muster.gap(), idle.gap()])
      const body = bodyOf(round, SERVICES[round % SERVICES.length] as number)
      const begun = performance.now()
      const { status } = await fetch(`${world.musterUrl}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SANDBOX_SECRETS.alertmanager}` },
        body,
      })
      if (status !== 202) throw new Error(`The body was answered ${status}.`)
      const answerMs = performance.now() - begun
      const request = await muster.gap()
      await sleep(AFTERWARDS_MS)
      rows.push({ bytes: body.length, answerMs, request, afterwards: await muster.gap(), idle: await idle.gap() })
    }
    // The first of each warms up.
    const counted = rows.slice(SERVICES.length)
    const figures = SERVICES.map((services, shape) => {
      const own = counted.filter((_row, i) => i % SERVICES.length === shape)
      const middle = (of: (row: (typeof rows)[number]) => number) => rounded(median(own.map(of)))
      return {
        services,
        gapMs: middle(({ request }) => request),
        worstGapMs: rounded(Math.max(...own.map(({ request, afterwards }) => Math.max(request, afterwards)))),
        gapAfterwardsMs: middle(({ afterwards }) => afterwards),
        idleGapMs: middle(({ idle }) => idle),
        answerMs: middle(({ answerMs }) => answerMs),
      }
    })
    const row = (name: string, of: (figure: (typeof figures)[number]) => number) => [
      name,
      ...figures.map((figure) => of(figure).toFixed(0)),
    ]
    return {
      name: 'gap',
      about: `One body of ${ALERTS} alerts, ${Math.round((rows[0]?.bytes ?? 0) / 1024)} KiB. Good: nobody else waits longer than 250 ms.`,
      columns: [
        'longest delay of the event loop, ms',
        ...SERVICES.map((count) => (count === 1 ? 'one service' : `${count} services`)),
      ],
      rows: [
        row('until the body is answered', ({ gapMs }) => gapMs),
        row(`in the ${AFTERWARDS_MS / 1000} s after it`, ({ gapAfterwardsMs }) => gapAfterwardsMs),
        row('the worst of all rounds', ({ worstGapMs }) => worstGapMs),
        row('an idle process beside it', ({ idleGapMs }) => idleGapMs),
        row('the answer took, ms', ({ answerMs }) => answerMs),
      ],
      figures: { alerts: ALERTS, shapes: figures },
    }
  } finally {
    muster.child.kill('SIGKILL')
    idle.child.kill('SIGKILL')
    await world.stop()
  }
}

/** Distinct alerts, as small as Alertmanager writes them: the limit of a body is 1 MiB. */
const bodyOf = (round: number, services: number): string => {
  const startsAt = new Date().toISOString()
  const alerts = Array.from({ length: ALERTS }, (_, i) => ({
    status: 'firing',
    labels: { alertname: 'PodDown', service: `s${round}-${i % services}`, pod: `p${i}` },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: `${round}-${i}`,
  }))
  return JSON.stringify({ version: '4', groupKey: '{}', status: 'firing', receiver: 'muster', alerts })
}

/** A process that reports its longest event-loop delay since the last time it was asked, ms. */
const watched = (command: readonly string[], env: Record<string, string>) => {
  const watch = fileURLToPath(new URL('gap/watch.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, ['--import', watch, ...command], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return {
    child,
    gap: async (): Promise<number> => {
      for (;;) {
        child.kill('SIGUSR2')
        const [text] = (await once(child.stderr!, 'data')) as [Buffer]
        const [, figure] = /GAP ([\d.]+)/.exec(text.toString()) ?? []
        if (figure !== undefined) return Number(figure)
      }
    },
  }
}
