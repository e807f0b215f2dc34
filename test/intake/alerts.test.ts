import { describe, expect, test } from 'vitest'
import { MINUTE } from '../incident/facts.ts'
import { postgres } from '../store/databases.ts'
import { startRouting } from './routing-world.ts'

test('joins by the dependency graph and says why, opens where nothing connects, and notes what pages nobody', async () => {
  const { fire, lines, store } = await startRouting()
  expect(await fire('web slow', { service: 'web' })).toBe('declared')
  expect(await fire('redis full', { service: 'redis' })).toBe('joined')
  expect(await fire('search slow', { service: 'search' })).toBe('declared')
  expect(await fire('disk', { service: 'backup', severity: 'info' })).toBe('noted')
  expect(await fire('web slow', { service: 'web' })).toBe('repeated')
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web slow', 'INC-2 investigating 1/1 search slow'])
  expect((await store.read('INC-1'))?.alerts.latest[0]?.reason).toBe('web \u2192 cart \u2192 redis')
})

test('a warning is held; a page-worthy alert that joins it opens it with the severity of that alert', async () => {
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

test('held warnings do not use up the budget for page-worthy alerts', async () => {
  const { fire, lines } = await startRouting()
  for (const name of ['a', 'b', 'c']) await fire(name, { service: name, severity: 'warning' })
  await fire('d', { service: 'd' })
  expect((await lines()).at(-1)).toBe('INC-4 investigating 1/1 d')
})

test('over budget, everything is held in one storm, which absorbs nothing once the budget is free again', async () => {
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

test('while paused, nothing opens and nothing is lost; afterwards alerts open incidents again', async () => {
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

test('an alert that flaps under one key is one alert, with balanced fire and resolve counts', async () => {
  const { fire, resolve, pass, store } = await startRouting()
  for (let i = 0; i < 4; i++) {
    await fire('a', { service: 'a' })
    pass(3 * MINUTE)
    await resolve('a')
    pass(3 * MINUTE)
  }
  expect((await store.read('INC-1'))?.alerts).toMatchObject({ total: 1, firing: 0, refires: 3 })
})

test('alerts that flap with a new start time are counted once each, with the number of flaps', async () => {
  const { tell, now, pass, store } = await startRouting()
  const names = Array.from({ length: 11 }, (_, i) => `pod-${i}`)
  for (let round = 0; round < 5; round++) {
    const began = now()
    for (const name of names) await tell(name, [began], { service: 'web' })
    pass(3 * MINUTE)
    for (const name of names) await tell(name, [began, now()], { service: 'web' })
    pass(3 * MINUTE)
  }
  await tell('pod-3', [now()], { service: 'web' })
  const { alerts } = (await store.read('INC-1')) ?? {}
  expect(alerts).toMatchObject({ total: 11, firing: 1, flaps: 5, refires: 45 })
  expect(new Set(alerts?.latest.map(({ title }) => title)).size).toBe(alerts?.latest.length)
  expect(await store.list()).toHaveLength(1)
})

test('an alert whose resolution was lost replaces its earlier occurrence when it fires again', async () => {
  const { tell, now, pass, store, lines } = await startRouting()
  const first = now()
  await tell('web', [first], { service: 'web' })
  await tell('cart', [first], { service: 'cart' })
  pass(10 * MINUTE)
  const second = now()
  expect(await tell('web', [second], { service: 'web' })).toBe('joined')
  expect(await lines()).toEqual(['INC-1 investigating 2/2 web'])
  expect(await store.alertKeys('INC-1', 'firing')).toEqual([`am:cart:${first}`, `am:web:${second}`])
  pass(MINUTE)
  await tell('web', [second, now()], { service: 'web' })
  expect(await lines()).toEqual(['INC-1 investigating 1/2 web'])
})

test('an alert that fires again rejoins its incident even when nothing else connects it', async () => {
  const { tell, now, pass, lines } = await startRouting()
  const began = now()
  await tell('disk', [began])
  await tell('disk', [began, now()])
  pass(5 * MINUTE)
  expect(await tell('disk', [now()])).toBe('joined')
  expect(await lines()).toEqual(['INC-1 investigating 1/1 disk'])
})

test('an alert that fires again after its storm is not absorbed by the storm', async () => {
  const { tell, now, pass, lines } = await startRouting()
  const began = now()
  for (let i = 0; i < 6; i++) await tell(`alert ${i}`, [began], { service: `service-${i}` })
  await tell('alert 5', [began, now()])
  expect((await lines()).at(-1)).toBe('INC-4 triage 2/3 Alert storm')
  pass(11 * MINUTE)
  expect(await tell('alert 5', [now()], { service: 'service-5' })).toBe('declared')
})

describe('out-of-order delivery', () => {
  test('a resolution before its firing alert opens nothing when the firing one arrives', async () => {
    const { tell, now, pass, lines } = await startRouting()
    const began = now()
    pass(MINUTE)
    expect(await tell('a', [began, now()], { service: 'a' })).toBe('ignored')
    pass(20 * MINUTE)
    expect(await tell('a', [began], { service: 'a' })).toBe('noted')
    expect(await lines()).toEqual([])
    // The next time it fires it is no longer what has ended.
    expect(await tell('a', [now()], { service: 'a' })).toBe('declared')
  })

  test('a resolution without an occurrence id covers what began before it, as with CloudWatch', async () => {
    const { fire, resolve, now, pass, lines } = await startRouting()
    const arn = { fingerprint: 'cw:arn', service: 'queue' }
    const began = now()
    pass(MINUTE)
    await resolve('arn:ok', { ...arn, startsAt: now(), endsAt: now() })
    pass(MINUTE)
    const late = { kind: 'alert' as const, once: 'late', at: began }
    expect(await fire('arn:alarm', { ...arn, startsAt: began }, late)).toBe('noted')
    expect(await fire('arn:alarm 2', { ...arn, startsAt: now() })).toBe('declared')
    // The first OK once more, after the second alarm: it says nothing about that one.
    pass(MINUTE)
    await resolve('arn:ok', { ...arn, startsAt: began + MINUTE, endsAt: began + MINUTE })
    expect(await lines()).toEqual(['INC-1 investigating 1/1 arn:alarm 2'])
  })

  test('an alert that belongs to an open incident joins it as already resolved', async () => {
    const { tell, fire, now, pass, lines, store } = await startRouting()
    const began = now()
    await fire('web down', { service: 'web' })
    pass(MINUTE)
    await tell('web slow', [began, now()], { service: 'web' })
    expect(await tell('web slow', [began], { service: 'web' })).toBe('joined')
    expect(await lines()).toEqual(['INC-1 investigating 1/2 web down'])
    expect((await store.read('INC-1'))?.alerts.latest[0]?.reason).toMatch(/; already resolved$/)
  })

  test('a resolution is remembered for an hour, and only when the source gives its time', async () => {
    const { tell, fire, resolve, now, pass } = await startRouting()
    const began = now()
    await tell('a', [began, now()])
    pass(61 * MINUTE)
    expect(await tell('a', [began])).toBe('declared')
    await resolve('b')
    expect(await fire('b')).toBe('declared')
  })

  test('firing and resolved at the same moment leave nothing firing, in either order', async () => {
    const { tell, now, store } = await startRouting()
    const began = now()
    for (let i = 0; i < 5; i++) {
      const name = `alert ${i}`
      const both = [() => tell(name, [began]), () => tell(name, [began, began + 1])]
      await Promise.all((i % 2 === 0 ? both : both.toReversed()).map((one) => one()))
    }
    const firing = await Promise.all((await store.list()).map(({ id }) => store.alertKeys(id, 'firing')))
    expect(firing.flat()).toEqual([])
  })
})

test('one rule firing across many services is one fault, wherever its first alerts went', async () => {
  const { fire, lines } = await startRouting()
  for (const name of ['a', 'b', 'c', 'd']) await fire(name, { service: name, rule: 'NodeDown' })
  expect(await lines()).toEqual(['INC-1 investigating 3/3 a', 'INC-2 investigating 1/1 b'])
})

describe.skipIf(postgres.missing)('two processes on PostgreSQL', () => {
  test('share one storm, and open it once', async () => {
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
