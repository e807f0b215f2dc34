import { expect, test } from 'vitest'
import { Permanent, TryLater, Unavailable, unguarded } from '../../../src/incident/errors.ts'
import { instatusClient } from '../../../src/integrations/outgoing/instatus.ts'
import { createSender } from '../../../src/integrations/outgoing/sender.ts'
import { statuspageClient } from '../../../src/integrations/outgoing/statuspage.ts'
import { type Answer, serve } from '../server.ts'

const entry = {
  incident: 'INC-1',
  title: 'Payments fail',
  startedAt: new Date(1_700_000_000_000).toISOString(),
  status: 'investigating',
  text: 'We are looking into it.',
  components: [],
}

const published = async (url: string, of: typeof statuspageClient | typeof instatusClient, signal?: AbortSignal) => {
  const client = of(createSender({ name: 'page (Instatus)', url, guard: unguarded }), 'p1')
  return client.create(entry as never, true, signal ?? new AbortController().signal).then(
    () => undefined,
    (error: Error) => error,
  )
}

const CLIENTS = [
  ['Statuspage', statuspageClient],
  ['Instatus', instatusClient],
] as const

for (const [name, client] of CLIENTS) {
  test.each<[string, Answer, typeof Unavailable | typeof Permanent | typeof TryLater]>([
    ['is down', { status: 502, text: 'bad gateway' }, Unavailable],
    ['answers with a proxy\u2019s page', { text: '<html>sign in</html>' }, Unavailable],
    ['limits requests', { status: 429, headers: { 'retry-after': '30' }, text: '' }, TryLater],
    ['refuses the key', { status: 401, body: { error: 'no' } }, Permanent],
    ['answers without an end', { bytes: Buffer.alloc(300 * 1024, 0x20) }, Permanent],
    ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, Permanent],
  ])(`${name} that %s determines the reaction`, async (_how, answer, kind) => {
    await using server = await serve(() => answer)
    expect(await published(server.url, client)).toBeInstanceOf(kind)
  })

  test(`a request to ${name} that hangs is aborted with its effect`, async () => {
    await using server = await serve(() => 'hang')
    const stopping = new AbortController()
    const publishing = published(server.url, client, stopping.signal)
    await expect.poll(() => server.requests.length).toBe(1)
    stopping.abort()
    expect(await publishing).toBeInstanceOf(Error)
    await expect.poll(() => server.abandoned.length).toBe(1)
  })
}
