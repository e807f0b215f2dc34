import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

let road: Road
beforeAll(async () => {
  road = await startRoad()
})
afterAll(() => road.stop())
test('x', async () => {
  const r = await road.alertmanager({ name: 'Checkout is slow', service: 'web' })
  expect(r.status).toBe(202)
  const ch = await until('channel', () => road.incidentChannel(1))
  await road.settled()
  console.log(
    ch,
    road.messages().map((m) => `${m.channel} ${m.user} ${m.text} ${m.threadTs ?? ''}`),
  )
  console.log(
    road.sandbox.slack.requests
      .latest()
      .reverse()
      .map((r) => `${r.at} ${r.method} ${r.outcome} ${r.ms}`),
  )
  await road.command(people.dana, ch.id, 'assign commander me')
  await road.settled()
  console.log(road.messages(ch.id).map(textOf))
})
