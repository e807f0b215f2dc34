import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, mei } = people
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async () => {
  stack = await startStack()
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, 'declare sev2 checkout is slow')
  await until('the summary', async () => (await incident()).messages.summary)
  await slack.act({ type: 'join', as: mei, channel: channel() })
}
const incident = async () => (await stack.muster.store.read('INC-1'))!
const channel = () => stack.incidentChannel(1)!.id
const say = (as: string, text: string) => slack.type(as, channel(), text)
const answersTo = (person: string) => slack.whispered(channel(), person).map(textOf).join('\n')

test('a form that is sent after the incident was closed changes nothing, and says how it is reopened', async () => {
  await begun()
  await say(mei, 'status')
  await say(dana, 'resolve the pool is larger')
  await say(dana, 'close nothing is left')
  await slack.submit(mei, { status: 'identified' })
  await until('the answer', () => answersTo(mei).includes('`/incident reopen`'))
  expect((await incident()).status).toBe('closed')
})

test.each(['status', 'severity', 'assign', 'page'])(
  '%s of a cancelled incident is refused before its form opens',
  async (command) => {
    await begun()
    await say(dana, 'cancel a false alarm')
    await say(mei, command)
    await until('the answer', () => answersTo(mei).includes('`/incident reopen`'))
    expect(stack.sandbox.slack.dump().modals.filter(({ user }) => user === mei)).toEqual([])
  },
)
