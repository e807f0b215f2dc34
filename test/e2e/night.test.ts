import { expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'
import { people, textOf, until } from './stack.ts'

const { dana, robin, mei, sam } = people

test('a night with nobody answering at first, a handover, a late joiner and somebody who only reads #incidents', {
  timeout: 180_000,
}, async () => {
  const file = { evidence: { timeoutSeconds: 25 }, paging: { escalateTo: [robin] } }
  await using stage = await startSandboxed({ file, startAt: Date.now() + 2 * 86_400_000 })
  const { sandbox, muster, clock, settled } = stage
  const player = sandbox.play('connection-collapse', settled, undefined, { alone: true, catchUp: muster.catchUp })
  player.setSpeed(0)
  player.play()
  await player.finished
  await player.finished
  await settled()
  const incident = async () => (await muster.store.read('INC-1'))!
  // Nobody has answered: Muster has found the culprit alone.
  expect((await incident()).milestones.acknowledged).toBeUndefined()

  const channel = (await incident()).channel!.id
  const type = async (as: string, text: string) => {
    await sandbox.slack.act({ type: 'command', as, channel, command: '/incident', text })
    await settled()
  }
  const messages = () => sandbox.slack.dump().messages
  const inChannel = () => textsIn(channel)
  const textsIn = (place: string) =>
    messages()
      .filter((one) => one.channel === place)
      .map(textOf)
      .join('\n')
  const summary = async () => {
    const { ts } = (await incident()).messages.summary!
    return textOf(messages().find((one) => one.ts === ts))
  }
  const happened = (kind: string) =>
    until(kind, async () => (await muster.store.events('INC-1')).findLast(({ type: one }) => one === kind))
  const directTo = (person: string) => {
    const { channels } = sandbox.slack.dump()
    const mine = channels.filter(({ kind, members }) => kind === 'dm' && members.includes(person)).map(({ id }) => id)
    return messages().filter((message) => mine.includes(message.channel))
  }

  // Nobody took command, so Muster paged who is on call; without an answer either, it is announced who is next.
  const page = await until('the page', async () => (await incident()).paging?.find(({ sentAt }) => sentAt))
  expect(inChannel()).toContain('pages who is on call for Shipping: Nobody is in command of INC-1.')
  await until('the page on the summary', async () =>
    /paged .*on call for Shipping.* no answer yet/.test(await summary()),
  )
  const pass = async (minutes: number) => {
    clock.jumpTo(clock.now() + minutes * 60_000)
    await muster.catchUp()
    await settled()
  }
  await pass(6)
  const unanswered = await happened('page_unanswered')
  expect(unanswered).toMatchObject({ by: 'muster', page: page.id, next: `<@${robin}>` })
  await settled()
  expect(inChannel()).toMatch(new RegExp(`Nobody has answered the page; at <!date.* Muster pages <@${robin}>`))
  expect(await summary()).toMatch(new RegExp(`no answer for \\d+ min.*next: <@${robin}> at <!date`))
  await pass(2)
  const escalated = await happened('page_escalated')
  expect(escalated).toMatchObject({ by: 'muster', page: page.id, to: `<@${robin}>` })
  expect(escalated.at).toBeGreaterThan(unanswered.at)
  await until('Robin to be paged', async () =>
    (await incident()).paging?.some(({ responder, sentAt }) => responder === robin && sentAt),
  )
  await type(dana, 'claim commander')
  await type(robin, 'note killed the idle connections, which holds for a while')
  await type(dana, 'update the connections of the database are at their limit')
  await type(dana, `handover <@${mei}> my shift ends`)

  // Whoever is to take over sees the suspects and the latest chart.
  const packet = await until('the packet', () => directTo(mei).find((one) => textOf(one).includes('my shift ends')))
  expect(textOf(packet)).toMatch(/Suspects: [\s\S]*mysql/)
  expect(textOf(packet)).toContain('killed the idle connections')
  expect(packet.blocks?.some(({ type: kind }) => kind === 'image')).toBe(true)
  const row = packet.blocks!.find(({ type: kind }) => kind === 'actions') as never as {
    block_id: string
    elements: { type: string; action_id: string; value: string }[]
  }
  const [accept] = row.elements
  const place = { channel: packet.channel, ts: packet.ts }
  await sandbox.slack.act({ type: 'block_action', as: mei, in: place, action: { ...accept!, block_id: row.block_id } })
  await until('the new commander', async () => (await incident()).roles.commander === mei)

  await sandbox.slack.act({ type: 'join', as: sam, channel })
  const briefing = await until('the briefing', () =>
    messages().find((one) => one.onlyFor === sam && textOf(one).includes('You joined')),
  )
  for (const part of ['mysql', 'killed the idle connections', `<@${mei}>`, 'the connections of the database'])
    expect(textOf(briefing)).toContain(part)

  await type(mei, 'resolve proper pool settings are deployed')
  // Whoever only reads #incidents finds the end on the card and the update below it.
  const card = (await incident()).messages.announcement!
  const shown = () => textOf(messages().find(({ ts }) => ts === card.ts))
  await until('the end on the card', () => shown().includes('Resolved'))
  const below = messages().filter(({ threadTs, ts }) => threadTs === card.ts && ts !== card.ts)
  expect(below.map(textOf).join('\n')).toContain('the connections of the database are at their limit')
})
