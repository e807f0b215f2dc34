import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deliveries } from './intake/deliveries.ts'
import { send } from './intake/load.ts'
import { type ServerProcess, startServer } from './intake/server-process.ts'
import { median, type Result, rounded } from './result.ts'

const CONNECTIONS = 64
const PER_ROUND = 2_000
const ROUNDS = 7

type Round = { perSecond: number /** CPU time of the server for one delivery */; cpuMicros: number }

/** Signed webhooks a second: Muster beside a bare server that checks the signature and inserts one row as durably. */
export const run = async (): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const bare = await startServer(new URL('intake/bare-server.ts', import.meta.url), join(folder, 'bare.db'))
  const muster = await startServer(new URL('intake/muster-server.ts', import.meta.url), join(folder, 'muster.db'))
  try {
    const rounds: { bare: Round; muster: Round }[] = []
    // The first round warms both up and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const requests = deliveries(PER_ROUND, { round, at: Date.now() })
      const both = { bare: await measure(bare, requests), muster: await measure(muster, requests) }
      if (round > 0) rounds.push(both)
    }
    const of = (server: 'bare' | 'muster', figure: keyof Round) => median(rounds.map((round) => round[server][figure]))
    const ratio = median(rounds.map((round) => round.muster.perSecond / round.bare.perSecond))
    const row = (name: string, server: 'bare' | 'muster', share: string) => [
      name,
      of(server, 'perSecond').toFixed(0),
      of(server, 'cpuMicros').toFixed(0),
      share,
    ]
    return {
      name: 'intake',
      about: `Signed webhooks taken to disk, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${PER_ROUND}. Goal: 0.5 of the bare server.`,
      columns: ['', 'a second', 'CPU µs each', 'of bare'],
      rows: [row('bare node:http + HMAC + one insert', 'bare', '1.00'), row('Muster', 'muster', ratio.toFixed(2))],
      figures: {
        ratio: rounded(ratio),
        barePerSecond: rounded(of('bare', 'perSecond')),
        musterPerSecond: rounded(of('muster', 'perSecond')),
        bareCpuMicros: rounded(of('bare', 'cpuMicros')),
        musterCpuMicros: rounded(of('muster', 'cpuMicros')),
      },
    }
  } finally {
    await Promise.all([bare.stop(), muster.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

const measure = async (server: ServerProcess, requests: readonly Buffer[]): Promise<Round> => {
  const before = await server.cpuSeconds()
  const { seconds, answers } = await send(server.port, requests, CONNECTIONS)
  if (answers[202] !== requests.length)
    throw new Error(`Not every delivery was taken: ${JSON.stringify(answers)} of ${requests.length}.`)
  return {
    perSecond: requests.length / seconds,
    cpuMicros: (((await server.cpuSeconds()) - before) / requests.length) * 1_000_000,
  }
}
