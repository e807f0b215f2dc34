import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { people, startWorld, textOf, until, type World } from './stack.ts'

const { dana, robin, mei } = people
/** In the title and in everything people write. */
const MARKER = /zebrafish/i

type Sent = { request?: { path?: string; body?: unknown }; chunk?: unknown }

/** Every request that the process makes: PagerDuty, Prometheus, Loki, Grafana, webhooks; and Slack's, under `/api/`. */
const tapFetch = () => {
  const sent: string[] = []
  const note = (message: unknown) => {
    const { request, chunk } = message as Sent
    sent.push(`${request?.path ?? ''} ${chunk === undefined ? '' : Buffer.from(chunk as Uint8Array).toString()}`)
  }
  const channels = ['undici:request:create', 'undici:request:bodyChunkSent']
  for (const channel of channels) subscribe(channel, note)
  onTestFinished(() => {
    for (const channel of channels) unsubscribe(channel, note)
  })
  return sent
}

const start = async (options: Parameters<typeof startWorld>[0] = {}) => {
  const world = await startWorld(options)
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const muster = await startMuster(world.config(), { log })
  onTestFinished(async () => {
    await muster.stop()
    await world.stop()
  })
  const settled = async () => {
    await world.sandbox.pagerduty.settled()
    await world.sandbox.slack.settled()
    await muster.settled()
  }
  const incident = async () => (await muster.store.read('INC-1'))!
  return { ...world, muster, lines, settled, incident }
}

/** Calls to Slack that carried the marker to anybody but these people and places. */
const leaksIn = (world: World, allowed: readonly string[]): string[] =>
  world.sandbox.slack.requests
    .latest()
    .filter(({ method, request }) => MARKER.test(request) && method !== 'conversations.create')
    .filter(({ request }) => !allowed.some((id) => request.replaceAll('%22', '"').includes(id)))
    .map(({ method, request }) => `${method} ${request.slice(0, 300)}`)

