import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { readMusterFile } from '../../src/config/read-muster-file.ts'
import { people, ROOT, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin, sam } = people
let stack: Stack
afterEach(() => stack.stop())

const rules = [
  {
    name: 'executives',
    when: { severity: 'sev1' },
    do: {
      invite: [sam, 'U0LEFT0001'],
      post: { text: 'Follow the runbook', link: 'https://wiki.example.com/major' },
      page: 'shipping',
      announce: { channel: '#engineering', text: 'customers are affected' },
    },
  },
  { name: 'pool', when: { alert: { pool: 'exhausted' } }, do: { post: { text: 'Look at the pool first' } } },
]
const ours = (number = 1) => stack.incidentChannel(number)!
const say = async (as: string, text: string, number = 1) => {
  await stack.command(as, ours(number).id, text)
  await stack.settled()
}
const channelText = (number = 1) => stack.messages(ours(number).id).map(textOf).join('\n')
const engineering = () => stack.messages(stack.channelNamed('engineering')!.id).map(textOf).join('\n')
const applied = async (id: string) =>
  (await stack.muster.store.events(id)).flatMap((event) => (event.type === 'rule_applied' ? [event.rule] : []))

test('a rule invites, posts, pages and announces when the severity becomes what it says, and only once', async () => {
  stack = await startStack({ file: { rules } })
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 odd orders')
  await stack.settled()
  expect(await applied('INC-1')).toEqual([])
  await Promise.all([say(dana, 'severity sev1'), say(robin, 'severity sev1')])
  await until('what the rule says', () => channelText().includes('Follow the runbook'))
  await until('who it invites', () => ours().members.includes(sam))
  await until('who is not there', () => channelText().includes('<@U0LEFT0001> cannot be invited'))
  expect(channelText()).toContain('https://wiki.example.com/major')
  await until('the announcement', () => engineering().includes('customers are affected'))
  const paged = async () =>
    (await stack.muster.store.events('INC-1')).filter(
      (event) => event.type === 'page_requested' && event.service === 'shipping',
    )
  expect(await paged()).toHaveLength(1)
  await say(dana, 'severity sev2 it is less')
  await say(dana, 'severity sev1')
  expect(await applied('INC-1')).toEqual(['executives'])
  expect(await paged()).toHaveLength(1)
  const inEngineering = stack.messages(stack.channelNamed('engineering')!.id)
  expect(inEngineering.filter((one) => textOf(one).includes('customers are affected'))).toHaveLength(1)
})

test('an alert that joins can be what a rule waits for; private incidents and drills are left alone', async () => {
  stack = await startStack({ file: { rules } })
  await stack.alertmanager({ name: 'PoolExhausted', labels: { pool: 'exhausted' } })
  await until('the rule', () => stack.incidentChannel(1) && channelText().includes('Look at the pool first'))
  for (const flag of ['--private', '--drill'])
    await stack.command(dana, stack.channelNamed('general')!.id, `declare ${flag} sev1 a leaked credential`)
  await stack.settled()
  expect([await applied('INC-2'), await applied('INC-3')]).toEqual([[], []])
  expect(engineering()).not.toContain('customers are affected')
})

test('a user group is invited and its on-call paged; a person is paged; only for the service of the rule', async () => {
  const paging = (name: string, when: object, page: string) => ({ name, when, do: { page } })
  stack = await startStack({
    file: {
      rules: [
        {
          name: 'communications',
          when: { severity: 'sev1', service: 'shipping' },
          do: { invite: ['S0INCCOMMS', 'S0NOBODY00'] },
        },
        paging('platform', { severity: 'sev1', service: 'shipping' }, 'S0PLATFORM'),
        paging('dana', { severity: 'sev1', service: 'shipping' }, dana),
        paging('payments', { severity: 'sev1', service: 'payment' }, 'S0PAYMENTS'),
      ],
      services: {
        shipping: { pagerdutyService: 'PSVCSHP', slackGroup: 'S0PLATFORM', owner: 'Team Platform' },
        payment: { pagerdutyService: 'PSVCPAY', slackGroup: 'S0PAYMENTS' },
      },
    },
  })
  await stack.command(robin, stack.channelNamed('general')!.id, 'declare sev2 shipping is slow')
  await stack.settled()
  expect(await applied('INC-1')).toEqual([])
  await say(robin, 'severity sev1')
  expect(await applied('INC-1')).toEqual(['communications', 'platform', 'dana'])
  // Jonas and Sam are the group; the group that does not exist is not in their way.
  await until('the group', () => [sam, 'U0JONAS001'].every((member) => ours().members.includes(member)))
  const pages = (await stack.muster.store.events('INC-1')).flatMap((event) =>
    event.type === 'page_requested' ? [event] : [],
  )
  expect(pages).toMatchObject([
    { service: 'shipping', name: 'who is on call for Team Platform', text: 'rule platform' },
    { responder: dana, text: 'rule dana' },
  ])
  expect(channelText()).toContain('who is on call for Team Platform')
  await until('the problem', () => channelText().includes('Slack has no user group `S0NOBODY00`'))
})

