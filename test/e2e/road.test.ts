import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Block } from '../../sandbox/slack/client-api.ts'
import type { RequestRecord } from '../../sandbox/slack/request-log.ts'
import { people, type Road, startRoad, textOf, until } from './muster.ts'

const { dana, robin, mei } = people
let road: Road
let channel: string

beforeAll(async () => {
  road = await startRoad()
  // Long enough that calls which could overlap do.
  road.sandbox.slack.faults.add({ kind: 'latency', method: '*', ms: 150 })
  const answer = await road.alertmanager({
    ...{ name: 'Checkout is slow', service: 'shipping', labels: { namespace: 'robot-shop', job: 'shop' } },
  })
  expect(answer.status).toBe(202)
  channel = (await until('the channel', () => road.incidentChannel(1))).id
  await road.settled()
})
afterAll(() => road.stop())

const summary = () =>
  road.messages(channel).find(({ ts }) => road.channels().some(({ pins }) => pins.some((pin) => pin.ts === ts)))!
const button = (command: string) => {
  const { ts, blocks = [] } = summary()
  const block = blocks.find(({ elements }) =>
    (elements as { value?: string }[] | undefined)?.some(({ value }) => value === command),
  ) as Block & { elements: { value: string; action_id: string; type: string }[] }
  const element = block.elements.find(({ value }) => value === command)!
  return { in: { channel, ts }, action: { ...element, block_id: block.block_id! } }
}
const click = (as: string, command: string) => road.act({ type: 'block_action', as, ...button(command) })
/** What the last ephemeral message said to somebody. */
const toldTo = (person: string) =>
  textOf(
    road
      .messages()
      .filter(({ onlyFor }) => onlyFor === person)
      .at(-1),
  )
const log = () => road.muster.store.events('INC-1')

/** How many calls had to wait for the one before: a call that begins after another has ended may have needed it. */
const depthOf = (calls: RequestRecord[]): number => {
  const depths: { end: number; depth: number }[] = []
  for (const { at, ms } of calls.sort((a, b) => a.at - b.at))
    depths.push({
      end: at + ms,
      depth: 1 + Math.max(0, ...depths.filter(({ end }) => end <= at).map(({ depth }) => depth)),
    })
  return Math.max(...depths.map(({ depth }) => depth))
}

describe('from the alert to a pinned summary', () => {
  test('takes three rounds of Slack calls: the channel, then everything in parallel, then the pin', () => {
    const calls = road.sandbox.slack.requests.latest().reverse()
    const pin = calls.find(({ method }) => method === 'pins.add')!
    const road3 = calls.filter(({ at, method }) => at <= pin.at && method !== 'apps.connections.open')
    expect(road3.map(({ method }) => method)).toEqual(expect.arrayContaining(['conversations.create', 'pins.add']))
    // Whom to invite is PagerDuty's to say, beside Slack's road to the summary.
    expect(depthOf(road3.filter(({ method }) => /create|chat\.postMessage|pins|Topic/.test(method)))).toBe(3)
  })

  test('invites the person on call and suggests them as commander', () => {
    const { members } = road.channels().find(({ id }) => id === channel)!
    expect(members).toContain(people.olena)
    expect(textOf(summary())).toContain(`suggested: <@${people.olena}>, on call for Shipping (level 1)`)
  })

  test('the summary shows what is known', async () => {
    const said = summary()
      .blocks!.filter(({ type }) => type !== 'actions')
      .map((block) => textOf({ text: '', blocks: [block] }))
      .join('')
      .replaceAll(/<!date[^>]*>/g, '<date>')
      .replaceAll(/between .* UTC\./g, 'between <from> and <to>.')
      .replaceAll(/as of \d\d:\d\d/g, 'as of <time>')
      .replaceAll(/http:\/\/127[^|]*/g, '<address>')
    await expect(said).toMatchFileSnapshot('summary.snap')
  })

  test('the announcement says where, once, and is the only public message', () => {
    const announced = road
      .messages(road.channelNamed('incidents')!.id)
      .filter(({ byApp, subtype }) => byApp && !subtype)
    expect(announced).toHaveLength(1)
    expect(textOf(announced[0])).toContain(`<#${channel}>`)
  })

  test('the channel has its topic and bookmarks', () => {
    const { topic, bookmarks } = road.channels().find(({ id }) => id === channel)!
    expect(topic.value).toContain('Checkout is slow')
    expect(bookmarks.map(({ title }) => title)).toContain('Timeline and postmortem')
  })
})

