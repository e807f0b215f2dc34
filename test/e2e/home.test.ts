import { afterEach, expect, test } from 'vitest'
import { slackActs } from './slack-acts.ts'
import { people, type Stack, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin } = people
let stack: Stack
let slack: ReturnType<typeof slackActs>
afterEach(() => stack.stop())

const begun = async (options: WorldOptions = {}) => {
  stack = await startStack(options)
  slack = slackActs(stack)
}
const general = () => stack.channelNamed('general')!.id
const say = (as: string, text: string) => slack.type(as, general(), text)
const shown = (person: string): string => {
  const home = stack.sandbox.slack.dump().homes.find(({ user }) => user === person)
  return home ? textOf({ text: '', blocks: home.definition.blocks }) : ''
}
const open = (person: string) => slack.act({ type: 'open_home', as: person })
const homeOf = async (person: string, has: string): Promise<string> => {
  await open(person)
  await until(`the Home tab to show ${has}`, () => shown(person).includes(has))
  return shown(person)
}

test("the Home tab shows open incidents with the viewer's roles, their action items, and what was resolved", async () => {
  await begun()
  for (const title of ['Checkout is slow', 'Payments are slow']) await say(dana, `declare ${title}`)
  await say(robin, 'assign INC-2 commander me')
  await say(robin, `action INC-1 raise the limit <@${robin}>`)
  await say(robin, 'resolve INC-1 limit raised')

  const home = await homeOf(robin, 'INC-2')
  expect(home).toMatch(/Your roles[\s\S]*\*Commander\* of \*INC-2\* Payments are slow/)
  expect(home).toContain('*you are')
  expect(home).toMatch(/Your action items[\s\S]*\*INC-1\* 1\. raise the limit/)
  expect(home).toMatch(/Recently resolved[\s\S]*INC-1\* Checkout is slow/)
  expect(home).toContain('1 open action item')
  expect(home).toContain('Last 30 days: 2 incidents')
  expect(await homeOf(dana, 'INC-2')).not.toContain('Your action items')
})

test('it is refreshed while it is open, and its menus act on the incident', async () => {
  await begun()
  await say(dana, 'declare sev2 checkout is slow')
  await say(dana, `action INC-1 raise the limit <@${robin}>`)
  await homeOf(robin, 'raise the limit')
  await say(dana, 'declare sev1 nobody can pay')
  await until('the new incident, without opening it again', () => shown(robin).includes('nobody can pay'))
  expect(shown(robin)).toMatch(/nobody can pay[\s\S]*checkout is slow/)

  // Twice, as impatient people do.
  await Promise.all([
    slack.clickHome(robin, 'Done', 'raise the limit'),
    slack.clickHome(robin, 'Done', 'raise the limit'),
  ])
  await until('the item to go', () => !shown(robin).includes('Your action items'))
  await slack.clickHome(robin, 'Take command', 'nobody can pay')
  await until('the role', () => shown(robin).includes('*Commander* of *INC-2*'))
  await slack.clickHome(robin, 'Post an update', 'nobody can pay')
  await slack.submit(robin, { text: 'rolling back' })
  expect((await stack.muster.store.read('INC-2'))?.latestUpdate).toBe('rolling back')
  // An old tab: the incident is over meanwhile, and the refusal says so.
  await say(dana, 'cancel INC-1 false alarm')
  await until('the list to be shorter', () => !shown(robin).includes('checkout is slow'))
})

