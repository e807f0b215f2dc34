import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

let road: Road
beforeAll(async () => {
  road = await startRoad()
})
afterAll(() => road.stop())

const summary = (number: number) =>
  road.messages(road.incidentChannel(number)?.id).find(({ text }) => text.startsWith(`INC-${number} `))

test('the second time it happens, the summary says what fixed it the first time', { timeout: 60_000 }, async () => {
  await road.alertmanager({ name: 'PoolExhausted', service: 'shipping' })
  const first = await until('the first channel', () => road.incidentChannel(1))
  await until('its summary', () => summary(1))
  await road.command(people.dana, first.id, 'resolve restarted the connection pool')
  await road.settled()
  expect(textOf(summary(1))).not.toContain('Looks like')

  await road.alertmanager({
    name: 'PoolExhausted',
    service: 'shipping',
    startsAt: new Date(Date.now() + 1).toISOString(),
  })
  const second = await until('the second channel', () => road.incidentChannel(2))
  const text = await until('what it looks like', () => {
    const said = textOf(summary(2))
    return said.includes('Looks like') && said
  })
  expect(text).toContain(`Looks like *INC-1* <#${first.id}> PoolExhausted: same alert`)
  expect(text).toMatch(/same alert, same service, just now; fixed by: restarted the connection pool/)

  await road.command(people.dana, second.id, 'similar')
  const reply = await until('the reply', () =>
    road
      .messages(second.id)
      .map(textOf)
      .find((said) => said.includes('Past incidents like INC-2')),
  )
  expect(reply).toContain('fixed by: restarted the connection pool')
})
