import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Block } from '../../sandbox/slack/client-api.ts'
import type { RequestRecord } from '../../sandbox/slack/request-log.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
let stack: Stack
let channel: string

beforeAll(async () => {
  stack = await startStack()
  // Long enough that calls which could overlap do.
  stack.sandbox.slack.faults.add({ kind: 'latency', method: '*', ms: 150 })
  const answer = await stack.alertmanager({
    name: 'Checkout is slow',
    service: 'shipping',
    labels: { namespace: 'robot-shop', job: 'shop' },
  })
  expect(answer.status).toBe(202)
  channel = (await until('the channel', () => stack.incidentChannel(1))).id
  await stack.settled()
})
afterAll(() => stack.stop())

const summary = () =>
  stack.messages(channel).find(({ ts }) => stack.channels().some(({ pins }) => pins.some((pin) => pin.ts === ts)))!
const button = (command: string) => {
  const { ts, blocks = [] } = summary()
  const block = blocks.find(({ elements }) =>
    (elements as { value?: string }[] | undefined)?.some(({ value }) => value === command),
  ) as Block & { elements: { value: string; action_id: string; type: string }[] }
  const element = block.elements.find(({ value }) => value === command)!
  return { in: { channel, ts }, action: { ...element, block_id: block.block_id! } }
}
const click = (as: string, command: string) => stack.act({ type: 'block_action', as, ...button(command) })
/** What the last ephemeral message said to somebody. */
const toldTo = (person: string) =>
  textOf(
    stack
      .messages()
      .filter(({ onlyFor }) => onlyFor === person)
      .at(-1),
  )
const log = () => stack.muster.store.events('INC-1')

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
    const calls = stack.sandbox.slack.requests.latest().reverse()
    const pin = calls.find(({ method }) => method === 'pins.add')!
    const road3 = calls.filter(({ at, method }) => at <= pin.at && method !== 'apps.connections.open')
    expect(road3.map(({ method }) => method)).toEqual(expect.arrayContaining(['conversations.create', 'pins.add']))
    // Whom to invite is PagerDuty's to say, beside Slack's stack to the summary.
    expect(depthOf(road3.filter(({ method }) => /create|chat\.postMessage|pins|Topic/.test(method)))).toBe(3)
  })

  test('invites the person on call and suggests them as commander', () => {
    const { members } = stack.channels().find(({ id }) => id === channel)!
    expect(members).toContain(people.olena)
    expect(textOf(summary())).toContain(`suggested: <@${people.olena}>, on call for Shipping (level 1)`)
  })

  test('the summary shows what is known', async () => {
    const pinned = summary()
      .blocks!.filter(({ type }) => type !== 'actions')
      .map((block) => textOf({ text: '', blocks: [block] }))
      .join('')
      .replaceAll(/<!date[^>]*>/g, '<date>')
      .replaceAll(/between .* UTC\./g, 'between <from> and <to>.')
      .replaceAll(/as of \d\d:\d\d/g, 'as of <time>')
      .replaceAll(/http:\/\/127[^|]*/g, '<address>')
    await expect(pinned).toMatchFileSnapshot('summary.snap')
  })

  test('the announcement says where, once, and is the only public message', () => {
    const announced = stack
      .messages(stack.channelNamed('incidents')!.id)
      .filter(({ byApp, subtype }) => byApp && !subtype)
    expect(announced).toHaveLength(1)
    expect(textOf(announced[0])).toContain(`<#${channel}>`)
  })

  test('the channel has its topic and bookmarks', () => {
    const { topic, bookmarks } = stack.channels().find(({ id }) => id === channel)!
    expect(topic.value).toContain('Checkout is slow')
    expect(bookmarks.map(({ title }) => title)).toContain('Timeline and postmortem')
  })
})