test('nothing about a private incident leaks: not in Slack, other systems, the log or the metrics', async () => {
  const fetched = tapFetch()
  const stack = await start({
    file: {
      slack: { stakeholders: ['#engineering'] },
      outgoing: {
        // Nobody listens there; what is sent is seen all the same.
        hub: { url: 'http://127.0.0.1:9/hub', actionItems: true },
        page: { type: 'statuspage', url: 'http://127.0.0.1:9', page: 'p1', publish: 'opening' },
      },
      rules: [
        { name: 'loud', when: { severity: 'sev1' }, do: { announce: { channel: '#engineering', text: 'news' } } },
      ],
    },
    env: { OUTGOING_WEBHOOK_SECRET: 'a secret that is long enough', STATUSPAGE_API_KEY: 'sp-key' },
  })
  const general = stack.channelNamed('general')!.id
  await stack.command(dana, general, 'declare --private sev1 Zebrafish in the payment service')
  await until('the summary', async () => (await stack.incident())?.messages.summary)
  await stack.settled()
  const { id: channel } = (await stack.incident()).channel!
  expect(stack.channels().find(({ id }) => id === channel)?.kind).toBe('private')

  for (const text of [
    'update the zebrafish is contained',
    'note zebrafish seen at the gate',
    'impact zebrafish everywhere',
    'action catch the zebrafish',
    'severity sev2 fewer zebrafish',
    `assign operations <@${robin}>`,
    'page payment bring a net for the zebrafish',
    'title Zebrafish again',
    'evidence',
    'mitigated zebrafish asleep',
    'resolve zebrafish caught',
    'postmortem links',
  ])
    await stack.command(dana, channel, text)
  await stack.settled()
  await stack.act({ type: 'message', as: robin, channel, text: 'zebrafish picture' })
  const { ts } = await until('the message', () =>
    stack.messages(channel).find(({ text }) => text === 'zebrafish picture'),
  )
  await stack.act({ type: 'reaction', as: robin, channel, ts, name: 'pushpin' })
  await stack.settled()
  // Others look for it everywhere.
  for (const text of [
    'list',
    'list all',
    'timeline INC-1',
    'note INC-1 hello',
    'postmortem INC-1',
    'merge INC-1 INC-2',
    'find payment service',
    'similar INC-1',
    'insights',
    'playbook payment',
    'subscribe INC-1',
    'update INC-1 hello',
    'handover INC-1 <@U0DANA0001>',
    'page INC-1 payment',
    'action INC-1 net',
    'cause INC-1 payment',
    'channel INC-1 keep',
    'private INC-1',
    'help',
  ])
    await stack.command(mei, general, text)
  await stack.act({ type: 'message', as: mei, channel: general, text: 'we need a net' })
  const elsewhere = stack.messages(general).findLast(({ user }) => user === mei)!
  await stack.act({
    type: 'shortcut',
    as: mei,
    callbackId: 'make_action_item',
    message: { channel: general, ts: elsewhere.ts },
  })
  await stack.muster.remind()
  await stack.settled()
  await stack.act({ type: 'open_home', as: mei })
  await stack.act({ type: 'open_home', as: dana })
  await until('both Home tabs', () => stack.sandbox.slack.dump().homes.length === 2)
  await stack.settled()

  const stored = await stack.incident()
  expect(stored).toMatchObject({ title: 'Zebrafish again', status: 'resolved', failures: {} })
  const bot = stack.sandbox.slack.dump().channels.filter(({ kind, members }) => kind === 'dm' && !members.includes(mei))
  const insiders = [channel, `"${dana}"`, `"${robin}"`, `user=${dana}`, `user_id=${dana}`, ...bot.map(({ id }) => id)]
  expect(leaksIn(stack, insiders)).toEqual([])
  expect(JSON.stringify(stack.sandbox.slack.dump().homes.find(({ user }) => user === mei))).not.toMatch(MARKER)
  const outside = stack.messages().filter((message) => message.channel !== channel && message.onlyFor !== dana)
  expect(
    outside
      .filter((one) => one.byApp && !bot.some(({ id }) => id === one.channel))
      .map(textOf)
      .join('\n'),
  ).not.toMatch(MARKER)
  expect(fetched.filter((line) => /query_range/.test(line))).not.toEqual([])
  expect(fetched.filter((line) => MARKER.test(line) && !line.startsWith('/api/'))).toEqual([])
  expect(JSON.stringify(stack.sandbox.pagerduty.state())).not.toMatch(MARKER)
  expect(stack.lines.length).toBeGreaterThan(20)
  expect(stack.lines.filter((line) => MARKER.test(line))).toEqual([])
  expect(await (await stack.inside('/metrics')).text()).not.toMatch(MARKER)
})

test("an incident that becomes private moves to a private channel, and Muster's public messages about it are removed", async () => {
  const stack = await start({ file: {} })
  const general = stack.channelNamed('general')!.id
  await stack.command(dana, general, 'declare sev2 Zebrafish in the payment service')
  const { id: before } = await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  for (const as of [mei, robin]) await stack.act({ type: 'join', as, channel: before })
  await stack.command(robin, before, 'assign commander me')
  await stack.command(dana, before, 'update the zebrafish is contained')
  await stack.command(dana, before, 'resolve caught')
  await stack.command(dana, before, 'postmortem links')
  await stack.settled()
  const incidents = stack.channelNamed('incidents')!.id
  expect(stack.messages(incidents).map(textOf).join('\n')).toMatch(MARKER)
  const link = /https?:\/\/[^\s|>]+postmortem\.html\?[^\s|>)]+/
    .exec(stack.messages(before).map(textOf).join('\n'))![0]
    .replaceAll('&amp;', '&')
  expect((await fetch(link)).status).toBe(200)

  // Twice, as impatient people do.
  await Promise.all([
    stack.command(dana, before, 'private customer data'),
    stack.command(robin, before, 'private it leaks'),
  ])
  await stack.settled()
  const { channel, people: inside } = await stack.incident()
  const now = stack.channels().find(({ id }) => id === channel!.id)!
  expect(now).toMatchObject({ kind: 'private', archived: false })
  expect([...inside].sort()).toEqual([dana, robin].sort())
  expect(now.members).not.toContain(mei)
  const old = stack.channels().find(({ id }) => id === before)!
  expect(old).toMatchObject({ archived: true, name: 'moved-inc-1', topic: { value: '' } })
  const own = stack
    .messages()
    .filter(({ byApp, channel: where, onlyFor, subtype }) => byApp && !onlyFor && !subtype && where !== channel!.id)
  const dms = new Set(
    stack
      .channels()
      .filter(({ kind }) => kind === 'dm')
      .map(({ id }) => id),
  )
  expect(
    own
      .filter(({ channel: where }) => !dms.has(where))
      .map(textOf)
      .join('\n'),
  ).not.toMatch(MARKER)
  expect(stack.channels().filter(({ name }) => /zebrafish/.test(name))).toHaveLength(1)
  expect((await fetch(link)).status).toBe(403)
  expect((await stack.incident()).failures).toEqual({})
})

