import { expect, onTestFinished, test } from 'vitest'
import { startFaultySlack } from './faulty-slack.ts'
import { serve, startWorld, until } from './stack.ts'

/** A Muster of its own in a world whose Slack can reject tokens. */
const start = async () => {
  const slack = await startFaultySlack()
  const world = await startWorld({ env: { SLACK_API_URL: slack.url, LOG_LEVEL: 'info' } })
  slack.forwardTo(world.sandbox.environment().SLACK_API_URL as string)
  const settings = { ...world.environment, MUSTER_CONFIG: await world.writeSettings() }
  const running: ReturnType<typeof serve>[] = []
  onTestFinished(async () => {
    for (const muster of running) if (muster.running()) await muster.kill()
    await world.stop()
    await slack.stop()
  })
  return {
    slack,
    world,
    launch: () => {
      const muster = serve(settings)
      running.push(muster)
      return muster
    },
  }
}

test('a token that Slack has never accepted aborts start-up with one sentence', { timeout: 60_000 }, async () => {
  const { slack, launch } = await start()
  await slack.fail('invalid_auth')
  const muster = launch()
  expect(await muster.exited()).toBe(1)
  expect(muster.stderr()).toMatch(/Slack refused SLACK_(BOT|APP)_TOKEN/)
  expect(muster.logged()).not.toContain('Muster is running')
})

test('a revoked token does not keep Muster from starting: alerts are accepted', {
  timeout: 60_000,
}, async () => {
  const { slack, world, launch } = await start()
  const first = launch()
  // Only a start that has reached Slack remembers that the tokens were accepted.
  await until('the first start', async () => /"(Muster is running|Slack is connected)"/.test(first.logged()))
  await first.kill()
  await slack.fail('token_revoked')
  const second = launch()
  await until('the second start', async () => second.logged().includes('Muster is running, without Slack so far'))
  expect(second.logged()).toContain('Slack rejects a token that it used to accept')
  expect((await world.alertmanager({ name: 'Checkout is down', service: 'web' })).status).toBe(202)
  expect(await second.terminate()).toBe(0)
})
