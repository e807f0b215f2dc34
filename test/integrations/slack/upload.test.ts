import { expect, test } from 'vitest'
import type { Progress } from '../../../src/incident/effect-handler.ts'
import { Unavailable } from '../../../src/incident/errors.ts'
import { createSlack } from '../../../src/integrations/slack/client.ts'
import { createUpload } from '../../../src/integrations/slack/effects/upload.ts'
import { type Answer, serve } from '../server.ts'

const METHODS = ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal', 'files.info']

/** Slack's upload in four steps, one of which hangs or fails, and what an effect remembers of them. */
const uploading = async () => {
  let trouble: { step: string; answer: Answer } | undefined
  const calls: string[] = []
  const server = await serve(({ path }) => {
    const step = path.slice(1)
    calls.push(step)
    if (trouble?.step === step) return trouble.answer
    if (step === 'files.getUploadURLExternal')
      return { body: { ok: true, upload_url: `${server.url}/upload`, file_id: 'F1' } }
    return { body: { ok: true, file: { mimetype: 'image/png' } } }
  })
  const upload = createUpload({ slack: createSlack({ token: 'xoxb-1', apiUrl: server.url, now: Date.now }) })
  const items = new Map<string, string>()
  const progress: Progress = {
    get: (item) => items.get(item),
    set: async (item, value) => void items.set(item, value),
  }
  const attempt = (signal: AbortSignal = AbortSignal.timeout(10_000)) =>
    upload({ name: 'hash', png: async () => Buffer.from('png'), title: 'P90', altText: 'P90' }, progress, signal)
  return {
    calls,
    attempt,
    break: (step: string, answer: Answer) => {
      trouble = { step, answer }
    },
    heal: () => {
      trouble = undefined
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test.each([
  ['upload', ['files.getUploadURLExternal', 'upload']],
  ['files.completeUploadExternal', []],
  ['files.info', []],
] as [string, string[]][])(
  'when interrupted at %s, the next attempt repeats only what was not recorded',
  async (step, again) => {
    await using world = await uploading()
    world.break(step, 'hang')
    const stop = new AbortController()
    const cut = world.attempt(stop.signal)
    await expect.poll(() => world.calls.at(-1)).toBe(step)
    stop.abort(new Error('time is up'))
    await expect(cut).rejects.toThrow('time is up')
    world.heal()
    world.calls.length = 0
    expect(await world.attempt()).toBe('F1')
    expect(world.calls).toEqual([...new Set([...again, ...METHODS.slice(METHODS.indexOf(step))])])
    world.calls.length = 0
    expect(await world.attempt()).toBe('F1')
    expect(world.calls).toEqual([])
  },
)

test('waits for an upload host that is down', async () => {
  await using world = await uploading()
  world.break('upload', { status: 503, text: 'no' })
  const error = await world.attempt().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Unavailable)
  expect(error).toMatchObject({ system: 'Slack uploads' })
})