describe('buttons, forms and text', () => {
  beforeAll(() => stack.sandbox.slack.faults.clear())

  test('a button opens its form for the person who clicked, and an invalid value is reported at its field', async () => {
    expect(await click(dana, 'severity')).toEqual({ ok: true })
    const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
    const choose = (value: string) =>
      stack.act({
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
    await stack.settled()
    expect(stack.sandbox.slack.dump().modals.filter(({ user }) => user === dana)).toEqual([])
    expect((await stack.muster.store.read('INC-1'))?.severity).toBe('sev1')
    expect(textOf(summary())).toContain('SEV1')
  })

  test('an incomplete form is returned with the reason, and nothing is recorded', async () => {
    await click(dana, 'update')
    const modal = await until('the form', () => stack.sandbox.slack.dump().modals.find(({ user }) => user === dana))
    const before = (await log()).length
    await stack.act({
      type: 'submit_modal',
      as: dana,
      modal: modal.id,
      state: { text: { value: { type: 'plain_text_input', value: '   ' } } },
    })
    const after = stack.sandbox.slack.dump().modals.find(({ user }) => user === dana)!
    expect(Object.keys(after.errors)).toEqual(['text'])
    expect((await log()).length).toBe(before)
    await stack.act({ type: 'close_modal', as: dana, modal: modal.id })
  })

  test('command is taken by typing, and the channel is notified', async () => {
    await stack.command(robin, channel, 'assign commander me')
    await stack.settled()
    expect(toldTo(robin)).toContain('You are now *Commander*')
    expect(textOf(summary())).toContain(`Commander <@${robin}>`)
    expect(stack.channels().find(({ id }) => id === channel)!.members).toContain(robin)
  })

  test('a command in the wrong place says where it works, visible to that person only', async () => {
    const general = stack.channelNamed('general')!.id
    await stack.command(mei, general, 'resolve')
    await until('the answer', () => toldTo(mei).includes('/incident list'))
    expect(stack.messages(general).filter(({ byApp, onlyFor }) => byApp && !onlyFor)).toEqual([])
  })

  test('an unknown sub-command is answered with the closest match', async () => {
    await stack.command(mei, channel, 'reslove')
    await until('the answer', () => toldTo(mei).includes('Did you mean `/incident resolve`?'))
  })

  test("the time of a back-dated note is parsed in the person's own time zone", async () => {
    // Tokyo is nine hours ahead, all year.
    await stack.command(mei, channel, 'note 2026-01-05 08:06 new image deployed')
    await stack.settled()
    const noted = (await log()).find((event) => event.type === 'noted' && event.text === 'new image deployed')
    expect(noted).toMatchObject({ by: mei, at: Date.UTC(2026, 0, 4, 23, 6) })
  })

  test('a message marked with a pushpin is recorded at the time it was written, and gets a check mark', async () => {
    await stack.act({ type: 'message', as: robin, channel, text: 'CPU is at 100%' })
    const { ts } = stack.messages(channel).find(({ text }) => text === 'CPU is at 100%')!
    for (const as of [dana, mei]) await stack.act({ type: 'reaction', as, channel, ts, name: 'pushpin' })
    await until('the tick', () =>
      stack
        .messages(channel)
        .find((message) => message.ts === ts)!
        .reactions.some(({ name }) => name === 'white_check_mark'),
    )
    await stack.settled()
    const kept = (await log()).filter((event) => event.type === 'noted' && event.text === 'CPU is at 100%')
    expect(kept).toEqual([expect.objectContaining({ by: robin, at: Math.round(Number(ts) * 1000) })])
    expect(kept[0]).toHaveProperty('link', expect.stringMatching(/^https?:/))
  })

  test('a message can also be recorded from its menu', async () => {
    await stack.act({ type: 'message', as: robin, channel, text: 'rolled back' })
    const { ts } = stack.messages(channel).find(({ text }) => text === 'rolled back')!
    await stack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
    await stack.settled()
    const kept = (await log()).filter((event) => event.type === 'noted' && event.text === 'rolled back')
    expect(kept).toMatchObject([{ by: robin }])
  })

  test('resolving drafts the postmortem and shares it with working links', async () => {
    await stack.command(robin, channel, 'resolve rolled back to the old image')
    await stack.settled()
    const shared = stack.messages(channel).find((message) => message.text.includes('is ready'))
    const [, address] = /<(http[^|]+\.html[^|]+)\|Read it>/.exec(textOf(shared)) ?? []
    const page = await fetch(address!.replaceAll('&amp;', '&'))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('rolled back to the old image')
    expect(textOf(summary())).toContain('Outcome: rolled back to the old image')
  })
})