test.each([
  ['identified', 'status identified the pool is too small'],
  ['mitigated', 'status mitigated'],
  ['resolved', 'resolve larger pool'],
  ['cancelled', 'cancel it was a test'],
])('a rule acts when the status becomes %s', async (status, command) => {
  stack = await startStack({
    file: {
      rules: [
        {
          name: 'at the turn',
          when: { status },
          do: { post: { text: 'Tell the shop floor' }, announce: { channel: '#engineering', text: 'news' } },
        },
      ],
    },
  })
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev2 odd orders')
  await until('the channel', () => stack.incidentChannel(1))
  await stack.settled()
  expect(channelText()).not.toContain('Tell the shop floor')
  await say(dana, command)
  await until('what the rule says', () => channelText().includes('Tell the shop floor'))
  await until('the announcement', () => engineering().includes('news'))
  expect(await applied('INC-1')).toEqual(['at the turn'])
})

test('`muster rules test` says which would act and why not, and mistakes have their line', async () => {
  stack = await startStack({ file: { rules } })
  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', MUSTER_CONFIG: await stack.writeSettings() }
    const command = [join(ROOT, 'bin/muster.js'), 'rules', 'test', ...args]
    return (await promisify(execFile)(process.execPath, command, { env, cwd: ROOT })).stdout.split('\n')
  }
  expect(await run('--severity', 'sev1', '--label', 'pool=exhausted')).toEqual([
    `executives: acts: invites ${sam}, U0LEFT0001; posts "Follow the runbook" with https://wiki.example.com/major; pages who is on call for shipping; announces it in #engineering`,
    'pool: acts: posts "Look at the pool first"',
    '',
  ])
  expect((await run('--severity', 'sev1', '--private'))[0]).toContain('does not act: the incident is private')
  expect((await run('--status', 'resolved'))[0]).toBe(
    'executives: does not act: it acts when the severity becomes sev1',
  )
  const mistaken = spawnSync(process.execPath, [join(ROOT, 'bin/muster.js'), 'rules', 'test', '--severity', 'sev9'], {
    env: { PATH: process.env.PATH ?? '', MUSTER_CONFIG: await stack.writeSettings() },
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect([mistaken.status, mistaken.stderr]).toEqual([
    1,
    'There is no severity sev9 in muster.yaml; it has sev1, sev2, sev3, sev4.\n',
  ])
  const mistakesOf = (rule: string) =>
    JSON.stringify(readMusterFile(`services: { web: {} }\nrules:\n  - { name: a, ${rule} }\n`))
  expect(mistakesOf('when: { declared: true }, do: { page: web }')).toContain('expected a service with a')
  expect(mistakesOf('when: { declared: true }, do: { page: S0PLATFORM }')).toContain('expected the id of a service')
  expect(mistakesOf('when: { declared: true }, do: { page: U0DANA0001 }')).not.toContain('mistakes')
  expect(mistakesOf('when: { status: resolved }, do: { page: U0DANA0001 }')).toContain(
    'nobody is paged when an incident ends',
  )
  const wrong = readMusterFile(
    'rules:\n  - { name: a, when: { severity: sev9 }, do: { page: nobody } }\n  - { name: b, when: {}, do: {} }\n',
  )
  expect(JSON.stringify(wrong)).toContain('expected exactly one of declared, severity, status, alert')
  expect(JSON.stringify(wrong)).toContain('expected something to do')
})
