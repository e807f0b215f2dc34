import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin, mei } = people
const DAY = 24 * 3_600_000
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async (options: WorldOptions = {}, declaration = 'declare sev2 checkout is slow') => {
  stack = await startStack(options)
  slack = slackActs(stack)
  await slack.type(dana, stack.channelNamed('general')!.id, declaration)
  for (const person of [robin, mei]) await slack.act({ type: 'join', as: person, channel: channel() })
}
const channel = () => stack.channels().find(({ name }) => /^inc-1-|^inc-drill-1-/.test(name))!.id
const say = (as: string, text: string) => slack.type(as, channel(), text)
const items = async () => (await stack.muster.store.read('INC-1'))!.actions
const answerTo = (person: string) => textOf(slack.whispered(channel(), person).at(-1))
const summary = () => textOf(stack.messages(channel()).find(({ ts }) => ts === stack.incidentChannel(1)?.pins[0]?.ts))
const events = async (type: string) =>
  (await stack.muster.store.events('INC-1')).filter((event) => event.type === type).length

test('an item is added in one line, edited in a form by somebody else, and completed from the list', async () => {
  await begun()
  await say(dana, `action [preventative] alert on connections <@${robin}> due 2031-02-03 (SHOP-12)`)
  expect(summary()).toContain(`1. alert on connections · <@${robin}> · preventative · due 2031-02-03 · SHOP-12`)

  await say(robin, 'action list')
  await slack.click(robin, slack.whispered(channel(), robin).at(-1)!, 'Start', 'alert on connections')
  expect(summary()).toContain('*in progress*')

  await say(mei, 'action edit 1')
  expect((await slack.formOf(mei)).definition.blocks.map(({ block_id }) => block_id)).toEqual([
    ...['text', 'owner', 'kind', 'due', 'ticket', 'state'],
  ])
  await slack.submit(mei, { text: 'alert at 80 % of the connections', due: null, ticket: 'https://tracker.example/7' })
  const [edited] = await items()
  expect(edited).toMatchObject({
    text: 'alert at 80 % of the connections',
    owner: robin,
    kind: 'preventative',
    state: 'in_progress',
    ticket: 'https://tracker.example/7',
  })
  expect(edited?.due).toBeUndefined()

  await say(robin, 'action list')
  await slack.click(robin, slack.whispered(channel(), robin).at(-1)!, 'Done', 'alert at 80 %')
  expect(summary()).toContain('*Action items*: 0 open, 1 done')
  await say(dana, 'resolve limit raised')
  const markdown = await stack.muster.postmortems.markdown('INC-1')
  expect(markdown).toMatch(
    /Alert at 80 % of the connections \| preventative \| .* \| <https:\/\/tracker.example\/7> \| \| done \|/,
  )
})

test('an item is dropped, reopened, taken and removed; each refusal says what to do instead', async () => {
  await begun()
  await say(dana, `action rename the queue <@${robin}>`)
  await say(dana, 'action drop 1 the queue is retired')
  expect((await items())[0]).toMatchObject({ state: 'dropped', done: true })
  await say(mei, 'action reopen 1')
  await say(mei, 'action take 1')
  expect((await items())[0]).toMatchObject({ state: 'open', owner: mei })
  await say(dana, 'action edit 1 no owner due 2031-01-01')
  expect((await items())[0]).toMatchObject({ text: 'rename the queue', due: '2031-01-01' })
  expect((await items())[0]?.owner).toBeUndefined()
  await say(dana, 'action remove 1')
  expect(await items()).toEqual([])
  await say(robin, 'action done 1')
  expect(answerTo(robin)).toContain(
    'Action item 1 of INC-1 was removed. `/incident action &lt;what&gt; @owner` adds a new one.',
  )
  await say(robin, 'action done 9')
  expect(answerTo(robin)).toContain('`/incident action list` shows their numbers')
  await say(robin, 'action done soon')
  expect(answerTo(robin)).toContain('Give the number of an action item')
  await say(robin, 'action drop the old table')
  expect((await items())[0]).toMatchObject({ id: 2, text: 'drop the old table' })
})

test('handles two clicks, two people at once, and a form for a removed item', async () => {
  await begun()
  await say(dana, 'action raise the limit')
  await say(dana, 'action list')
  await say(robin, 'action list')
  const lists = [dana, robin].map((person) => slack.whispered(channel(), person).at(-1)!)
  await Promise.all([
    slack.click(dana, lists[0]!, 'Done'),
    slack.click(dana, lists[0]!, 'Done'),
    slack.click(robin, lists[1]!, 'Done'),
  ])
  expect(await events('action_done')).toBe(1)
  await say(mei, 'action edit 1')
  await say(dana, 'action remove 1')
  await slack.submit(mei, { text: 'raise it twice' })
  expect(answerTo(mei)).toContain('was removed')
  // An old list: its menu still answers, and says so.
  await slack.click(robin, lists[1]!, 'Drop: not needed')
  await until('the refusal', () => answerTo(robin).includes('was removed'))
})