describe('buttons, forms and text', () => {
  beforeAll(() => road.sandbox.slack.faults.clear())

  test('a button opens its form for the person who clicked, and an invalid value is reported at its field', async () => {
    expect(await click(dana, 'severity')).toEqual({ ok: true })
    const modal = await until('the form', () => road.sandbox.slack.dump().modals.find(({ user }) => user === dana))
    const choose = (value: string) =>
      road.act({
        type: 'submit_modal',
        as: dana,
        modal: modal.id,
        state: {
          severity: {
            value: { type: 'static_select', selected_option: { value, text: { type: 'plain_text', text: '' } } },
          },
        },
      })
    await choose('sev1')
    await road.settled()
    expect(road.sandbox.slack.dump().modals.filter(({ user }) => user === dana)).toEqual([])
    expect((await road.muster.store.read('INC-1'))?.severity).toBe('sev1')
    expect(textOf(summary())).toContain('SEV1')
  })

  test('an incomplete form is returned with the reason, and nothing is recorded', async () => {
    await click(dana, 'update')
    const modal = await until('the form', () => road.sandbox.slack.dump().modals.find(({ user }) => user === dana))
    const before = (await log()).length
    await road.act({
      type: 'submit_modal',
      as: dana,
      modal: modal.id,
      state: { text: { value: { type: 'plain_text_input', value: '   ' } } },
    })
    const after = road.sandbox.slack.dump().modals.find(({ user }) => user === dana)!
    expect(Object.keys(after.errors)).toEqual(['text'])
    expect((await log()).length).toBe(before)
    await road.act({ type: 'close_modal', as: dana, modal: modal.id })
  })

  test('command is taken by typing, and the channel is notified', async () => {
    await road.command(robin, channel, 'assign commander me')
    await road.settled()
    expect(toldTo(robin)).toContain('You are now *Commander*')
    expect(textOf(summary())).toContain(`Commander <@${robin}>`)
    expect(road.channels().find(({ id }) => id === channel)!.members).toContain(robin)
  })

  test('a command in the wrong place says where it works, visible to that person only', async () => {
    const general = road.channelNamed('general')!.id
    await road.command(mei, general, 'resolve')
    await until('the answer', () => toldTo(mei).includes('/incident list'))
    expect(road.messages(general).filter(({ byApp, onlyFor }) => byApp && !onlyFor)).toEqual([])
  })

  test('an unknown sub-command is answered with the closest match', async () => {
    await road.command(mei, channel, 'reslove')
    await until('the answer', () => toldTo(mei).includes('Did you mean `/incident resolve`?'))
  })

  test("the time of a back-dated note is parsed in the person's own time zone", async () => {
    // Tokyo is nine hours ahead, all year.
    await road.command(mei, channel, 'note 2026-01-05 08:06 new image deployed')
    await road.settled()
    const noted = (await log()).find((event) => event.type === 'noted' && event.text === 'new image deployed')
    expect(noted).toMatchObject({ by: mei, at: Date.UTC(2026, 0, 4, 23, 6) })
  })

  test('a message marked with a pushpin is recorded at the time it was written, and gets a check mark', async () => {
    await road.act({ type: 'message', as: robin, channel, text: 'CPU is at 100%' })
    const { ts } = road.messages(channel).find(({ text }) => text === 'CPU is at 100%')!
    for (const as of [dana, mei]) await road.act({ type: 'reaction', as, channel, ts, name: 'pushpin' })
    await until('the tick', () =>
      road
        .messages(channel)
        .find((message) => message.ts === ts)!
        .reactions.some(({ name }) => name === 'white_check_mark'),
    )
    await road.settled()
    const kept = (await log()).filter((event) => event.type === 'noted' && event.text === 'CPU is at 100%')
    expect(kept).toEqual([expect.objectContaining({ by: robin, at: Math.round(Number(ts) * 1000) })])
    expect(kept[0]).toHaveProperty('link', expect.stringMatching(/^https?:/))
  })

  test('a message can also be recorded from its menu', async () => {
    await road.act({ type: 'message', as: robin, channel, text: 'rolled back' })
    const { ts } = road.messages(channel).find(({ text }) => text === 'rolled back')!
    await road.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
    await road.settled()
    const kept = (await log()).filter((event) => event.type === 'noted' && event.text === 'rolled back')
    expect(kept).toMatchObject([{ by: robin }])
  })

  test('resolving drafts the postmortem and shares it with working links', async () => {
    await road.command(robin, channel, 'resolve rolled back to the old image')
    await road.settled()
    const shared = road.messages(channel).find((message) => message.text.includes('is ready'))
    const [, address] = /<(http[^|]+\.html[^|]+)\|Read it>/.exec(textOf(shared)) ?? []
    const page = await fetch(address!.replaceAll('&amp;', '&'))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('rolled back to the old image')
    expect(textOf(summary())).toContain('Outcome: rolled back to the old image')
  })
})
