import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { readMusterFile } from '../../src/config/read-muster-file.ts'
import { people, ROOT, type Road, startRoad, textOf, until } from './muster.ts'

const { dana, robin, sam } = people
let road: Road
afterEach(() => road.stop())

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
const ours = (number = 1) => road.incidentChannel(number)!
const say = async (as: string, text: string, number = 1) => {
  await road.command(as, ours(number).id, text)
  await road.settled()
}
const said = (number = 1) => road.messages(ours(number).id).map(textOf).join('\n')
const engineering = () => road.messages(road.channelNamed('engineering')!.id).map(textOf).join('\n')
const applied = async (id: string) =>
  (await road.muster.store.events(id)).flatMap((event) => (event.type === 'rule_applied' ? [event.rule] : []))

test('a rule invites, posts, pages and announces when the severity becomes what it says, and only once', async () => {
  road = await startRoad({ file: { rules } })
  await road.command(dana, road.channelNamed('general')!.id, 'declare sev2 odd orders')
  await road.settled()
  expect(await applied('INC-1')).toEqual([])
  await Promise.all([say(dana, 'severity sev1'), say(robin, 'severity sev1')])
  await until('what the rule says', () => said().includes('Follow the runbook'))
  await until('who it invites', () => ours().members.includes(sam))
  expect(said()).toContain('https://wiki.example.com/major')
  await until('the announcement', () => engineering().includes('customers are affected'))
  const paged = async () =>
    (await road.muster.store.events('INC-1')).filter(
      (event) => event.type === 'page_requested' && event.service === 'shipping',
    )
  expect(await paged()).toHaveLength(1)
  await say(dana, 'severity sev2 it is less')
  await say(dana, 'severity sev1')
  expect(await applied('INC-1')).toEqual(['executives'])
  expect(await paged()).toHaveLength(1)
  const inEngineering = road.messages(road.channelNamed('engineering')!.id)
  expect(inEngineering.filter((one) => textOf(one).includes('customers are affected'))).toHaveLength(1)
})

test('an alert that joins can be what a rule waits for; private incidents and drills are left alone', async () => {
  road = await startRoad({ file: { rules } })
  await road.alertmanager({ name: 'PoolExhausted', labels: { pool: 'exhausted' } })
  await until('the rule', () => road.incidentChannel(1) && said().includes('Look at the pool first'))
  for (const flag of ['--private', '--drill'])
    await road.command(dana, road.channelNamed('general')!.id, `declare ${flag} sev1 a leaked credential`)
  await road.settled()
  expect([await applied('INC-2'), await applied('INC-3')]).toEqual([[], []])
  expect(engineering()).not.toContain('customers are affected')
})

test('`muster rules test` says which would act and why not, and mistakes have their line', async () => {
  road = await startRoad({ file: { rules } })
  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', MUSTER_CONFIG: await road.writeSettings() }
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
