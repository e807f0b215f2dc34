import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { people, startWorld, textOf, until, type World } from './muster.ts'

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
  const road = await start()
  const general = road.channelNamed('general')!.id
  await road.command(dana, general, 'declare --private sev1 Zebrafish in the payment service')
  await until('the summary', async () => (await road.incident())?.messages.summary)
  await road.settled()
  const { id: channel } = (await road.incident()).channel!
  expect(road.channels().find(({ id }) => id === channel)?.kind).toBe('private')

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
    await road.command(dana, channel, text)
  await road.settled()
  await road.act({ type: 'message', as: robin, channel, text: 'zebrafish picture' })
  const { ts } = await until('the message', () =>
    road.messages(channel).find(({ text }) => text === 'zebrafish picture'),
  )
  await road.act({ type: 'reaction', as: robin, channel, ts, name: 'pushpin' })
  await road.settled()
  // Others look for it everywhere.
  for (const text of [
    'list',
    'list all',
    'timeline INC-1',
    'note INC-1 hello',
    'postmortem INC-1',
    'merge INC-1 INC-2',
  ])
    await road.command(mei, general, text)
  await road.act({ type: 'open_home', as: mei })
  await road.act({ type: 'open_home', as: dana })
  await until('both Home tabs', () => road.sandbox.slack.dump().homes.length === 2)
  await road.settled()

  const stored = await road.incident()
  expect(stored).toMatchObject({ title: 'Zebrafish again', status: 'resolved', failures: {} })
  const bot = road.sandbox.slack.dump().channels.filter(({ kind, members }) => kind === 'dm' && !members.includes(mei))
  const insiders = [channel, `"${dana}"`, `"${robin}"`, `user=${dana}`, `user_id=${dana}`, ...bot.map(({ id }) => id)]
  expect(leaksIn(road, insiders)).toEqual([])
  expect(JSON.stringify(road.sandbox.slack.dump().homes.find(({ user }) => user === mei))).not.toMatch(MARKER)
  const outside = road.messages().filter((message) => message.channel !== channel && message.onlyFor !== dana)
  expect(
    outside
      .filter((one) => one.byApp && !bot.some(({ id }) => id === one.channel))
      .map(textOf)
      .join('\n'),
  ).not.toMatch(MARKER)
  expect(fetched.filter((line) => /query_range/.test(line))).not.toEqual([])
  expect(fetched.filter((line) => MARKER.test(line) && !line.startsWith('/api/'))).toEqual([])
  expect(JSON.stringify(road.sandbox.pagerduty.state())).not.toMatch(MARKER)
  expect(road.lines.length).toBeGreaterThan(20)
  expect(road.lines.filter((line) => MARKER.test(line))).toEqual([])
  expect(await (await road.inside('/metrics')).text()).not.toMatch(MARKER)
})

test("an incident that becomes private moves to a private channel, and Muster's public messages about it are removed", async () => {
  const road = await start({ file: {} })
  const general = road.channelNamed('general')!.id
  await road.command(dana, general, 'declare sev2 Zebrafish in the payment service')
  const { id: before } = await until('the channel', () => road.incidentChannel(1))
  await road.settled()
  for (const as of [mei, robin]) await road.act({ type: 'join', as, channel: before })
  await road.command(robin, before, 'assign commander me')
  await road.command(dana, before, 'update the zebrafish is contained')
  await road.command(dana, before, 'resolve caught')
  await road.command(dana, before, 'postmortem links')
  await road.settled()
  const incidents = road.channelNamed('incidents')!.id
  expect(road.messages(incidents).map(textOf).join('\n')).toMatch(MARKER)
  const link = /https?:\/\/[^\s|>]+postmortem\.html\?[^\s|>)]+/
    .exec(road.messages(before).map(textOf).join('\n'))![0]
    .replaceAll('&amp;', '&')
  expect((await fetch(link)).status).toBe(200)

  // Twice, as impatient people do.
  await Promise.all([
    road.command(dana, before, 'private customer data'),
    road.command(robin, before, 'private it leaks'),
  ])
  await road.settled()
  const { channel, people: inside } = await road.incident()
  const now = road.channels().find(({ id }) => id === channel!.id)!
  expect(now).toMatchObject({ kind: 'private', archived: false })
  expect([...inside].sort()).toEqual([dana, robin].sort())
  expect(now.members).not.toContain(mei)
  const old = road.channels().find(({ id }) => id === before)!
  expect(old).toMatchObject({ archived: true, name: 'moved-inc-1', topic: { value: '' } })
  const own = road
    .messages()
    .filter(({ byApp, channel: where, onlyFor, subtype }) => byApp && !onlyFor && !subtype && where !== channel!.id)
  const dms = new Set(
    road
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
  expect(road.channels().filter(({ name }) => /zebrafish/.test(name))).toHaveLength(1)
  expect((await fetch(link)).status).toBe(403)
  expect((await road.incident()).failures).toEqual({})
})

