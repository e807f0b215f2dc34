import { describe, expect, test } from 'vitest'
import { MINUTE } from './incident/facts.ts'
import { startRouting } from './routing-world.ts'
import { postgres } from './store/databases.ts'

test('joins by the dependency graph and says why, opens where nothing connects, and notes what wakes nobody', async () => {
  const { fire, lines, store } = await startRouting()
  expect(await fire('web slow', { service: 'web' })).toBe('declared')
  expect(await fire('redis full', { service: 'redis' })).toBe('joined')
  expect(await fire('search slow', { service: 'search' })).toBe('declared')
  expect(await fire('disk', { service: 'backup', severity: 'info' })).toBe('noted')
  expect(await fire('web slow', { service: 'web' })).toBe('repeated')
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web slow', 'INC-2 investigating 1/1 search slow'])
  expect((await store.read('INC-1'))?.alerts.latest[0]?.reason).toBe('web \u2192 cart \u2192 redis, just now')
})

test('a warning is held; the alarm that joins it opens it, as severe as the alarm says', async () => {
  const { fire, lines, store } = await startRouting()
  expect(await fire('web warm', { service: 'web', severity: 'warning' })).toBe('held')
  expect(await fire('web warmer', { service: 'web', severity: 'warning' })).toBe('joined')
  expect(await lines()).toEqual(['INC-1 triage 2/2 web warm'])
  await fire('web down', { service: 'web' })
  expect(await lines()).toEqual(['INC-1 investigating 3/3 web warm'])
  expect(await store.read('INC-1')).toMatchObject({ severity: 'sev2' })
  const types = (await store.outbox.pending()).map(({ effect }) => effect.type)
  expect(types).toContain('open_channel')
})

test('held warnings do not use up the budget for alarms', async () => {
  const { fire, lines } = await startRouting()
  for (const name of ['a', 'b', 'c']) await fire(name, { service: name, severity: 'warning' })
  await fire('d', { service: 'd' })
  expect((await lines()).at(-1)).toBe('INC-4 investigating 1/1 d')
})

test('above the budget everything is held in one storm, which swallows nothing once the budget is free again', async () => {
  const { fire, lines, pass, resolve } = await startRouting()
  for (let i = 0; i < 20; i++) await fire(`alert ${i}`, { service: `service-${i}` })
  const storm = 'INC-4 triage 17/17 Alert storm'
  expect((await lines()).at(-1)).toBe(storm)
  await resolve('alert 19')
  expect((await lines()).at(-1)).toBe('INC-4 triage 16/17 Alert storm')
  pass(11 * MINUTE)
  await fire('alert 19 again', { service: 'service-19' })
  expect((await lines()).at(-1)).toBe('INC-5 investigating 1/1 alert 19 again')
})

test('while paused nothing opens and nothing is lost; afterwards alarms open again', async () => {
  const { fire, lines, pause, announced } = await startRouting()
  await pause.pause({ minutes: 30, reason: 'failover', by: 'U0DANA' })
  await fire('a', { service: 'a' })
  await fire('b', { service: 'b' })
  expect(await lines()).toEqual(['INC-1 triage 2/2 Alerts while opening is paused'])
  await pause.resume('U0DANA')
  await fire('c', { service: 'c' })
  expect((await lines()).at(-1)).toBe('INC-2 investigating 1/1 c')
  expect(announced).toHaveLength(2)
})

test('an alert that flaps is one alert, and the incident knows how often', async () => {
  const { fire, resolve, pass, store } = await startRouting()
  for (let i = 0; i < 4; i++) {
    await fire('a', { service: 'a' })
    pass(3 * MINUTE)
    await resolve('a', { endsAt: i })
    pass(3 * MINUTE)
  }
  expect((await store.read('INC-1'))?.alerts).toMatchObject({ total: 1 })
})

test('one rule across many services is one fault, wherever its first alerts went', async () => {
  const { fire, lines } = await startRouting()
  for (const name of ['a', 'b', 'c', 'd']) await fire(name, { service: name, rule: 'NodeDown' })
  expect(await lines()).toEqual(['INC-1 investigating 3/3 a', 'INC-2 investigating 1/1 b'])
})

describe.skipIf(postgres.missing)('two processes on PostgreSQL', () => {
  test('take one storm, and open one', async () => {
    const url = await postgres.fresh()
    const both = [await startRouting(url), await startRouting(url)]
    await Promise.all(
      Array.from({ length: 120 }, (_, i) => both[i % 2]!.fire(`alert ${i}`, { service: `service-${i}` })),
    )
    const lines = await both[0]!.lines()
    expect(lines.filter((line) => line.includes('Alert storm'))).toEqual(['INC-4 triage 117/117 Alert storm'])
    expect(lines).toHaveLength(4)
  })
})
