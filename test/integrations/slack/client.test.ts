import { describe, expect, test } from 'vitest'
import { Permanent, TryLater, Unavailable } from '../../../src/incident/errors.ts'
import { createSlack, refusedWith } from '../../../src/integrations/slack/client.ts'
import { openChannelEffects } from '../../../src/integrations/slack/effects/open-channel.ts'
import { handClock, outboxOver } from '../../engine/outbox-world.ts'
import { memory, opened } from '../../store/databases.ts'
import { type Answer, serve } from '../server.ts'

const talkingTo = async (answer: (method: string) => Answer, timeoutMs = 200) => {
  const server = await serve(({ path }) => answer(path.replace('/', '')))
  const clock = { now: 1_000_000 }
  const seen: string[] = []
  const slack = createSlack({
    token: 'xoxb-1',
    apiUrl: server.url,
    now: () => clock.now,
    observe: (method, result) => seen.push(`${method} ${result}`),
    timeoutMs,
  })
  return { slack, server, clock, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
const refusing = (error: string, more: object = {}): Answer => ({ body: { ok: false, error, ...more } })
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  )

describe('an unsuccessful response determines the reaction', () => {
  test('a missing scope waits until it is granted, and says what to do', async () => {
    await using world = await talkingTo(() => refusing('missing_scope', { needed: 'pins:write' }))
    const error = await failure(world.slack.call('pins.add'))
    expect(error).toBeInstanceOf(Unavailable)
    expect(error).toMatchObject({ system: 'Slack scope pins:write', partly: true })
    expect(error?.message).toBe(
      'pins.add: missing_scope (the app lacks the scope pins:write; install it again with the scopes of manifest.yml)',
    )
    expect(refusedWith(error, 'missing_scope')).toBe(true)
  })

  test.each(['invalid_auth', 'not_authed', 'token_revoked', 'account_inactive', 'team_access_not_granted'])(
    '%s rejects the workspace, not the call: it waits',
    async (code) => {
      await using world = await talkingTo(() => refusing(code))
      const error = await failure(world.slack.call('chat.postMessage'))
      expect(error).toBeInstanceOf(Unavailable)
      expect(error).toMatchObject({ system: 'Slack', partly: false })
      expect(error?.message).toContain(code)
      expect(refusedWith(error, code)).toBe(true)
    },
  )

  test.each([
    ['restricted_action', true],
    ['unknown_method', true],
    ['is_archived', false],
  ])('%s is permanent; that it affects every incident is %s', async (code, everywhere) => {
    await using world = await talkingTo(() => refusing(code))
    const error = await failure(world.slack.call('conversations.setTopic'))
    expect(error).toBeInstanceOf(Permanent)
    expect(error).toMatchObject({ everywhere })
  })

  test('rejected blocks are reported with their position', async () => {
    await using world = await talkingTo(() =>
      refusing('invalid_blocks', { errors: ['too long [json-pointer:/blocks/1]'] }),
    )
    expect((await failure(world.slack.call('chat.postMessage')))?.message).toContain('json-pointer:/blocks/1')
  })

  test.each([
    ['internal_error', refusing('internal_error')],
    ['HTTP 503', { status: 503, text: 'upstream connect error' }],
    ['text that is no JSON', { text: '<html>' }],
    ['silence', 'hang' as const],
  ])('%s is transient', async (_name, answer) => {
    await using world = await talkingTo(() => answer)
    const error = await failure(world.slack.call('chat.update', { channel: 'C1' }))
    expect(error).toBeInstanceOf(Unavailable)
    expect(error).toMatchObject({ system: 'Slack' })
    expect(error?.message).not.toContain('xoxb-1')
  })

  test.each([[404], [501]])('HTTP %s means that this Slack does not support the method', async (status) => {
    await using world = await talkingTo(() => ({ status, text: 'no' }))
    expect(await failure(world.slack.call('bookmarks.add'))).toBeInstanceOf(Permanent)
  })
})

describe('rate limiting', () => {
  const slow: Answer = { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } }

  test('a method is not called for as long as Slack requested, and is retried afterwards', async () => {
    let answer: Answer = slow
    await using world = await talkingTo(() => answer)
    const first = await failure(world.slack.call('pins.add'))
    expect(first).toBeInstanceOf(TryLater)
    expect(first).toMatchObject({ afterMs: 7_000 })
    answer = { body: { ok: true } }
    world.clock.now += 4_000
    expect(await failure(world.slack.call('pins.add'))).toMatchObject({ afterMs: 3_000 })
    expect(world.server.requests).toHaveLength(1)
    world.clock.now += 3_001
    await world.slack.call('pins.add')
    expect(world.seen).toEqual(['pins.add ratelimited', 'pins.add ok'])
  })

  test('posts to one channel wait, posts to others do not', async () => {
    let answer: Answer = slow
    await using world = await talkingTo(() => answer)
    await failure(world.slack.call('chat.postMessage', { channel: 'C1' }))
    answer = { body: { ok: true } }
    await world.slack.call('chat.postMessage', { channel: 'C2' })
    expect(await failure(world.slack.call('chat.postMessage', { channel: 'C1' }))).toBeInstanceOf(TryLater)
  })
})

describe('a signal', () => {
  const hanging = () => talkingTo(() => 'hang', 60_000)

  test('aborts the request itself, with the reason of the signal', async () => {
    await using world = await hanging()
    const stopping = new AbortController()
    const call = failure(world.slack.call('pins.add', {}, stopping.signal))
    await expect.poll(() => world.server.requests.length).toBe(1)
    stopping.abort(new Error('out of time'))
    expect((await call)?.message).toBe('out of time')
    await expect.poll(() => world.server.abandoned.length).toBe(1)
  })

  test('aborts only the request of its own call', async () => {
    await using world = await hanging()
    const [first, second] = [new AbortController(), new AbortController()]
    const calls = [first, second].map(({ signal }, i) => failure(world.slack.call(`call.${i}`, {}, signal)))
    await expect.poll(() => world.server.requests.length).toBe(2)
    second.abort(new Error('second'))
    await calls[1]
    await expect.poll(() => world.server.abandoned.map(({ path }) => path)).toEqual(['/call.1'])
    first.abort(new Error('first'))
    await calls[0]
  })
})

test('an effect that is out of time leaves no request behind at a Slack that hangs', async () => {
  await using world = await talkingTo(() => 'hang', 60_000)
  const clock = handClock()
  const store = await opened(await memory.fresh(), clock.now)
  const naming = { pattern: '{prefix}-{number}', prefix: 'inc' }
  const { outbox, declared } = outboxOver(
    store,
    clock,
    openChannelEffects({ slack: world.slack, now: clock.now, naming }),
    { timeoutMs: 100 },
  )
  outbox.start()
  await declared()
  await expect
    .poll(() => world.server.abandoned.map(({ path }) => path), { timeout: 20_000 })
    .toContain('/conversations.create')
  await expect
    .poll(async () => (await store.outbox.pending()).find(({ effect }) => effect.type === 'open_channel')?.lastError)
    .toBe('No answer within 0.1 s.')
})
