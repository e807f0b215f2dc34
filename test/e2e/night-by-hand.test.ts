import { expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'
import { slackActs } from './slack-acts.ts'
import { people, textOf, until } from './stack.ts'

const { robin, mei, priya, sam } = people
const MINUTE = 60_000

test('an evening declared by hand: pages unanswered at first, a handover in the middle, a late joiner, and a reader of #incidents', {
  timeout: 240_000,
}, async () => {
  await using stage = await startSandboxed({
    file: { paging: { escalateTo: [priya] }, evidence: { timeoutSeconds: 25 } },
    startAt: Date.now() + 2 * 86_400_000,
  })
  const { sandbox, muster, clock, settled } = stage
  // The metrics and logs of the story; its people stay silent, and this test acts for them.
  const begun = sandbox.play('quivering-queue', settled, undefined, { alone: true }).anchor()
  const messages = (channel?: string) =>
    sandbox.slack.dump().messages.filter((one) => channel === undefined || one.channel === channel)
  const slack = slackActs({
    sandbox,
    settled,
    act: (given: never) => sandbox.slack.act(given),
    command: (as: string, channel: string, text: string) =>
      sandbox.slack.act({ type: 'command', as, channel, command: '/incident', text }),
    messages,
    channels: () => sandbox.slack.dump().channels,
  } as never)
  const named = (name: string) => sandbox.slack.dump().channels.find((one) => one.name === name)!.id
  /** The clock stands at this minute of the evening, and everything due by then has happened. */
  const minute = async (at: number) => {
    clock.jumpTo(begun + at * MINUTE)
    await muster.catchUp()
    await settled()
  }
  const incident = async () => (await muster.store.read('INC-1'))!
  const atPagerduty = () => sandbox.pagerduty.state().incidents
  const answer = (id: string, handle: string) =>
    fetch(`${sandbox.pagerduty.url}/incidents/${id}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        authorization: 'Token token=sandbox-pagerduty-token',
        from: `${handle}@shop.example`,
      },
      body: JSON.stringify({ incident: { type: 'incident_reference', status: 'acknowledged' } }),
    })
  const pages = async () => (await incident()).paging ?? []
  const events = async (type: string) => (await muster.store.events('INC-1')).filter((one) => one.type === type)

  await minute(0.5)
  await slack.type(robin, named('engineering'), 'declare sev2 Customers cannot pay: Payment returns 5xx')
  const channel = (await until('the channel', async () => (await incident())?.channel)).id
  const say = (as: string, text: string) => slack.type(as, channel, text)
  const inChannel = () => messages(channel).map(textOf).join('\n')
  const summary = async () => {
    const { ts } = (await incident()).messages.summary!
    return textOf(messages(channel).find((one) => one.ts === ts))
  }
  const card = async () => {
    const { ts } = (await incident()).messages.announcement!
    return textOf(messages(named('incidents')).find((one) => one.ts === ts))
  }
  await until('the card', async () => (await incident()).messages.announcement)
  expect(await card()).toMatch(/Investigating .* nobody in command yet .* Payment[\s\S]*Next update by/)
  await say(robin, 'claim commander')
  await say(robin, 'impact one in six customers cannot pay')
  await say(robin, 'note Payment logs AMQP handshake time-outs; RabbitMQ itself is up')
  // Who only reads #incidents sees what it means for customers, and when there is more.
  await until('the impact', async () => (await card()).includes('Impact: one in six customers cannot pay'))

  sandbox.pagerduty.account.services.find(({ id }) => id === 'PSVCRMQ')!.onCall.push('dana')
  await say(robin, 'page rabbitmq the broker is flooded')
  const page = await until('the page', async () => (await pages()).find(({ sentAt }) => sentAt))
  await until('the summary', async () => /paged .*no answer yet/.test(await summary()))
  await minute(7)
  await until('the announcement', async () => (await events('page_unanswered')).length === 1)
  await settled()
  const announced = messages(channel).find(({ text }) => text.includes('Nobody has answered the page'))!
  expect(announced.text).toMatch(/at <!date.* Muster pages level 2 of the on-call for RabbitMQ/)
  // Somebody is in command already.
  expect(textOf(announced)).not.toContain('Take command')
  expect(await summary()).toMatch(/no answer for \d+ min\*; next: level 2 of the on-call for RabbitMQ at /)
  await minute(8.5)
  const [escalated] = await until('the escalation', async () => {
    const found = await events('page_escalated')
    return found.length > 0 && found
  })
  expect(escalated).toMatchObject({ by: 'muster', page: page.id, level: 2 })
  expect((escalated!.at - begun) / MINUTE).toBeCloseTo(8.5, 0)
  await until('Dana', () => atPagerduty()[0]?.assignees.some(({ handle }) => handle === 'dana'))
  await settled()
  expect(inChannel()).toContain('Page escalated to level 2 of the on-call for RabbitMQ')
  await until('the level on the summary', async () => (await summary()).includes('(level 2)'))
  await answer(atPagerduty()[0]!.id as string, 'dana')
  await until('the answer', async () => /acknowledged .*by Dana/.test(await summary()))
  expect(inChannel()).toContain('Dana Whitfield acknowledged the page')

  // Somebody else is not needed after all: one button stops the next escalation, for good.
  await minute(10)
  await say(robin, `page <@${mei}> for the orders`)
  await until('the second page', async () => (await pages())[1]?.sentAt)
  await minute(16)
  const second = await until('its announcement', () =>
    messages(channel).findLast(({ ts, text }) => ts !== announced.ts && text.includes('Nobody has answered the page')),
  )
  expect(second.text).toContain(`Muster pages <@${priya}>`)
  await Promise.all([slack.click(robin, second, 'Do not escalate'), slack.click(robin, second, 'Do not escalate')])
  expect(await events('page_escalation_stopped')).toMatchObject([{ by: robin }])
  expect(inChannel()).toContain(`<@${robin}> stopped`)
  await until('the summary', async () => (await summary()).includes('escalation stopped'))
  await minute(20)
  expect((await pages()).map(({ responder }) => responder)).toEqual([undefined, mei])

  // The cause is found, and Robin's shift ends in the middle.
  await say(robin, 'status identified')
  await say(robin, 'update An unknown job floods the broker; we stop it')
  await until('the card', async () => /Cause identified[\s\S]*An unknown job floods the broker/.test(await card()))
  await say(robin, `handover <@${priya}> --all my shift ends`)
  const packet = await until('the packet', () =>
    slack.directTo(priya).find((one) => textOf(one).includes('my shift ends')),
  )
  for (const part of [
    'Customers cannot pay',
    'Impact: one in six customers cannot pay',
    'AMQP handshake time-outs',
    'An unknown job floods the broker',
    'Suspects: ',
    'Next: update due by',
  ])
    expect(textOf(packet)).toContain(part)
  expect((await incident()).roles.commander).toBe(robin)
  await slack.click(priya, packet, 'Accept')
  await until('the new commander', async () => (await incident()).roles.commander === priya)
  await until('the card', async () => (await card()).includes(`commander <@${priya}>`))

  await slack.act({ type: 'join', as: sam, channel })
  const briefing = await until('the briefing', () =>
    messages(channel).find((one) => one.onlyFor === sam && textOf(one).includes('You joined')),
  )
  for (const part of [
    'Impact: one in six customers cannot pay',
    `<@${priya}>`,
    'An unknown job floods the broker',
    'Suspects: ',
    'AMQP handshake time-outs',
    'update due by',
  ])
    expect(textOf(briefing)).toContain(part)
  expect(messages().filter((one) => one.onlyFor === priya && textOf(one).includes('You joined'))).toEqual([])

  await say(priya, 'status mitigated')
  await until('the card', async () => (await card()).includes('Mitigated'))
  await say(priya, 'resolve RabbitMQ has six replicas; the job has ended')
  await until('the end on the card', async () => (await card()).includes('Resolved'))
  // Over: nothing is promised any more, and what was said stands below the card.
  expect(await card()).not.toContain('Next update by')
  const cardTs = (await incident()).messages.announcement!.ts
  const below = messages(named('incidents')).filter(({ threadTs, ts }) => threadTs === cardTs && ts !== cardTs)
  expect(below.map(textOf).join('\n')).toMatch(
    /An unknown job floods the broker[\s\S]*\*Resolved\* .* after it was declared/,
  )
  await until('the end of the pages', () => atPagerduty().every(({ status }) => status === 'resolved'))
  expect((await incident()).failures).toEqual({})
})
