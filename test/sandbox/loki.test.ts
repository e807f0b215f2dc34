import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeLoki, type FakeLoki } from '../../sandbox/loki.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { minutes } from '../../sandbox/stories/signals.ts'

const anchor = Date.UTC(2026, 10, 21, 3)
let now: number
let loki: FakeLoki

beforeEach(async () => {
  now = anchor + minutes(12)
  loki = await createFakeLoki({ now: () => now })
  loki.show(connectionCollapse.logs, anchor)
})
afterEach(() => loki.stop())

type Stream = { stream: Record<string, string>; values: [string, string][] }

const ask = async (query: string, extra: Record<string, string> = {}) => {
  const parameters = { query, start: `${anchor - minutes(5)}000000`, end: `${anchor + minutes(30)}000000`, ...extra }
  const response = await fetch(`${loki.url}/loki/api/v1/query_range?${new URLSearchParams(parameters)}`)
  if (!response.ok) return { status: response.status, text: await response.text(), streams: [] as Stream[] }
  const { data } = (await response.json()) as { data: { result: Stream[] } }
  return { status: 200, text: '', streams: data.result }
}

test("returns a service's lines newest first, with nanoseconds", async () => {
  const { streams } = await ask('{service="shipping"} |= "HikariPool-1"', { limit: '5' })
  expect(streams).toHaveLength(1)
  expect(streams[0]?.stream).toMatchObject({ service: 'shipping', level: 'error' })
  const times = streams[0]?.values.map(([time]) => Number(time) / 1e6) ?? []
  expect(times).toHaveLength(5)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(times[0]).toBeLessThanOrEqual(now)
})

test('Shipping logs no errors before its pool times out', async () => {
  expect(
    (await ask('{service="shipping",level="error"}', { end: String((anchor + minutes(3)) / 1000) })).streams,
  ).toEqual([])
  expect((await ask('{service="shipping"}', { end: String((anchor + minutes(3)) / 1000) })).streams).toHaveLength(1)
})

test('filters by text and regular expressions, positive and negative', async () => {
  const count = async (query: string) =>
    (await ask(query, { limit: '5000' })).streams.flatMap(({ values }) => values).length
  const all = await count('{service=~"shipping|ratings"}')
  const errors = await count('{service=~"shipping|ratings"} |~ "(?i)EXCEPTION"')
  expect(errors).toBeGreaterThan(0)
  expect(await count('{service=~"shipping|ratings"} !~ "(?i)exception"')).toBe(all - errors)
  expect(await count('{service=~"shipping|ratings"} |= "Exception" != "Hikari" |= "Too many"')).toBeGreaterThan(0)
  expect(await count('{service="nobody"}')).toBe(0)
})

test('responds 400 with plain text to unsupported queries', async () => {
  expect((await ask('rate({service="web"}[5m])')).status).toBe(400)
  expect(await ask('{service="web"} | json')).toMatchObject({ status: 400, text: expect.stringContaining('json') })
  expect((await ask('{service=~".*"}')).status).toBe(400)
})

test('is ready', async () => {
  expect((await fetch(`${loki.url}/ready`)).status).toBe(200)
})
