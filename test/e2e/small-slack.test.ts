import { createHmac } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { SANDBOX_SECRETS } from '../../sandbox/sandbox.ts'
import { people, startStack, textOf, unfinished, until } from './stack.ts'

type Call = { method: string; args: Record<string, string> }

/** An emulator of Slack that knows four methods; what it does not know it refuses, each time in the way it is told. */
const smallSlack = async (refuse: (response: ServerResponse) => void) => {
  const calls: Call[] = []
  const known: Record<string, (args: Record<string, string>) => object> = {
    'auth.test': () => ({ user_id: 'UBOT', team: 'Small', user: 'muster' }),
    'conversations.create': ({ name }) => ({ channel: { id: 'C0SMALL001', name } }),
    'conversations.invite': () => ({ channel: { id: 'C0SMALL001' } }),
    'chat.postMessage': ({ channel }) => ({ channel, ts: `17637000${calls.length}.000100`, message: {} }),
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const method = (request.url ?? '').replace('/api/', '')
    const args = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    calls.push({ method, args })
    const answer = known[method]
    if (!answer) return refuse(response)
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, ...answer(args) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, calls }
}

const refusals: [how: string, refuse: (response: ServerResponse) => void][] = [
  [
    'as Slack does',
    (response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ ok: false, error: 'unknown_method' })),
  ],
  ['with 404', (response) => response.writeHead(404).end('Not Found')],
]

test.each(refusals)(
  'a Slack that supports four methods and rejects the others %s still gets its incident',
  async (_how, refuse) => {
    const slack = await smallSlack(refuse)
    const stack = await startStack({ http: true, env: { SLACK_API_URL: slack.url } })
    onTestFinished(() => stack.stop())
    expect((await stack.alertmanager({ name: 'Checkout is slow', service: 'shipping' })).status).toBe(202)
    await stack.settled()

    const posted = slack.calls.filter(({ method }) => method === 'chat.postMessage')
    const summary = posted.find(({ args }) => args.channel === 'C0SMALL001')!
    expect(textOf({ text: summary.args.text!, blocks: JSON.parse(summary.args.blocks!) })).toContain('Checkout is slow')
    const incident = (await stack.muster.store.read('INC-1'))!
    expect(incident.steps).toMatchObject({
      channel: { state: 'done' },
      summary: { state: 'done' },
      pin: { state: 'failed', text: expect.stringContaining('this Slack does not know the method') },
      topic: { state: 'failed' },
    })

    // What cannot be done has been tried once.
    expect(await unfinished(stack.muster.store)).toEqual([])
    const tries = slack.calls.filter(({ method }) => method === 'pins.add')
    expect(tries).toHaveLength(1)

    // And people can still work in it.
    const body = new URLSearchParams({
      command: '/incident',
      text: 'assign commander me',
      user_id: people.dana,
      channel_id: 'C0SMALL001',
      team_id: 'T1',
      api_app_id: 'A1',
      trigger_id: '1.2.3',
      response_url: `${slack.url}response`,
    }).toString()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', SANDBOX_SECRETS.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex')
    const answer = await fetch(`${stack.musterUrl}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    })
    expect(answer.status).toBe(200)
    await until('the role', async () => (await stack.muster.store.read('INC-1'))!.roles.commander === people.dana)
    await stack.settled()
  },
)
