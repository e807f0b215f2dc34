import { afterAll, beforeAll, expect, test } from 'vitest'
import { declarePrivately } from './declare-privately.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, mei } = people
let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

/** Everything that anybody in the workspace can read. */
const saidInPublic = () => {
  const open = stack.channels().filter(({ kind }) => kind === 'channel')
  return [
    ...open.flatMap(({ id }) =>
      stack
        .messages(id)
        .filter(({ onlyFor }) => !onlyFor)
        .map(textOf),
    ),
    ...open.map(({ name, topic }) => `${name} ${topic.value}`),
  ].join('\n')
}

test('nothing about a private incident appears in a public channel', async () => {
  const incident = await declarePrivately(stack, dana, 'Leaked credentials')
  const channel = stack.channels().find(({ id }) => id === incident.channel!.id)!
  expect(channel.kind).toBe('private')
  expect(channel.members).toContain(dana)
  await stack.command(dana, channel.id, 'severity sev2')
  await stack.command(dana, channel.id, 'update keys are being rotated')
  await stack.command(dana, channel.id, 'resolve keys rotated')
  await stack.settled()
  expect((await stack.muster.store.read(incident.id))!.failures).toEqual({})
  expect(saidInPublic()).not.toMatch(/Leaked|leaked|INC-1|rotated/)
})

test('non-members do not see it: not in the list, not by number, not on their Home tab', async () => {
  const general = stack.channelNamed('general')!.id
  const answersOf = (person: string) =>
    stack
      .messages(general)
      .filter(({ onlyFor }) => onlyFor === person)
      .map(textOf)
      .join('\n')
  await stack.command(robin, general, 'list')
  await stack.command(robin, general, 'note INC-1 hello')
  await until('both answers', () => answersOf(robin).includes('There is no INC-1 that you can see'))
  await stack.act({ type: 'open_home', as: robin })
  const home = await until('the Home tab', () => stack.sandbox.slack.dump().homes.find(({ user }) => user === robin))
  expect(`${answersOf(robin)}${JSON.stringify(home.definition)}`).not.toContain('Leaked')
})

test('when Slack refuses the private channel, no public one is opened instead', async () => {
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.create', error: 'restricted_action' })
  const incident = await declarePrivately(stack, dana, 'Payroll is public')
  expect(incident.channel).toBeUndefined()
  expect(incident.steps.channel).toMatchObject({ state: 'failed' })
  expect(saidInPublic()).not.toMatch(/payroll/i)
  const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(dana))!
  expect(stack.messages(direct.id).map(textOf).join()).toContain(`/incident retry ${incident.id}`)

  await stack.command(dana, direct.id, `retry ${incident.id}`)
  await stack.settled()
  const healed = (await stack.muster.store.read(incident.id))!
  expect(stack.channels().find(({ id }) => id === healed.channel?.id)?.kind).toBe('private')
  expect(healed.failures).toEqual({})
})

test('a page for a private incident says only that somebody is needed', async () => {
  const incident = await declarePrivately(stack, dana, 'Stolen laptop')
  await stack.command(dana, incident.channel!.id, 'page payment the disk was not encrypted')
  const page = await until('the page', () =>
    stack.sandbox.pagerduty.state().incidents.find(({ key }) => key.startsWith(`muster-${incident.id}-`)),
  )
  await stack.settled()
  expect(page.title).toBe(`${incident.id}: you are needed; the incident is private, its Slack channel says more`)
  expect(
    JSON.stringify(stack.sandbox.pagerduty.state().incidents.map(({ title, body, notes }) => [title, body, notes])),
  ).not.toMatch(/laptop|encrypted/)
})

test('somebody invited by hand sees it in lists and by number until they leave', async () => {
  const incident = await declarePrivately(stack, dana, 'Forged invoices')
  const general = stack.channelNamed('general')!.id
  const { workspace } = stack.sandbox.slack
  const seen = async () => {
    const before = stack.messages(general).filter(({ onlyFor }) => onlyFor === mei).length
    await stack.command(mei, general, 'list')
    await stack.command(mei, general, `timeline ${incident.id}`)
    return until('both answers', () => {
      const answers = stack.messages(general).filter(({ onlyFor }) => onlyFor === mei)
      return answers.length >= before + 2 && answers.slice(before).map(textOf).join('\n')
    })
  }
  expect(await seen()).not.toMatch(new RegExp(`\\*${incident.id}\\*|Forged`))

  workspace.join(workspace.channels.get(incident.channel!.id)!, mei, dana)
  await stack.settled()
  const answers = await seen()
  expect(answers).toContain(`*${incident.id}*`)
  expect(answers).toContain(`<@${dana}> brought in <@${mei}>`)

  workspace.leave(workspace.channels.get(incident.channel!.id)!, mei)
  await stack.settled()
  expect(await seen()).not.toMatch(new RegExp(`\\*${incident.id}\\*|Forged`))
})

test('no on-call person is looked up or suggested for a private incident', async () => {
  const incident = await declarePrivately(stack, dana, 'Shipping leaks addresses')
  await stack.command(dana, incident.channel!.id, 'service shipping')
  await stack.settled()
  const after = (await stack.muster.store.read(incident.id))!
  expect([after.service, after.found]).toEqual(['shipping', []])
  const texts = stack.messages(incident.channel!.id).map(textOf).join('\n')
  expect(texts).toContain('Commander *nobody yet*')
  expect(texts).not.toMatch(/suggested|on call for/)
})
