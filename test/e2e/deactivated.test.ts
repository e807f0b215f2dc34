import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin } = people
/** Left the company: the account in Slack is deactivated. */
const KIM = 'U0LEFT0001'
const DAY = 24 * 3_600_000
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async (options: WorldOptions = {}, before: (stack: Stack) => void = () => {}) => {
  stack = await startStack(options)
  slack = slackActs(stack)
  before(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, 'declare sev2 shipping is slow')
  await until('the summary', async () => (await stack.muster.store.read('INC-1'))?.messages.summary)
}
const channel = () => stack.incidentChannel(1)!.id
const say = (as: string, text: string) => slack.type(as, channel(), text)
const lines = (has: string) =>
  stack
    .messages(channel())
    .filter((one) => !one.onlyFor && textOf(one).includes(has))
    .map(({ text }) => text)

test('as commander: the channel reads once that they are missing, and how somebody else takes command', async () => {
  await begun()
  await say(dana, `assign commander <@${KIM}>`)
  await until('the line', () => lines(`<@${KIM}> is *Commander*`).length > 0)
  expect(lines('does not let me invite them')).toEqual([
    `<@${KIM}> is *Commander*, but Slack does not let me invite them; the account may be deactivated. \`/incident assign commander @somebody\` gives the role to somebody else.`,
  ])
  await say(dana, `assign commander <@${robin}>`)
  await stack.settled()
  expect(lines('does not let me invite them')).toHaveLength(1)
  expect((await stack.muster.store.read('INC-1'))!.failures).toEqual({})
})

test('as on-call: the channel reads that they are not in it, and how they are reached', async () => {
  await begun({}, ({ sandbox }) => {
    sandbox.pagerduty.account.services.find(({ id }) => id === 'PSVCSHIP')!.onCall = ['kim']
  })
  await until('the line', () => lines('was not found in Slack').length > 0)
  expect(lines('was not found in Slack')).toEqual([
    'Kim Former is on call for Shipping (level 1), but was not found in Slack',
  ])
  const [line] = stack.messages(channel()).filter(({ text }) => text.includes('was not found in Slack'))
  expect(textOf(line)).toContain('A phone call or `/incident page` reaches them.')
})

test('as the target of a handover: the role stays, and the channel reads it with a way on', async () => {
  await begun()
  await say(dana, 'assign commander me')
  await say(dana, `handover <@${KIM}>`)
  await until('the line', () => lines('could not be asked to take over').length > 0)
  expect(lines('could not be asked to take over')[0]).toContain(`<@${dana}> still holds it and can ask somebody else`)
  expect(lines('does not let me invite them')).toEqual([])
})

test('as the owner of an action item: said once, and the channel is reminded in their place', async () => {
  // Wednesday morning in UTC.
  let at = Math.floor(Date.now() / DAY) * DAY
  at += ((6 - (Math.floor(at / DAY) % 7) + 7) % 7) * DAY + 9.75 * 3_600_000
  await begun({ now: () => at, file: { actions: { remindEveryDays: 7, digest: false } } })
  await say(dana, `action raise the limit <@${KIM}>`)
  await say(dana, `action write it down <@${robin}>`)
  await say(dana, 'resolve the pool is larger')
  const reminded = async (days: number) => {
    at += days * DAY
    for (let i = 0; i < 2; i++) await stack.muster.remind()
    await stack.settled()
  }
  await reminded(7)
  await until('the line', () => lines('cannot be reached in Slack any more').length > 0)
  expect(lines('cannot be reached in Slack any more')[0]).toMatch(
    /<@U0LEFT0001> .* owns action item 1\. `\/incident action take 1` makes it yours/,
  )
  // Robin is reminded by direct message: nobody else hears of it.
  expect(slack.directTo(robin).filter(({ text }) => text.startsWith('You own'))).toHaveLength(1)
  await reminded(7)
  const left = lines('nobody who is reminded')
  expect(left.length).toBeGreaterThan(0)
  expect(left.join()).toContain('raise the limit')
  expect(left.join()).not.toContain('write it down')
  expect(lines('cannot be reached in Slack any more')).toHaveLength(1)
  await say(robin, 'action take 1')
  await reminded(7)
  expect(lines('nobody who is reminded')).toHaveLength(left.length)
  expect((await stack.muster.store.read('INC-1'))!.failures).toEqual({})
})
