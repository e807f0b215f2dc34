import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, ROOT, startStack, textOf, until } from './stack.ts'

test('a recorded cause is counted, exported with its rankings, and ranks the same from the files', {
  timeout: 180_000,
}, async () => {
  const stack = await startStack({ file: { evidence: { timeoutSeconds: 25 } } })
  onTestFinished(() => stack.stop())
  stack.sandbox.prometheus.show(connectionCollapse.world, Date.now())
  await stack.alertmanager({ name: 'HighLatency', service: 'shipping', annotations: { summary: 'High P90 latency' } })
  const channel = await until('the channel', () => stack.incidentChannel(1))
  const ranking = await until('the suspects', async () => (await stack.muster.store.read('INC-1'))?.ranking, 60_000)
  expect(ranking).toMatchObject({ label: 'likely', suspects: [{ service: 'mysql' }, {}, {}] })
  // The sandbox's Prometheus shares this thread: Slack would give up on the command.
  await stack.settled()

  await stack.command(people.dana, channel.id, 'cause MySQL the pool kept idle connections')
  await until('the cause', () =>
    stack.messages(channel.id).some((one) => textOf(one).includes('named the cause: *mysql*')),
  )
  const metrics = await (await stack.inside('/metrics')).text()
  expect(metrics).toMatch(/^muster_suspect_verdicts_total\{label="likely",right="yes"\} 1$/m)
  expect(metrics).toMatch(/^muster_suspect_rankings_total\{label="likely"\} [1-9]/m)

  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', ...stack.environment, LOG_LEVEL: 'silent' }
    return promisify(execFile)(process.execPath, [join(ROOT, 'bin/muster.js'), 'suspects', ...args], {
      env,
      cwd: stack.folder,
    })
  }
  const cases = join(stack.folder, 'cases')
  const exported = await run('export', '--out', cases)
  expect(exported.stderr + exported.stdout).toMatch(/Wrote \d+ case files? to /)
  const [file = ''] = readdirSync(cases)
  expect(JSON.parse(readFileSync(join(cases, file), 'utf8'))).toMatchObject({ truth: { service: 'mysql' } })
  const ranked = await run('rank', join(cases, file), '--json')
  const { label, suspects } = JSON.parse(ranked.stdout) as { label: string; suspects: { service: string }[] }
  expect([label, suspects[0]?.service]).toEqual(['likely', 'mysql'])
  const inWords = await run('rank', join(cases, file))
  expect(inWords.stdout).toContain('`mysql` is the likely cause: Open connections')

  await stack.command(people.dana, channel.id, 'resolve idle connections were killed')
  await until('the postmortem', async () =>
    (await stack.muster.postmortems.markdown('INC-1'))?.includes('The suspect ranking named `mysql` first (likely)'),
  )
})
