import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { summarize } from '../../src/cli/summary.ts'
import { type Config, catalogueOf, Env } from '../../src/config/config.ts'
import { MusterFile } from '../../src/config/muster-file.ts'
import { add } from '../learning/past.ts'
import { file, opened, T } from '../store/databases.ts'

type Seen = {
  path: string | undefined
  headers: IncomingHttpHeaders
  body: { model: string; messages: { content: string }[] }
}
const SECRET = `${'xox'}b-1234567890-abcdefghij`

/** A model's endpoint that answers what the test says, and an incident to ask about. */
const world = async (answer: (response: ServerResponse) => void, env: Record<string, string> = {}) => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ path: request.url, headers: request.headers, body: JSON.parse(body) as Seen['body'] })
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = await file.fresh()
  const store = await opened(url)
  await add(store, {
    title: 'Checkout is slow',
    notes: [`<@U0EVE00001> found token=${SECRET}, wrote to eve@example.com`],
    outcome: 'Restarted the pool',
    at: T,
  })
  await add(store, { title: 'Payroll leak', private: true })
  await store.remember('slack:person:U0EVE00001', JSON.stringify({ name: 'Eve Adams' }))
  const settings = MusterFile.parse({})
  const config: Config = {
    env: Env.parse({
      DATABASE_URL: url,
      SUMMARY_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      SUMMARY_API_TOKEN: 'model-token',
      SUMMARY_MODEL: 'small-model',
      ...env,
    }),
    file: settings,
    catalogue: catalogueOf(settings),
  }
  return { config, seen }
}
const says = (content: string) => (response: ServerResponse) => {
  const message = { role: 'assistant', content }
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    }),
  )
}

test('each sentence cites log entries; one without a source is dropped', async () => {
  const { config, seen } = await world(
    says('Checkout was slow. [1]\n- Person 2 found something in a log. [2, 99]\nAliens did it.\nIt was Tuesday [77].'),
  )
  const text = await summarize(config, { id: 'inc-1' })
  expect(text).toContain('written by a language model (small-model), not by a person')
  expect(text).toContain('- Checkout was slow. [1]')
  expect(text).toContain('- Eve Adams found something in a log. [2]')
  expect(text).toMatch(/^1\. 21 Nov 02:30 .*declared the incident: Checkout is slow/m)
  expect(text).not.toMatch(/Aliens|Tuesday/)
  expect(text).toContain('Left out, because they name no entry: 2 sentences.')
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer model-token' },
    body: { model: 'small-model', messages: [{ role: 'system' }, { role: 'user' }] },
  })
})

test('no secret, address or personal name is sent', async () => {
  const { config, seen } = await world(says('Slow. [1]'))
  await summarize(config, { id: '1' })
  const sent = JSON.stringify(seen[0]?.body)
  expect(sent).toContain('found token=[secret], wrote to [address]')
  for (const word of [SECRET, 'eve@example.com', 'U0EVE00001', 'Eve Adams']) expect(sent).not.toContain(word)
})

test('nothing about a private incident is sent, and nothing at all unless configured', async () => {
  const { config, seen } = await world(says('Leak. [1]'))
  await expect(summarize(config, { id: 'INC-2' })).rejects.toThrow('INC-2 is private; nothing of it is sent')
  const off = { ...config, env: { ...config.env, SUMMARY_API_URL: undefined } }
  await expect(summarize(off, { id: 'INC-1' })).rejects.toThrow('SUMMARY_API_URL and SUMMARY_MODEL turn summaries on')
  await expect(summarize(config, { id: 'INC-9' })).rejects.toThrow('There is no incident INC-9')
  expect(seen).toEqual([])
})

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['hangs', () => {}, /did not answer within 0\.3 s/],
  [
    'refuses',
    (response) => response.writeHead(401).end('{"error":{"message":"bad key"}}'),
    /denied access \(401\).*SUMMARY_API_TOKEN/,
  ],
  [
    'knows no such model',
    (response) => response.writeHead(404).end('{"error":{"message":"no such model"}}'),
    /answered 404: no such model/,
  ],
  ['answers a page', (response) => response.end('<html></html>'), /page|JSON/],
  ['answers without a choice', (response) => response.end('{"choices":[]}'), /answered without any text/],
  ['answers too much', (response) => response.end('x'.repeat(300 * 1024)), /too large|larger|over|more than/i],
  ['stands on nothing', says('Aliens did it.'), /wrote nothing that stands on an entry/],
])('a model that %s costs one sentence', async (what, answer, sentence) => {
  const { config } = await world(answer)
  await expect(summarize(config, { id: 'INC-1', timeoutMs: what === 'hangs' ? 300 : 20_000 })).rejects.toThrow(sentence)
})
