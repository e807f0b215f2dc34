import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
const DAY = 24 * 3_600_000
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

/** Incidents of the past: their channels have rested since, and Slack's own clock is the present. */
const begun = async (what = 'declare sev2 checkout is slow') => {
  let at = Date.now() - 60 * DAY
  stack = await startStack({ now: () => at, file: { slack: { archiveAfterDays: 14 } } })
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, what)
  await until('the channel', async () => (await incident()).channel)
  return {
    /** Days go by; then every replica looks for what is due, and again after a restart. */
    pass: async (days: number) => {
      at += days * DAY
      for (let i = 0; i < 2; i++) await stack.muster.remind()
      await stack.settled()
    },
  }
}
const incident = async () => (await stack.muster.store.read('INC-1'))!
const channel = async () => (await incident()).channel!.id
const say = async (as: string, text: string) => slack.type(as, await channel(), text)
const found = async () => {
  const id = await channel()
  return stack.channels().find((one) => one.id === id)!
}
const announcements = async () =>
  stack.messages(await channel()).filter(({ text }) => text.includes('this channel will be archived'))
const closed = async () => {
  await say(dana, 'resolve the pool is larger')
  await say(dana, 'close nothing is left to do')
}

test.each(['declare sev2 checkout is slow', 'declare --private sev2 a leaked key'])(
  'a channel at rest is archived, announced once the day before: %s',
  async (what) => {
    const { pass } = await begun(what)
    await say(dana, 'resolve the pool is larger')
    // Until it is closed, the postmortem is still to be written.
    await pass(20)
    expect(await announcements()).toEqual([])
    await say(dana, 'close nothing is left to do')
    await pass(12)
    expect(await announcements()).toEqual([])
    await pass(1)
    expect(await announcements()).toHaveLength(1)
    expect(textOf((await announcements())[0])).toMatch(
      /INC-1\* is closed, .*archived at <!date.*To keep it open, write/,
    )
    await pass(0.5)
    expect((await found()).archived).toBe(false)
    await pass(0.6)
    await until('the archive', async () => (await found()).archived)
    expect(await announcements()).toHaveLength(1)
    expect((await incident()).failures).toEqual({})
  },
)

test('the button postpones it, however often it is clicked and by whomever', async () => {
  const { pass } = await begun()
  await closed()
  await pass(13)
  const [announced] = await announcements()
  for (const as of [robin, mei]) await slack.act({ type: 'join', as, channel: await channel() })
  await Promise.all([
    slack.click(robin, announced!, 'Keep it open'),
    slack.click(robin, announced!, 'Keep it open'),
    slack.click(mei, announced!, 'Keep it open'),
  ])
  const lines = stack.messages(await channel()).filter(({ text }) => text.includes('kept the channel'))
  expect(lines).toHaveLength(1)
  await pass(2)
  expect((await found()).archived).toBe(false)
  await pass(11)
  expect(await announcements()).toHaveLength(2)
  await pass(1)
  await until('the archive', async () => (await found()).archived)
  // An old button: the refusal says what to do instead.
  await slack.type(robin, stack.channelNamed('general')!.id, 'channel INC-1 keep')
  await until('the refusal', () =>
    stack.messages().some((one) => one.onlyFor === robin && textOf(one).includes('is archived already')),
  )
})

test('people who still talk there keep it, also where Muster records nothing of it', async () => {
  const { pass } = await begun()
  await closed()
  await pass(13)
  await slack.act({ type: 'join', as: robin, channel: await channel() })
  await slack.act({ type: 'message', as: robin, channel: await channel(), text: 'one more question about the pool' })
  await pass(1)
  expect((await found()).archived).toBe(false)
  expect(stack.messages(await channel()).filter(({ text }) => text.includes('is in use again'))).toHaveLength(1)
  // Fourteen days after these words, by Slack's clock.
  await pass(50)
  expect(await announcements()).toHaveLength(1)
  await pass(12)
  expect(await announcements()).toHaveLength(2)
})

test('when Slack refuses to archive it, that is said once, and it is not attempted again', async () => {
  const { pass } = await begun()
  await closed()
  await pass(13)
  stack.sandbox.slack.faults.add({
    kind: 'error',
    method: 'conversations.archive',
    error: 'restricted_action',
    times: 99,
  })
  await pass(1)
  const refusals = async () =>
    stack.messages(await channel()).filter(({ text }) => text.includes('could not be archived and stays open'))
  await until('the line', async () => (await refusals()).length > 0)
  expect(textOf((await refusals())[0])).toContain('ask an admin')
  await pass(30)
  await pass(30)
  expect(await refusals()).toHaveLength(1)
  expect(await announcements()).toHaveLength(1)
  expect((await incident()).failures).toEqual({})
})

test('an archived channel is in use again when its incident is reopened, or replaced where Slack refuses that', async () => {
  const { pass } = await begun()
  await closed()
  await pass(13)
  await pass(1)
  await until('the archive', async () => (await found()).archived)
  const before = await channel()
  const general = stack.channelNamed('general')!.id
  await slack.type(dana, general, 'reopen INC-1 it is back')
  await until('the channel', async () => !(await found()).archived)
  expect(await channel()).toBe(before)
  expect(textOf(stack.messages(before).at(-1))).toBeDefined()

  await closed()
  stack.sandbox.slack.workspace.channels.get(before)!.archived = true
  stack.sandbox.slack.faults.add({
    kind: 'error',
    method: 'conversations.unarchive',
    error: 'not_in_channel',
    times: 99,
  })
  await slack.type(dana, general, 'reopen INC-1 and again')
  const next = await until('another channel', async () => {
    const now = (await incident()).channel
    return now && now.id !== before && (await incident()).messages.summary ? now : undefined
  })
  expect(next.name).toBe('inc-1-checkout-is-slow-2')
  expect(stack.channels().find(({ id }) => id === next.id)!.members).toContain(dana)
})

test('without the setting no channel is ever archived', async () => {
  let at = Date.now() - 400 * DAY
  stack = await startStack({ now: () => at })
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, 'declare sev2 checkout is slow')
  await closed()
  at += 300 * DAY
  await stack.muster.remind()
  await stack.settled()
  expect(await announcements()).toEqual([])
  expect((await found()).archived).toBe(false)
})
