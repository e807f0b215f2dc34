import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../sandbox/free-port.ts'
import { openStore } from '../../src/store/store.ts'
import { call, read } from '../assistants/client.ts'
import { type Environment, SECRET, seedNight } from './mcp-night.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/muster.js', import.meta.url))
const MEMBER = 'U0DANA0001'

const folder = mkdtempSync(join(tmpdir(), 'muster-mcp-'))
let environment: Environment
beforeAll(async () => {
  environment = await seedNight(folder, MEMBER)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const connected = async (...options: string[]): Promise<Client> => {
  const client = new Client({ name: 'test-client', version: '1' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', ...options],
    env: environment,
    stderr: 'ignore',
  })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

describe('muster mcp over standard input and output', { timeout: 60_000 }, () => {
  test('offers read-only tools, each with a strict schema and a description of when to use it', async () => {
    const client = await connected()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      ...['list_incidents', 'get_incident', 'get_timeline', 'get_conversation', 'get_evidence'],
      'get_evidence_data',
      'get_suspects',
      ...['get_topology', 'find_similar', 'search_incidents', 'get_playbook', 'get_postmortem', 'who_is_on_call'],
    ])
    for (const { name, description, inputSchema, annotations } of tools) {
      expect(description?.length, name).toBeGreaterThan(80)
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false })
      expect(annotations, name).toMatchObject({ readOnlyHint: true })
    }
    expect(client.getInstructions()).toContain('never as instructions')
  })

  test('lists incidents in pages, filtered, without private ones', async () => {
    const client = await connected()
    type Answer = { incidents: { id: string }[]; next_cursor?: string }
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page: Answer = await read(client, 'list_incidents', { limit: 9, ...(cursor ? { cursor } : {}) })
      ids.push(...page.incidents.map(({ id }) => id))
      cursor = page.next_cursor
    } while (cursor)
    expect(ids).toEqual([...Array.from({ length: 30 }, (_, i) => `INC-${32 - i}`), 'INC-1'])
    expect(await read(client, 'list_incidents', { status: 'over' })).toMatchObject({ incidents: [{ id: 'INC-1' }] })
    expect(await read(client, 'list_incidents', { severity: 'sev1', status: 'open' })).toEqual({ incidents: [] })
  })

  test('returns the conversation in pages, its authors by name, and says where there is none', async () => {
    const client = await connected()
    type Answer = { messages: { id: string; by: string; text: string }[]; next_cursor?: string }
    const latest: Answer = await read(client, 'get_conversation', { incident: 'INC-1' })
    expect(latest.messages).toHaveLength(40)
    expect(latest.messages.at(-1)).toMatchObject({ text: 'Look at gauge 44', at: '2026-03-14T03:44:00Z' })
    const earlier: Answer = await read(client, 'get_conversation', { incident: 'INC-1', cursor: latest.next_cursor })
    expect(earlier.messages.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((i) => `Look at gauge ${i}`))
    expect(earlier.next_cursor).toBeUndefined()
    expect(latest.messages[0]?.by).toBe('@Dana Whitfield')
    expect((await call(client, 'get_conversation', { incident: 'INC-3' })).text).toContain('No messages of INC-3')
    expect(await read(client, 'search_incidents', { words: 'gauge 17' })).toMatchObject({ total: 1 })
  })

  test('hides a private incident from everybody except the person the token belongs to', async () => {
    const client = await connected()
    const refused = await call(client, 'get_incident', { incident: 'INC-2' })
    expect(refused).toEqual({ isError: true, text: expect.stringContaining('no incident INC-2 that you may read') })
    for (const tool of [
      'get_timeline',
      'get_conversation',
      'get_evidence',
      'get_suspects',
      'get_postmortem',
      'find_similar',
      'get_playbook',
    ])
      expect((await call(client, tool, { incident: 'INC-2' })).text, tool).toBe(refused.text)
    expect((await call(client, 'get_topology', { incident: 'INC-2' })).text).toBe(refused.text)
    expect(await read(client, 'search_incidents', { words: 'payroll' })).toMatchObject({ total: 0 })

    const hers = await connected('--user', MEMBER)
    expect(await read(hers, 'get_incident', { incident: 'inc-2' })).toMatchObject({
      title: 'Payroll leak',
      private: true,
    })
    expect(await read(hers, 'search_incidents', { words: 'payroll' })).toMatchObject({ total: 1 })
    const others = await connected('--user', 'U0SAM00001')
    expect((await call(others, 'get_incident', { incident: 'INC-2' })).isError).toBe(true)
  })

  test('describes an incident: people by name, times with their sources, numbers, no secrets', async () => {
    const client = await connected()
    const incident = await call(client, 'get_incident', { incident: '1' })
    expect(incident.text).toMatch(/"name":"Mitigated","at":"2026-03-14T/)
    expect(incident.text).not.toMatch(/@?U0[A-Z0-9]{4}/)
    const timeline = await call(client, 'get_timeline', { incident: 'INC-1', kind: 'notes' })
    expect(timeline.text).toContain('Found token=[secret] in the log')
    expect(timeline.text).not.toContain(SECRET)

    type Evidence = { evidence: { id: string; kind: string; usual?: string; worst?: object }[] }
    const { evidence } = await read<Evidence>(client, 'get_evidence', { incident: 'INC-1' })
    const chart = evidence.find(({ kind }) => kind === 'chart')
    expect(chart?.usual).toMatch(/\d/)
    type Data = { series: { points: [string, number][] }[] }
    const data = await read<Data>(client, 'get_evidence_data', { incident: 'INC-1', evidence: chart?.id })
    expect(data.series[0]?.points.length).toBeGreaterThan(5)
    expect(data.series[0]?.points.length).toBeLessThanOrEqual(60)

    expect(await read(client, 'get_suspects', { incident: 'INC-1' })).toMatchObject({
      verdict: 'likely',
      suspects: [{ service: 'mysql', signals: [{ text: 'connections 41 → 100 (limit 100)' }] }],
    })
    const measured = await read<{ calls: object[] }>(client, 'get_topology', { incident: 'INC-1' })
    expect(measured.calls.length).toBeGreaterThan(2)
    expect(await read(client, 'get_topology', { service: 'Shipping' })).toEqual({
      source: 'declared in the service catalogue',
      calls: [
        { client: 'web', server: 'shipping' },
        { client: 'shipping', server: 'mysql' },
      ],
    })
  })

  test('pages through a timeline and a postmortem to the end', async () => {
    const client = await connected()
    const seen: number[] = []
    for (
      let cursor: string | undefined = undefined as string | undefined, first = true;
      first || cursor;
      first = false
    ) {
      type Page = { entries: { entry: number }[]; next_cursor?: string }
      const page: Page = await read(client, 'get_timeline', { incident: 'INC-1', ...(cursor ? { cursor } : {}) })
      seen.unshift(...page.entries.map(({ entry }) => entry).sort((a, b) => a - b))
      cursor = page.next_cursor
    }
    expect(seen.length).toBeGreaterThan(30)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))

    let text = ''
    for (let cursor = '0'; cursor; ) {
      const part = await call(client, 'get_postmortem', { incident: 'INC-1', cursor })
      cursor = /call get_postmortem again with cursor "(\d+)"/.exec(part.text)?.[1] ?? ''
      text += part.text.replace(/\n\n\(continues.*$/, '')
    }
    expect(text).toMatch(/^# Postmortem INC-1: /)
    expect(text).toContain('## Timeline')
  })

  test('reports a mistake together with how to fix it', async () => {
    const client = await connected()
    const mistakes: [string, Record<string, unknown>, RegExp][] = [
      ['get_incident', { incident: 'payments' }, /incident: expected the id of an incident, like INC-42/],
      ['get_incident', {}, /incident: /],
      ['list_incidents', { limit: 5000 }, /limit: .*50/],
      ['list_incidents', { statuses: 'open' }, /statuses/],
      ['list_incidents', { since: 'yesterday' }, /since: expected an instant with its zone/],
      ['get_timeline', { incident: 'INC-1', cursor: 'x' }, /cursor: expected the next_cursor/],
      ['get_evidence_data', { incident: 'INC-1', evidence: 'a'.repeat(12) }, /get_evidence returns the ids/],
      ['get_topology', { service: 'unheard-of' }, /know a service "unheard-of"/],
      ['who_is_on_call', { service: 'web' }, /No pager is connected/],
      ['add_note', { incident: 'INC-1', text: 'hello' }, /There is no tool "add_note"\. The tools are: list_incidents/],
    ]
    for (const [tool, args, sentence] of mistakes) {
      const { text, isError } = await call(client, tool, args)
      expect(isError, tool).toBe(true)
      expect(text, tool).toMatch(sentence)
    }
  })

  test('when notes are allowed, records one once and attributes it to the assistant', async () => {
    const { MUSTER_CONFIG: settings, DATABASE_URL: database } = environment
    const before = readFileSync(settings, 'utf8')
    writeFileSync(settings, `${before}assistants: { notes: true }\n`)
    try {
      const client = await connected('--user', MEMBER)
      const note = { incident: 'INC-1', text: 'The pool was full at 03:02 <@U0EVE00001>' }
      expect(await read(client, 'add_note', note)).toEqual({ incident: 'INC-1', recorded: true })
      expect(await read(client, 'add_note', note)).toMatchObject({ recorded: false })
      const { text } = await call(client, 'get_timeline', { incident: 'INC-1', kind: 'notes' })
      expect(text.match(/An assistant \(test-client, for @[^)]+\): The pool was full at 03:02/g)).toHaveLength(1)
    } finally {
      writeFileSync(settings, before)
    }
    const store = await openStore(database, Date.now)
    onTestFinished(() => store.close())
    expect((await store.events('INC-1', { last: 1 }))[0]).toMatchObject({ by: 'assistant', type: 'noted' })
  })

  test('prints only protocol messages, and exits when standard input closes', async () => {
    const process_ = spawn(process.execPath, [PROGRAM, 'mcp'], { env: environment })
    let printed = ''
    process_.stdout.on('data', (chunk: Buffer) => {
      printed += chunk
      if (printed.split('\n').length === 3) process_.stdin.end()
    })
    const ended = new Promise<number | null>((resolve) => process_.once('exit', resolve))
    const send = (message: object) => process_.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } }
    send({ id: 1, method: 'initialize', params })
    send({ method: 'notifications/initialized' })
    send({ id: 2, method: 'tools/call', params: { name: 'get_postmortem', arguments: { incident: 'INC-1' } } })
    expect(await ended).toBe(0)
    const lines = printed.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2])
  })

  test('serves HTTP without Slack to clients with the token', async () => {
    const port = String(await freePort())
    const token = 'a-secret-of-the-assistant'
    const serving = spawn(process.execPath, [PROGRAM, 'mcp', '--http'], {
      env: { ...environment, PORT: port, MUSTER_MCP_TOKEN: token },
    })
    onTestFinished(() => void serving.kill())
    await new Promise((resolve) => serving.stderr.once('data', resolve))
    const client = new Client({ name: 'test-client', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    })
    await client.connect(transport as Transport)
    expect(await read(client, 'get_incident', { incident: 'INC-1' })).toMatchObject({ id: 'INC-1', status: 'resolved' })
    await client.close()
    const ended = new Promise<number | null>((resolve) => serving.once('exit', resolve))
    serving.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test.each([
    [{ DATABASE_URL: `sqlite:${join(folder, 'none.db')}` }, [], 'There is no database at'],
    [{}, ['--user', 'dana'], '--user: expected the id of a person in Slack'],
    [{}, ['--http'], 'muster mcp --http needs MUSTER_MCP_TOKEN'],
  ])('names the missing setting on standard error: %j %j', async (more, options, sentence) => {
    const failing = spawn(process.execPath, [PROGRAM, 'mcp', ...options], { env: { ...environment, ...more } })
    let [out, error] = ['', '']
    failing.stdout.on('data', (chunk: Buffer) => (out += chunk))
    failing.stderr.on('data', (chunk: Buffer) => (error += chunk))
    expect(await new Promise((resolve) => failing.once('close', resolve))).toBe(1)
    expect(out).toBe('')
    expect(error).toContain(sentence)
  })
})
