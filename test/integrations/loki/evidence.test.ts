import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeLoki, type FakeLoki } from '../../../sandbox/loki.ts'
import { connectionCollapse } from '../../../sandbox/stories/connection-collapse/story.ts'
import type { EvidenceRequest, Snapshot } from '../../../src/incident/evidence.ts'
import { Service } from '../../../src/incident/service.ts'
import { createLokiClient } from '../../../src/integrations/loki/client.ts'
import { lokiEvidence } from '../../../src/integrations/loki/evidence.ts'
import { serve } from '../server.ts'

const anchor = Date.UTC(2026, 10, 21, 3)
const MINUTE = 60_000
const never = new AbortController().signal
let loki: FakeLoki

beforeEach(async () => {
  loki = await createFakeLoki({ now: () => anchor + 12 * MINUTE })
  loki.show(connectionCollapse.logs, anchor)
})
afterEach(() => loki.stop())

const about = (service: string, more: object = {}): EvidenceRequest => ({
  incident: 'INC-1',
  alerts: [],
  targets: [{ id: service, service: Service.parse({ id: service, name: service, ...more }), alerting: true }],
  earlier: [],
  past: anchor - 60 * MINUTE,
  at: anchor + 8 * MINUTE,
  from: anchor - 60 * MINUTE,
  to: anchor + 12 * MINUTE,
})
const look = async (request: EvidenceRequest, url = loki.url, timeoutMs = 5_000): Promise<Snapshot | undefined> =>
  (await lokiEvidence({ client: createLokiClient({ url, timeoutMs }) }).collect(request, never))[0]

describe('log lines around the start', () => {
  test('show what failed, each pattern once, in order of time', async () => {
    const found = await look(about('shipping'))
    expect(found).toMatchObject({ kind: 'logs', source: 'loki', title: 'Logs of shipping' })
    if (found?.kind !== 'logs') throw new Error('no logs')
    const texts = found.lines.map(({ text }) => text)
    expect(texts.join('\n')).toContain('HikariPool-1 - Connection is not available')
    expect(found.patterns?.[0]).toMatchObject({
      example: expect.stringContaining('HikariPool-1'),
      level: 'error',
      isNew: true,
      first: anchor + 4 * MINUTE,
    })
    expect(found.lines.map(({ at }) => at)).toEqual(found.lines.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(found.query).toMatch(/^\{service="shipping"\} \|~ /)
  })

  test('include those of its dependencies, the worst service first', async () => {
    const request = about('shipping')
    const ratings = { id: 'ratings', service: undefined, alerting: false }
    const cart = { id: 'cart', service: undefined, alerting: false }
    const found = await lokiEvidence({ client: createLokiClient({ url: loki.url }) }).collect(
      { ...request, targets: [...request.targets, ratings, cart] },
      never,
    )
    expect(found.map(({ title }) => title).sort()).toEqual(['Logs of ratings', 'Logs of shipping'])
  })

  test('continue where the previous collection ended, and count from the first appearance', async () => {
    await using server = await serve(() => ({ body: { data: { resultType: 'streams', result: [] } } }))
    const opening = await look({ ...about('shipping'), to: anchor + 6 * MINUTE })
    if (opening?.kind !== 'logs') throw new Error('no logs')
    const later = await look({ ...about('shipping'), earlierLogs: [opening] })
    if (later?.kind !== 'logs') throw new Error('no logs')
    const [before, after] = [opening, later].map(({ patterns = [] }) =>
      patterns.find(({ example }) => example.includes('HikariPool-1')),
    )
    expect(before).toMatchObject({ first: anchor + 4 * MINUTE, isNew: true })
    expect(after).toMatchObject({ first: anchor + 4 * MINUTE, isNew: true, last: anchor + 12 * MINUTE })
    // Each line counts once: as many as one look over the whole time finds.
    const whole = await look(about('shipping'))
    expect(whole?.kind === 'logs' && whole.patterns).toContainEqual(after)
    expect(after!.count).toBeGreaterThan(before!.count)
    // What was found is still told when there is nothing more.
    const quiet = await look({ ...about('shipping'), earlierLogs: [opening] }, server.url)
    expect(quiet).toMatchObject({ kind: 'logs', patterns: opening.patterns })
    const starts = server.requests.map(({ query }) => Number(query.get('start')) / 1e6)
    expect(starts.filter((start) => start > anchor)).toEqual([6, 6, 6].map((minute) => anchor + minute * MINUTE + 1))
  })

  test('are redacted', async () => {
    loki.show([{ service: 'web', level: 'error', text: 'login failed, password=hunter2', atMs: 8 * MINUTE }], anchor)
    expect(JSON.stringify(await look(about('web')))).not.toContain('hunter2')
  })

  test('that also appeared an hour before are not new', async () => {
    const text = 'level=error cannot send mail'
    loki.show(
      [{ service: 'web', level: 'error', text, atMs: -50 * MINUTE, untilMs: 10 * MINUTE, everyMs: MINUTE }],
      anchor,
    )
    const found = await look(about('web'))
    expect(found?.kind === 'logs' && found.patterns?.[0]).toMatchObject({ isNew: false })
  })

  test("come from the catalogue's own query", async () => {
    expect(await look(about('checkout', { logs: '{app="shipping"}' }))).toMatchObject({ kind: 'logs' })
  })

  test('are any lines when none indicates trouble', async () => {
    loki.show([{ service: 'web', level: 'info', text: 'all is well', atMs: 8 * MINUTE }], anchor)
    expect(await look(about('web'))).toMatchObject({
      query: '{service="web"}',
      lines: [{ at: anchor + 8 * MINUTE, text: 'level=info all is well' }],
    })
  })

  test('are limited to thirty, with long ones truncated and colours stripped', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'.split('')
    const shown = letters.map((letter, i) => ({
      service: 'web',
      level: 'error' as const,
      text: `\u001b[31m${letter.repeat(900)}\u001b[0m`,
      atMs: 8 * MINUTE + i,
    }))
    loki.show(shown, anchor)
    const found = await look(about('web'))
    if (found?.kind !== 'logs') throw new Error('no logs')
    expect(found.lines).toHaveLength(30)
    expect(found.lines.at(-1)?.text).toMatch(/^level=error J{300,}\u2026$/)
    expect(found.lines.every(({ text }) => text.length <= 400)).toBe(true)
    expect(found.notes).toEqual(['36 lines in 36 patterns'])
  })
})