test('an item can be added from the postmortem even when the incident is closed', async () => {
  await begun()
  await say(dana, 'resolve it is over')
  const draft = stack.messages(channel()).find(({ text }) => text.includes('postmortem draft of'))!
  await slack.click(robin, draft, 'Add action item')
  await say(dana, 'close')
  await slack.submit(robin, { text: 'rehearse the failover', kind: 'process', owner: robin, due: '2031-05-06' })
  expect(await items()).toMatchObject([{ owner: robin, kind: 'process', due: '2031-05-06' }])
})

/** Wednesday noon in UTC, some days ahead; moved by hand. */
const clock = () => {
  const today = Math.floor(Date.now() / DAY) * DAY
  // The epoch began on a Thursday.
  let at = today + ((6 - (Math.floor(today / DAY) % 7) + 7) % 7) * DAY + 9.75 * 3_600_000
  return { now: () => at, pass: (ms: number) => (at += ms) }
}

test('the owner is reminded of open items once a day by direct message, until they are done', async () => {
  const { now, pass } = clock()
  await begun({ now, file: { actions: { remindEveryDays: 7, digest: false } } })
  await slack.type(dana, stack.channelNamed('general')!.id, 'declare sev3 payments are slow')
  await say(dana, `action raise the limit <@${robin}>`)
  await say(dana, `action INC-2 write it down <@${robin}>`)
  await stack.muster.remind()
  await stack.settled()
  expect(slack.directTo(robin).filter(({ text }) => text.startsWith('You own'))).toEqual([])

  pass(7 * DAY)
  // Every replica looks, and after a restart it looks again.
  for (let i = 0; i < 3; i++) await stack.muster.remind()
  await stack.settled()
  const reminders = () => slack.directTo(robin).filter(({ text }) => text.startsWith('You own'))
  expect(reminders()).toHaveLength(1)
  expect(textOf(reminders()[0])).toMatch(/You own 2 open action items[\s\S]*write it down[\s\S]*raise the limit/)

  await slack.click(robin, reminders()[0]!, 'Done', 'raise the limit')
  await slack.click(robin, reminders()[0]!, 'Snooze for a week', 'write it down')
  pass(6 * DAY)
  await stack.muster.remind()
  pass(DAY)
  await stack.muster.remind()
  await stack.settled()
  expect(reminders()).toHaveLength(2)
  expect(textOf(reminders()[1])).not.toContain('raise the limit')
})

test('for a private incident or a drill nobody outside is reminded, and the person who adds an item is warned', async () => {
  const { now, pass } = clock()
  await begun({ now }, 'declare --private sev2 leaked key')
  await say(dana, `action rotate the key <@${robin}>`)
  expect(answerTo(dana)).toContain(`<@${robin}> is not in this private incident and is not reminded`)
  await say(dana, `action tell legal <@${dana}>`)
  pass(12 * DAY)
  await stack.muster.remind()
  await stack.settled()
  expect(slack.directTo(robin).map(textOf).join()).not.toContain('rotate')
  const announced = stack.messages(stack.channelNamed('incidents')!.id).map(textOf).join()
  expect(announced).not.toContain('rotate')
  expect(announced).not.toContain('legal')
})

test('open items are listed once a week, overdue first, where the incident is announced', async () => {
  const { now, pass } = clock()
  await begun({ now })
  const day = (ms: number) => new Date(now() + ms).toISOString().slice(0, 10)
  await say(dana, `action later due ${day(30 * DAY)}`)
  await say(dana, `action overdue <@${robin}> due ${day(DAY)}`)
  pass(5 * DAY)
  for (let i = 0; i < 3; i++) await stack.muster.remind()
  await stack.settled()
  const lists = () =>
    stack
      .messages(stack.channelNamed('incidents')!.id)
      .filter((one) => textOf(one).includes('Action items of the week'))
  expect(lists()).toHaveLength(1)
  expect(textOf(lists()[0])).toMatch(
    /2 open action items, 1 overdue, 1 without an owner[\s\S]*2\. overdue[\s\S]*1\. later/,
  )
  await slack.act({ type: 'join', as: mei, channel: stack.channelNamed('incidents')!.id })
  await slack.click(mei, lists()[0]!, 'Take it', 'later')
  expect((await items())[0]).toMatchObject({ owner: mei })
  pass(7 * DAY)
  await stack.muster.remind()
  await stack.settled()
  expect(lists()).toHaveLength(2)
})
