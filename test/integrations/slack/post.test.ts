import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { FakeSlackOptions } from '../../../sandbox/slack/server.ts'
import { section } from '../../../src/integrations/slack/block.ts'
import { createSlack } from '../../../src/integrations/slack/client.ts'
import { createPoster, type PostRequest } from '../../../src/integrations/slack/post.ts'
import { startSlack, tokens } from '../../sandbox/slack/start.ts'

const manifest = parse(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8'))
const robin = 'U0ROBIN001'

const startPoster = async (options: Partial<FakeSlackOptions> = {}) => {
  const { slack: fake } = await startSlack({ manifest, ...options })
  const kept = new Map<string, { value: string; writtenAt: number }>()
  const clock = { now: Date.now() }
  const memory = {
    recall: async (key: string) => kept.get(key),
    remember: async (key: string, value: string) => {
      kept.set(key, { value, writtenAt: clock.now })
    },
  }
  const slack = createSlack({ token: tokens.botToken, apiUrl: fake.apiUrl, now: Date.now })
  const poster = createPoster({ slack, memory, now: () => clock.now })
  const { channel } = await slack.call<{ channel: { id: string } }>('conversations.create', { name: 'inc-1' })
  const request = (more: Partial<PostRequest> = {}): PostRequest => ({
    channel: channel.id,
    text: 'hello',
    blocks: [section('hello')],
    effectId: 'INC-1/1/0',
    attempt: 1,
    since: Date.now(),
    signal: new AbortController().signal,
    ...more,
  })
  const posted = () => fake.dump().messages.filter(({ metadata }) => metadata)
  return { fake, poster, request, posted, clock, kept }
}

test.each([
  ['in a channel of its own', undefined],
  ['in a channel by its name, where the bot is no member', '#incidents'],
  ['to a person', robin],
])('a message whose response was lost is found %s', async (_where, channel) => {
  const { fake, poster, request, posted } = await startPoster()
  const to = channel ? { channel } : {}
  fake.faults.add({ kind: 'cut', method: 'chat.postMessage', when: 'after' })
  await expect(poster.post(request(to))).rejects.toThrow('Slack could not be reached')
  const found = await poster.post(request({ ...to, attempt: 2 }))
  expect(posted()).toHaveLength(1)
  expect(found).toEqual({ channel: posted()[0]!.channel, ts: posted()[0]!.ts })
})

test('a message that was never sent is sent on the second attempt', async () => {
  const { fake, poster, request, posted } = await startPoster()
  fake.faults.add({ kind: 'cut', method: 'chat.postMessage', when: 'before' })
  await expect(poster.post(request())).rejects.toThrow()
  await poster.post(request({ attempt: 2 }))
  expect(posted()).toHaveLength(1)
})

test('of a long message only the missing parts are sent again, in order', async () => {
  const { fake, poster, request, posted } = await startPoster()
  const blocks = Array.from({ length: 120 }, (_, i) => section(`block ${i}`))
  fake.faults.add({ kind: 'latency', method: 'chat.postMessage', ms: 0 })
  await poster.post(request({ blocks: blocks.slice(0, 50) }))
  await poster.post(request({ blocks, attempt: 2 }))
  expect(posted().map(({ metadata }) => metadata!.event_payload.part)).toEqual([0, 1, 2])
  expect(posted().flatMap((message) => message.blocks ?? [])).toHaveLength(120)
})

test('where the history cannot be read, posts twice rather than not at all', async () => {
  const { fake, poster, request, posted } = await startPoster()
  await poster.post(request())
  fake.faults.add({ kind: 'error', method: 'conversations.history', error: 'missing_scope' })
  await poster.post(request({ attempt: 2 }))
  expect(posted()).toHaveLength(2)
})

test('a workspace without the newer blocks is tried again after a week', async () => {
  const { fake, poster, request, clock } = await startPoster({ supportsNewBlocks: false })
  const blocks = [
    section('hello'),
    { type: 'plan', title: 'Setting up', tasks: [{ type: 'task_card', task_id: 'a', title: 'A', status: 'complete' }] },
  ]
  const refusals = () =>
    fake.requests.latest('chat.postMessage').filter(({ outcome }) => outcome === 'invalid_blocks').length
  await poster.post(request({ blocks, effectId: 'a' }))
  await poster.post(request({ blocks, effectId: 'b' }))
  expect(refusals()).toBe(1)
  clock.now += 8 * 24 * 3_600_000
  await poster.post(request({ blocks, effectId: 'c' }))
  expect(refusals()).toBe(2)
})
