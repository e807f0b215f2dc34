import { type IncomingHttpHeaders, request } from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { call, read } from '../assistants/client.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const ANYBODY = 'a-secret-of-nobody-in-particular'
const DANAS = 'a-secret-that-is-danas-alone'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({
    env: { MUSTER_MCP_TOKEN: `${ANYBODY},${people.dana}:${DANAS}` },
    file: { assistants: { notes: true, hosts: ['muster.internal:3000'] } },
  })
  await stack.alertmanager({ name: 'PoolExhausted', service: 'shipping' })
  await until('the channel', () => stack.incidentChannel(1))
  const incidents = stack.channelNamed('incidents')?.id as string
  await stack.command(people.dana, incidents, 'declare --private Payroll leak')
  await until('the private incident', () => stack.muster.store.read('INC-2'))
})
afterAll(() => stack.stop())

const connected = async (token: string): Promise<Client> => {
  const client = new Client({ name: 'test-client', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(`${stack.musterUrl}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  await client.connect(transport as Transport)
  onTestFinished(() => client.close())
  return client
}

type Answered = { status: number | undefined; headers: IncomingHttpHeaders }

/** By `node:http`, because `fetch` sets its own `Host`. */
const post = (
  headers: Record<string, string>,
  body: string = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  method = 'POST',
) =>
  new Promise<Answered>((resolve, reject) => {
    const options = {
      method,
      headers: {
        authorization: `Bearer ${ANYBODY}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    }
    const sent = request(`${stack.musterUrl}/mcp`, options, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode, headers: response.headers }))
    })
    sent.once('error', reject).end(body)
  })

describe('MCP over HTTP', { timeout: 60_000 }, () => {
  test('serves incidents alongside the running server, and says who is on call', async () => {
    const client = await connected(ANYBODY)
    expect(await read(client, 'list_incidents', { status: 'open' })).toMatchObject({ incidents: [{ id: 'INC-1' }] })
    expect(await read(client, 'search_incidents', { words: 'pool' })).toMatchObject({ incidents: [{ id: 'INC-1' }] })
    const onCall = await read<{ on_call: { name: string; level: number }[] }>(client, 'who_is_on_call', {
      service: 'shipping',
    })
    expect(onCall.on_call[0]).toMatchObject({ level: 1, name: expect.stringMatching(/\S+ \S+/) })
    const unknown = await call(client, 'who_is_on_call', { service: 'nothing' })
    expect(unknown).toEqual({
      isError: true,
      text: expect.stringMatching(/no service "nothing".*known for: .*shipping/),
    })
  })

  test('a token that belongs to a person reads their private incidents, other tokens do not', async () => {
    const [anybodys, hers] = [await connected(ANYBODY), await connected(DANAS)]
    expect((await call(anybodys, 'get_incident', { incident: 'INC-2' })).isError).toBe(true)
    expect((await call(anybodys, 'add_note', { incident: 'INC-2', text: 'x' })).isError).toBe(true)
    expect(await read(hers, 'get_incident', { incident: 'INC-2' })).toMatchObject({ title: 'Payroll leak' })
  })

  test("a note is posted in the channel as an assistant's, and mentions nobody", async () => {
    const client = await connected(DANAS)
    const text = `The pool was full before the deploy <@${people.mei}> <!channel>`
    expect(await read(client, 'add_note', { incident: 'INC-1', text })).toMatchObject({ recorded: true })
    const note = await until('the note', () =>
      stack
        .messages(stack.incidentChannel(1)?.id)
        .map(textOf)
        .find((one) => one.includes('full before the deploy')),
    )
    expect(note).toContain(`An assistant (for <@${people.dana}>): The pool was full`)
    expect(note).not.toContain(`<@${people.mei}>`)
    expect(note).not.toContain('<!channel>')
  })

  test('rejects requests without a token, from another origin or for another host', async () => {
    expect((await post({})).status).toBe(200)
    const unknown = await post({ authorization: 'Bearer no' })
    expect(unknown.status).toBe(401)
    expect(unknown.headers['www-authenticate']).toBe('Bearer')
    expect((await post({ authorization: `Bearer ${people.dana}:${DANAS}` })).status).toBe(401)
    expect((await post({ authorization: '' })).status).toBe(401)
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({ origin: stack.musterUrl })).status).toBe(200)
    expect((await post({ host: 'evil.example' })).status).toBe(403)
    expect((await post({ host: 'muster.internal:3000' })).status).toBe(200)
  })

  test('rejects anything but a single message of limited size', async () => {
    expect((await post({}, 'x'.repeat(200_000))).status).toBe(413)
    expect((await post({}, '{')).status).toBe(400)
    expect((await post({}, '[]')).status).toBe(400)
    const stream = await post({}, '', 'GET')
    expect([stream.status, stream.headers.allow]).toEqual([405, 'POST'])
  })
})
