import { expect, test } from 'vitest'
import { createKnownCalls } from '../../src/engine/known-calls.ts'
import { createLog } from '../../src/platform/log.ts'
import type { RankingReading, RankingSource } from '../../src/suspects/source.ts'
import { topologyOf } from '../../src/topology/merge.ts'
import { until } from '../e2e/stack.ts'
import { call, catalogue } from '../topology/world.ts'

const HOUR = 3_600_000

/** A source that answers as given, on a clock that stands still. */
const world = (answer: () => Promise<ReturnType<typeof topologyOf> | undefined>) => {
  let clock = 0
  const source: RankingSource = {
    name: 'prometheus',
    calls: answer,
    read: async () => ({ topology: (await answer()) ?? topologyOf([], catalogue()) }) as RankingReading,
    slowOnset: async () => undefined,
  }
  const known = createKnownCalls({ source, now: () => clock, log: createLog('silent') })
  return {
    known,
    wait: (ms: number) => {
      clock += ms
    },
  }
}
const request = { service: 'web', signal: null, firedAt: 0, now: 0, changes: [] }
const read = (known: ReturnType<typeof world>['known']) => known.source?.read(request, AbortSignal.timeout(1_000))

test('is read at the start, without blocking anybody', async () => {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof topologyOf>>()
  const { known } = world(() => promise)
  known.start()
  expect(known.seen().size).toBe(0)
  resolve(topologyOf([call('web', 'cart')], catalogue()))
  await until('the calls', () => known.seen().get('web')?.includes('cart'))
  await known.stop()
})

test('is learned from rankings, and stays valid for an hour while Prometheus does not respond', async () => {
  let isDown = false
  const { known, wait } = world(async () => {
    if (isDown) throw new Error('Prometheus could not be reached.')
    return topologyOf([call('web', 'cart')], catalogue())
  })
  await read(known)
  isDown = true
  await read(known)?.catch(() => {})
  known.start()
  wait(HOUR)
  expect(known.seen().get('web')).toEqual(['cart'])
  wait(1)
  expect(known.seen().size).toBe(0)
  await known.stop()
})
