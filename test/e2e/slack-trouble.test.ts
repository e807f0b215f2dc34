import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { people, startStack, startWorld, textOf, until, type WorldOptions } from './stack.ts'

/** Who is on call for it is paged by Muster itself. */
const TILL = { services: { till: { name: 'Till', pagerdutyService: 'PSVCPAY', pageOnDeclare: true } } }

const start = async (options: WorldOptions = {}) => {
  const stack = await startStack(options)
  onTestFinished(() => stack.stop())
  const summaryOf = (number: number) => {
    const channel = stack.incidentChannel(number)!
    return stack.messages(channel.id).find(({ ts }) => channel.pins.some((pin) => pin.ts === ts))
  }
  return { ...stack, summaryOf, calls: (method: string) => stack.sandbox.slack.requests.latest(method) }
}

test('an older workspace gets classic blocks, and newer ones are tried only once', async () => {
  const stack = await start({ slack: { supportsNewBlocks: false } })
  await stack.alertmanager({ name: 'First', service: 'one' })
  await stack.settled()
  await stack.alertmanager({ name: 'Second', service: 'two' })
  await stack.settled()
  const refused = [...stack.calls('chat.postMessage'), ...stack.calls('chat.update')].filter(
    ({ outcome }) => outcome === 'invalid_blocks',
  )
  expect(refused).toHaveLength(1)
  for (const number of [1, 2]) {
    expect(textOf(stack.summaryOf(number))).toContain('Set up: channel')
    expect((await stack.muster.store.read(`INC-${number}`))!.failures).toEqual({})
  }
})

test('in HTTP mode Slack is served on the webhook port, and unsigned requests are rejected', async () => {
  const stack = await start({ http: true })
  expect(await stack.sandbox.slack.verifyUrl()).toBe(true)
  await stack.alertmanager({ name: 'Checkout', service: 'shipping' })
  await stack.settled()
  const channel = stack.incidentChannel(1)!.id
  expect(await stack.command(people.olena, channel, 'assign commander me')).toEqual({ ok: true })
  await stack.act({ type: 'message', as: people.olena, channel, text: 'looking' })
  const { ts } = stack.messages(channel).find(({ text }) => text === 'looking')!
  await stack.act({ type: 'reaction', as: people.olena, channel, ts, name: 'pushpin' })
  await stack.settled()
  const types = (await stack.muster.store.events('INC-1')).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['role_assigned', 'noted']))

  const forged = await fetch(`${stack.musterUrl}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-signature': `v0=${'0'.repeat(64)}`,
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
    },
    body: 'command=/incident&text=resolve',
  })
  expect(forged.status).toBe(401)
})

test('Slack down when the alert arrives: the alert is accepted, the page is sent, and the rest follows once Slack is back', async () => {
  const stack = await start({ file: TILL })
  const { faults } = stack.sandbox.slack
  faults.add({ kind: 'cut', method: '*', when: 'before', times: 1_000 })
  const answer = await stack.alertmanager({ name: 'Till is down', service: 'till' })
  expect(answer.status).toBe(202)
  await until('the page', () => stack.sandbox.pagerduty.state().incidents.length === 1)
  expect(stack.incidentChannel(1)).toBeUndefined()
  faults.clear()
  await until('the summary', () => stack.incidentChannel(1)?.pins.length)
  await stack.settled()
  expect((await stack.muster.store.read('INC-1'))!.failures).toEqual({})
})

test('Slack down when Muster starts: alerts are accepted and people are paged', async () => {
  const world = await startWorld({ file: TILL })
  world.sandbox.slack.faults.add({ kind: 'cut', method: '*', when: 'before', times: 1_000 })
  const starting = startMuster(world.config(), { log: createLog('silent') })
  onTestFinished(async () => {
    await (await starting).stop()
    await world.stop()
  })
  await until('Muster to listen', () =>
    fetch(`${world.musterUrl}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  expect((await world.alertmanager({ name: 'Till is down', service: 'till' })).status).toBe(202)
  await until('the page', () => world.sandbox.pagerduty.state().incidents.length === 1)
  world.sandbox.slack.faults.clear()
  await starting
  expect(world.sandbox.slack.connections()).toBe(1)
  await until('the summary', () => world.incidentChannel(1)?.pins.length)
})

test('a missing scope is explained on the checklist, and a retry succeeds once it is granted', async () => {
  const manifest = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'))
  const { bot } = manifest.oauth_config.scopes as { bot: string[] }
  const lacking = { ...manifest, oauth_config: { scopes: { bot: bot.filter((scope) => scope !== 'pins:write') } } }
  const stack = await start({ slack: { manifest: lacking } })
  await stack.alertmanager({ name: 'Checkout', service: 'shipping' })
  await stack.settled()
  const channel = stack.incidentChannel(1)!
  const summary = () => stack.messages(channel.id).find(({ text }) => text.startsWith('INC-1'))
  expect(textOf(summary())).toContain(
    'the app lacks the scope pins:write; install it again with the scopes of manifest.yml',
  )
  expect(textOf(summary())).toContain('Try again')

  stack.sandbox.slack.grant('pins:write')
  await stack.command(people.olena, channel.id, 'retry')
  await stack.settled()
  expect(stack.incidentChannel(1)!.pins).toHaveLength(1)
  expect(textOf(summary())).toContain('Set up: channel')
})

test('a rate-limited channel does not delay another incident', async () => {
  const stack = await start()
  await stack.alertmanager({ name: 'First', service: 'one' })
  await stack.settled()
  const first = stack.incidentChannel(1)!
  await stack.act({ type: 'join', as: people.dana, channel: first.id })
  stack.sandbox.slack.faults.add({ kind: 'rate_limit', method: 'chat.postMessage', retryAfterS: 4 })
  await stack.command(people.dana, first.id, 'update still looking')
  await until('the refusal', () => stack.calls('chat.postMessage').some(({ outcome }) => outcome === 'ratelimited'))
  await stack.alertmanager({ name: 'Second', service: 'two' })
  await until('the other summary', () => stack.incidentChannel(2)?.pins.length)
  const posted = () => stack.messages(first.id).some((message) => textOf(message).includes(':mega:'))
  expect(posted()).toBe(false)
  await until('the update after all', posted)
})

test('a post whose response was lost is found and not sent again, even where the bot is not a member', async () => {
  const stack = await start()
  stack.sandbox.slack.faults.add({ kind: 'cut', method: 'chat.postMessage', when: 'after', times: 2 })
  await stack.alertmanager({ name: 'First', service: 'one' })
  await stack.settled()
  await until('the pin', () => stack.incidentChannel(1)?.pins.length)
  await stack.settled()
  const marks = stack.messages().flatMap(({ metadata }) => (metadata ? [JSON.stringify(metadata)] : []))
  expect(marks).toHaveLength(new Set(marks).size)
  // Both cut-off posts, the summary and the announcement, and whatever else was posted since.
  expect(marks.length).toBeGreaterThanOrEqual(2)
})

test('a bookmark whose answer was lost is not added twice, though its signed link has changed', async () => {
  const real = Date.now()
  let later = 0
  const stack = await start({ now: () => real + later++ * 1_000 })
  stack.sandbox.slack.faults.add({ kind: 'cut', method: 'bookmarks.add', when: 'after' })
  await stack.command(people.dana, stack.channelNamed('general')!.id, 'declare sev2 Login is broken')
  await stack.settled()
  await until('the second attempt', () => stack.calls('bookmarks.list').length > 0)
  await stack.settled()
  expect(stack.incidentChannel(1)!.bookmarks.map(({ title }) => title)).toEqual(['Timeline and postmortem'])
})
