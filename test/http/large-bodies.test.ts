import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ingestInSlices } from '../../src/http/ingest-in-slices.ts'
import { readInParts } from '../../src/http/read-in-parts.ts'
import { alertmanagerAlerts } from '../../src/integrations/alertmanager/alerts.ts'
import { alertmanagerBody } from '../e2e/stack.ts'

/** Counts turns of the event loop while some work runs: each is a chance for other requests. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let done = false
  const ended = work.finally(() => {
    done = true
  })
  let turns = 0
  while (!done) {
    await nextTurn()
    turns++
  }
  await ended
  return turns
}

const bodyOf = (count: number) => {
  const body = alertmanagerBody({ name: 'Checkout' })
  const alerts = Array.from({ length: count }, (_, i) => ({
    ...body.alerts[0],
    fingerprint: i.toString(16).padStart(16, '0'),
  }))
  return { ...body, truncatedAlerts: 2, alerts }
}

test('5,000 alerts in one body are processed in batches, in order, and other requests are served in between', async () => {
  const source = alertmanagerAlerts({ tokens: ['secret'] })
  const body = bodyOf(5_000)
  const delivery = { headers: {}, body: Buffer.alloc(0), receivedAt: Date.now() }
  const reading = readInParts(source, body, delivery)
  expect(await turnsDuring(reading)).toBeGreaterThanOrEqual(50)
  expect(await reading).toEqual(await source.read(body, delivery))
})

test('a body counts as understood when any of its parts does', async () => {
  const source = alertmanagerAlerts({ tokens: ['secret'] })
  const body = { ...bodyOf(150), alerts: [...Array(120).fill(17), ...bodyOf(30).alerts] }
  const { signals, understood, notes } = await readInParts(source, body, {
    headers: {},
    body: Buffer.alloc(0),
    receivedAt: Date.now(),
  })
  expect([signals.length, understood]).toEqual([30, true])
  expect(notes).toBeDefined()
})

test('writes are started in batches, and one failure is reported after all have started', async () => {
  let started = 0
  const work = ingestInSlices(
    Array.from({ length: 500 }, (_, i) => i),
    async (i) => {
      started++
      if (i === 3) throw new Error('the store is down')
    },
  )
  const failure = work.then(
    () => undefined,
    (error: Error) => error.message,
  )
  expect(await turnsDuring(failure)).toBeGreaterThanOrEqual(9)
  expect(await failure).toBe('the store is down')
  expect(started).toBe(500)
})