test('keeps a channel that somebody has already made private in Slack', async () => {
  const stack = await start()
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare Zebrafish')
  const { id } = await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  stack.sandbox.slack.workspace.channels.get(id)!.kind = 'private'
  await stack.command(dana, id, 'private customer data')
  await stack.settled()
  expect((await stack.incident()).channel?.id).toBe(id)
  expect(stack.channels().find((channel) => channel.id === id)).toMatchObject({ archived: false })
  expect(stack.messages(stack.channelNamed('incidents')!.id).filter(({ byApp, subtype }) => byApp && !subtype)).toEqual(
    [],
  )
})

test('a non-member asks for access repeatedly; the reply discloses nothing, and a member lets them in', async () => {
  const stack = await start()
  const general = stack.channelNamed('general')!.id
  await stack.command(dana, general, 'declare --private Zebrafish')
  await until('the summary', async () => (await stack.incident())?.messages.summary)
  for (const id of ['INC-1', 'INC-1', 'INC-99']) await stack.command(mei, general, `access ${id}`)
  await stack.settled()
  const answers = stack
    .messages(general)
    .filter(({ onlyFor }) => onlyFor === mei)
    .map(({ text }) => text)
  expect(new Set(answers.map((text) => text.replace(/INC-\d+/g, 'INC')))).toHaveProperty('size', 1)
  const { channel } = await stack.incident()
  const requests = stack.messages(channel!.id).filter(({ text }) => text.includes('asks to be let into'))
  expect(requests).toHaveLength(1)
  expect(stack.channels().find(({ id }) => id === channel!.id)!.members).not.toContain(mei)

  await stack.command(dana, channel!.id, `access <@${mei}>`)
  await stack.settled()
  expect(stack.channels().find(({ id }) => id === channel!.id)!.members).toContain(mei)
})

test('a drill is marked everywhere, pages nobody and is excluded from statistics', async () => {
  const stack = await start()
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare \u2014drill sev1 Failover of payment')
  await until('the announcement', async () => (await stack.incident())?.messages.announcement)
  await stack.settled()
  const { channel, drill, service } = await stack.incident()
  expect({ drill, service }).toEqual({ drill: true, service: 'payment' })
  const found = stack.channels().find(({ id }) => id === channel!.id)!
  expect(found.name).toMatch(/^drill-inc-1-/)
  expect(found.topic.value).toMatch(/^DRILL/)
  expect(textOf(stack.messages(found.id).find(({ ts }) => found.pins.some((pin) => pin.ts === ts)))).toContain('DRILL')
  const announced = stack.messages(stack.channelNamed('incidents')!.id).find(({ byApp }) => byApp)
  expect(announced?.text).toMatch(/^Drill: /)
  expect(textOf(announced)).toContain('(drill)')
  await stack.command(dana, found.id, 'page payment')
  await stack.command(dana, found.id, 'resolve done')
  await stack.settled()
  expect(stack.sandbox.pagerduty.state().incidents).toEqual([])
  expect(textOf(stack.messages(found.id).find(({ text }) => text.includes('postmortem draft of')))).toContain('Drill: ')
  expect(await (await stack.inside('/metrics')).text()).not.toMatch(/^muster_incidents_total\{.*\} [1-9]/m)
})
