import { setTimeout as sleep } from 'node:timers/promises'
import { startStack } from '../test/e2e/stack.ts'
import { median, type Result, rounded } from './result.ts'

const LATENCY_MS = 200
const ROUNDS = 5
const GIVE_UP_MS = 30_000

/** How many Slack calls one after another lie between a webhook and the pinned summary, with each call as slow as Slack at its worst. */
export const run = async (): Promise<Result> => {
  const stack = await startStack({ file: { storm: { incidents: 2 * ROUNDS } } })
  const { faults, requests } = stack.sandbox.slack
  try {
    const all: number[] = []
    // The first incident warms both sides up and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      await stack.settled()
      const pins = () => requests.latest('pins.add').filter(({ outcome }) => outcome === 'ok').length
      const before = pins()
      faults.add({ kind: 'latency', ms: LATENCY_MS })
      const begun = performance.now()
      const answer = await stack.alertmanager({ name: `Slow${round}`, service: `service-${round}` })
      if (answer.status !== 202) throw new Error(`The webhook was answered ${answer.status}.`)
      while (pins() === before) {
        if (performance.now() - begun > GIVE_UP_MS) throw new Error('No summary was pinned.')
        await sleep(1)
      }
      if (round > 0) all.push((performance.now() - begun) / LATENCY_MS)
      faults.clear()
    }
    const trips = median(all)
    return {
      name: 'trips',
      about: `From a webhook to the pinned summary, every Slack call taking ${LATENCY_MS} ms, median of ${ROUNDS}. Goal: 3 trips and a little.`,
      columns: ['', 'ms', 'trips'],
      rows: [['webhook to pinned summary', (trips * LATENCY_MS).toFixed(0), trips.toFixed(2)]],
      figures: { trips: rounded(trips), latencyMs: LATENCY_MS },
    }
  } finally {
    await stack.stop()
  }
}
