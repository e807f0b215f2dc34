import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf } from './stack.ts'

const { dana, robin, mei } = people
const DAY = 24 * 3_600_000
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

/** Wednesday 09:45 UTC, some days ahead; moved by hand. */
const clock = () => {
  const today = Math.floor(Date.now() / DAY) * DAY
  // The epoch began on a Thursday.
  let at = today + ((6 - (Math.floor(today / DAY) % 7) + 7) % 7) * DAY + 9.75 * 3_600_000
  return { now: () => at, pass: (ms: number) => (at += ms) }
}
const channel = () => stack.incidentChannel(1)!.id
const resolved = async (now: () => number, declaration = 'declare sev2 checkout is slow') => {
  stack = await startStack({ now })
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, declaration)
  await slack.type(dana, channel(), 'resolve limit raised')
  await stack.settled()
}
const remind = async () => {
  for (let i = 0; i < 2; i++) await stack.muster.remind()
  await stack.settled()
}
const textsIn = (where: string) => stack.messages(where).map(textOf)
const announced = () => textsIn(stack.channelNamed('incidents')!.id)

test('an unfinished draft is mentioned in its channel, and is in the weekly list', async () => {
  const { now, pass } = clock()
  await resolved(now)
  await remind()
  const drafts = () => textsIn(channel()).filter((text) => text.includes('The postmortem of INC-1 is still a draft'))
  expect(drafts()).toHaveLength(0)
  pass(5 * DAY)
  await remind()
  expect(drafts()).toHaveLength(1)
  const [list] = announced().filter((text) => text.includes('1 postmortem is overdue'))
  expect(list).toContain('The postmortem of INC-1 is still a draft, 5 days after it was resolved.')

  await slack.type(dana, channel(), 'postmortem publish')
  pass(7 * DAY)
  await remind()
  expect(drafts()).toHaveLength(1)
  expect(announced().filter((text) => text.includes('postmortem is overdue'))).toHaveLength(1)
})

test('a reviewer who does not respond is reminded by direct message, and one who approved is not', async () => {
  const { now, pass } = clock()
  await resolved(now)
  await slack.type(dana, channel(), `postmortem review <@${robin}> <@${mei}>`)
  await slack.type(mei, channel(), 'postmortem approve')
  pass(2 * DAY)
  await remind()
  const reminders = (person: string) => slack.directTo(person).filter(({ text }) => text.includes('postmortem of'))
  expect(reminders(robin).map(({ text }) => text.includes('in review for 2 days'))).toEqual([false, true])
  expect(reminders(mei)).toHaveLength(1)
})

test('the postmortem of a private incident is never listed outside it', async () => {
  const { now, pass } = clock()
  await resolved(now, 'declare --private sev2 leaked key')
  pass(5 * DAY)
  await remind()
  expect(announced().join()).not.toMatch(/overdue|INC-1/)
})