test('keeps a channel that somebody has already made private in Slack', async () => {
  const road = await start()
  await road.command(dana, road.channelNamed('general')!.id, 'declare Zebrafish')
  const { id } = await until('the channel', () => road.incidentChannel(1))
  await road.settled()
  road.sandbox.slack.workspace.channels.get(id)!.kind = 'private'
  await road.command(dana, id, 'private customer data')
  await road.settled()
  expect((await road.incident()).channel?.id).toBe(id)
  expect(road.channels().find((channel) => channel.id === id)).toMatchObject({ archived: false })
  expect(road.messages(road.channelNamed('incidents')!.id).filter(({ byApp, subtype }) => byApp && !subtype)).toEqual(
    [],
  )
})

test('a non-member asks for access repeatedly; the reply discloses nothing, and a member lets them in', async () => {
  const road = await start()
  const general = road.channelNamed('general')!.id
  await road.command(dana, general, 'declare --private Zebrafish')
  await until('the summary', async () => (await road.incident())?.messages.summary)
  for (const id of ['INC-1', 'INC-1', 'INC-99']) await road.command(mei, general, `access ${id}`)
  await road.settled()
  const answers = road
    .messages(general)
    .filter(({ onlyFor }) => onlyFor === mei)
    .map(({ text }) => text)
  expect(new Set(answers.map((text) => text.replace(/INC-\d+/g, 'INC')))).toHaveProperty('size', 1)
  const { channel } = await road.incident()
  const asked = road.messages(channel!.id).filter(({ text }) => text.includes('asks to be let into'))
  expect(asked).toHaveLength(1)
  expect(road.channels().find(({ id }) => id === channel!.id)!.members).not.toContain(mei)

  await road.command(dana, channel!.id, `access <@${mei}>`)
  await road.settled()
  expect(road.channels().find(({ id }) => id === channel!.id)!.members).toContain(mei)
})

test('a drill is marked everywhere, pages nobody and is excluded from statistics', async () => {
  const road = await start()
  await road.command(dana, road.channelNamed('general')!.id, 'declare \u2014drill sev1 Failover of payment')
  await until('the announcement', async () => (await road.incident())?.messages.announcement)
  await road.settled()
  const { channel, drill, service } = await road.incident()
  expect({ drill, service }).toEqual({ drill: true, service: 'payment' })
  const found = road.channels().find(({ id }) => id === channel!.id)!
  expect(found.name).toMatch(/^drill-inc-1-/)
  expect(found.topic.value).toMatch(/^DRILL/)
  expect(textOf(road.messages(found.id).find(({ ts }) => found.pins.some((pin) => pin.ts === ts)))).toContain('DRILL')
  const announced = road.messages(road.channelNamed('incidents')!.id).find(({ byApp }) => byApp)
  expect(announced?.text).toMatch(/^Drill: /)
  expect(textOf(announced)).toContain('(drill)')
  await road.command(dana, found.id, 'page payment')
  await road.command(dana, found.id, 'resolve done')
  await road.settled()
  expect(road.sandbox.pagerduty.state().incidents).toEqual([])
  expect(textOf(road.messages(found.id).find(({ text }) => text.includes('postmortem draft of')))).toContain('Drill: ')
  expect(await (await road.inside('/metrics')).text()).not.toMatch(/^muster_incidents_total\{.*\} [1-9]/m)
})