test("with 100 open incidents it stays within Slack's limits: the viewer's and the worst first, the rest counted", {
  timeout: 120_000,
}, async () => {
  await begun()
  const title = `${'é<&>*_'.repeat(500)} is slow`
  await Promise.all(
    Array.from({ length: 100 }, (_, i) => stack.command(dana, general(), `declare sev3 number ${i} ${title}`)),
  )
  await until('all of them', async () => (await stack.muster.store.list({ limit: 200 })).length === 100, 60_000)
  await stack.command(robin, general(), 'assign INC-7 commander me')
  for (let i = 0; i < 30; i++)
    await stack.command(dana, general(), `action INC-9 item ${i} ${'x'.repeat(2900)} <@${robin}>`)
  const home = await homeOf(robin, 'and 70 more')
  expect(home).toContain('and 10 more, later or without a due day')
  const { definition } = stack.sandbox.slack.dump().homes.find(({ user }) => user === robin)!
  expect(definition.blocks.length).toBeLessThanOrEqual(100)
  const first = definition.blocks.findIndex((block) => JSON.stringify(block).includes('Open incidents'))
  expect(JSON.stringify(definition.blocks[first + 1])).toContain('*INC-7*')
  expect(
    stack.sandbox.slack.requests.latest('views.publish').map(({ response }) => response.slice(0, 11)),
  ).not.toContain('{"ok":false')
})

test("a private incident and its action items are on its members' Home tabs only", async () => {
  await begun()
  await say(dana, 'declare --private sev2 leaked key')
  await say(dana, 'declare sev3 something else')
  await slack.type(dana, stack.incidentChannel(1)!.id, `action rotate the key <@${robin}>`)
  const home = await homeOf(robin, 'something else')
  expect(home).not.toContain('leaked key')
  expect(home).not.toContain('rotate')
  expect(await homeOf(dana, 'leaked key')).toContain('something else')
})

test("it shows a pause, an overdue update, who is on call, and the viewer's own services first", async () => {
  let ahead = 0
  const group = 'S0PAYMENTS'
  await begun({
    now: () => Date.now() + ahead,
    slack: { groups: [{ id: group, handle: 'payments', name: 'Payments', users: [robin] }] },
    file: {
      services: {
        payments: { name: 'Payments', slackGroup: group, pagerdutyService: 'PSVCWEB' },
      },
    },
  })
  await say(dana, 'declare sev3 payments are slow')
  await say(dana, 'service INC-1 payments')
  await say(dana, 'declare sev1 search is slow')
  ahead = 5 * 3_600_000
  await say(dana, 'pause 60 a migration')
  const home = await homeOf(robin, 'Muster is paused')
  expect(home).toContain('a migration')
  expect(home).toMatch(/On call now[\s\S]*\*Payments\*: <@U0/)
  expect(home).toMatch(/Updates overdue[\s\S]*search is slow[\s\S]*Open incidents/)
  expect(home.slice(home.indexOf('Open incidents'))).toMatch(/payments are slow[\s\S]*search is slow/)
  await slack.clickHome(robin, 'Resume')
  await open(robin)
  await until('the pause to end', () => !shown(robin).includes('Muster is paused'))
})

test('services of the viewer are those they own by name, by their group, or are on call for', async () => {
  await begun({
    file: {
      services: {
        search: { name: 'Search', owner: robin },
        payments: { name: 'Payments', owner: 'Team Payments', pagerdutyService: 'PSVCPAY' },
        web: { name: 'Web', owner: 'Team Web' },
      },
    },
  })
  stack.sandbox.pagerduty.account.services.find(({ id }) => id === 'PSVCPAY')!.onCall = ['robin']
  const titles = { search: 'search is slow', payments: 'payments are slow', web: 'the shop is down' }
  for (const [service, title] of Object.entries(titles)) {
    await say(dana, `declare sev3 ${title}`)
    const [newest] = await stack.muster.store.list({ limit: 1 })
    await say(dana, `service ${newest!.id} ${service}`)
  }
  // The newest comes first, for whoever none of them belongs to.
  const openOf = async (person: string) => {
    const home = await homeOf(person, 'the shop is down')
    const from = home.slice(home.indexOf('Open incidents'))
    return Object.values(titles).sort((a, b) => from.indexOf(a) - from.indexOf(b))
  }
  expect((await openOf(robin)).at(-1)).toBe('the shop is down')
  expect((await openOf(dana))[0]).toBe('the shop is down')
})
