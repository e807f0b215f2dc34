import { execFile } from 'node:child_process'
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
  const wrong = readMusterFile(
    'rules:\n  - { name: a, when: { severity: sev9 }, do: { page: nobody } }\n  - { name: b, when: {}, do: {} }\n',
  )
  expect(JSON.stringify(wrong)).toContain('expected exactly one of declared, severity, status, alert')
  expect(JSON.stringify(wrong)).toContain('expected something to do')
})