describe('missing evidence states why', () => {
  test('when there are no log lines', async () => {
    expect(await look(about('nobody'))).toMatchObject({ kind: 'missing', reason: 'No log lines around the beginning.' })
  })

  test('when Loki refuses the query', async () => {
    expect(await look(about('web', { logs: '{app="web"' }))).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('Loki refused the query: parse error'),
    })
  })

  test.each([
    ['does not answer', 'hang', 'Loki did not answer within 0.2 s.'],
    ['fails', { status: 503, text: 'no' }, 'Loki answered 503: no.'],
    ['answers with a page', { text: '<html>' }, /an HTML page .* instead of JSON/],
    ['answers with other JSON', { body: {} }, 'Loki answered with something that is not a list of log lines.'],
  ] as const)('when Loki %s', async (_how, answer, reason) => {
    await using server = await serve(() => answer)
    expect(await look(about('web'), server.url, 200)).toMatchObject({
      kind: 'missing',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    })
  })

  test.each([
    [{ token: 'lokitoken' }, { authorization: 'Bearer lokitoken' }],
    [{ tenant: 'shop|platform' }, { 'x-scope-orgid': 'shop|platform' }],
  ])('and the credentials of the request: %o', async (credentials, headers) => {
    await using server = await serve(() => ({ body: { data: { resultType: 'streams', result: [] } } }))
    await createLokiClient({ url: server.url, ...credentials }).lines({ query: '{a="b"}', from: 0, to: 1, limit: 1 })
    expect(server.requests[0]?.headers).toMatchObject(headers)
  })

  test.each([
    ['no org id', 'Loki denied access (401). Set LOKI_TENANT.'],
    ['nope', 'Loki denied access (401). Check LOKI_TOKEN and LOKI_TENANT.'],
  ])('when Loki rejects the credentials with "%s"', async (text, reason) => {
    await using server = await serve(() => ({ status: 401, text }))
    expect(await look(about('web'), server.url)).toMatchObject({ kind: 'missing', reason })
  })

  test('when Loki cannot be reached', async () => {
    expect(await look(about('web'), 'http://127.0.0.1:9')).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('Loki could not be reached'),
    })
  })

  test('is not reported when there is no service to query', async () => {
    expect(await look({ ...about('web'), targets: [] })).toBeUndefined()
  })
})
