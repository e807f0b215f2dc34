import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Permanent, Unavailable } from '../../../src/incident/errors.ts'
import { pushFiles } from '../../../src/integrations/git/push.ts'
import { type Answer, serve } from '../server.ts'

const push = (url: string, signal = new AbortController().signal) =>
  pushFiles(
    {
      url: `${url}/team/docs.git`,
      branch: 'main',
      token: 'planted-token',
      author: { name: 'M', email: 'm@example.com' },
    },
    { files: new Map([['postmortems/INC-1.md', Buffer.from('# INC-1')]]), message: 'INC-1', at: 1_700_000_000_000 },
    signal,
  ).then(
    () => undefined,
    (error: Error) => error,
  )

test('a push to a server that hangs ends with its signal, and leaves neither a request nor a folder behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-push-'))
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  })
  await using server = await serve(() => 'hang')
  const stopping = new AbortController()
  const pushed = push(server.url, stopping.signal)
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1)
  stopping.abort(new Error('out of time'))
  expect((await pushed)?.message).toBe('out of time')
  await expect.poll(() => server.abandoned.length, { timeout: 20_000 }).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})

test.each<[string, Answer, typeof Permanent | typeof Unavailable]>([
  ['is down', { status: 503, text: 'down' }, Unavailable],
  ['refuses the token', { status: 401, headers: { 'www-authenticate': 'Basic' }, text: 'no' }, Permanent],
  ['does not know the repository', { status: 404, text: 'no' }, Permanent],
])('a server that %s determines the reaction, and the token stays out of the sentence', async (_why, answer, kind) => {
  await using server = await serve(() => answer)
  const error = await push(server.url)
  expect(error).toBeInstanceOf(kind)
  expect(error?.message).toMatch(/^git ls-remote: /)
  expect(error?.message).not.toContain('planted-token')
})
