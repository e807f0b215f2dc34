import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { FAULTS, startFaultySlack } from './faulty-slack.ts'
import { people, startStack, unfinished, until } from './stack.ts'

/** Long enough for the breaker to open and for effects to be postponed several times. */
const ILL_FOR_MS = 3_000
/** The promise is 15 s, which the soak measures; a busy machine is slow, not wrong. */
const SETTLED_WITHIN_MS = 60_000
/** A sick Slack gets a probe every few seconds, not a storm. */
const MOST_CALLS = 120

test.each(FAULTS)(
  'with Slack failing by %s, nothing that was accepted is lost, and everything is posted after it recovers',
  {
    timeout: 120_000,
  },
  async (fault) => {
    const slack = await startFaultySlack()
    const stack = await startStack({ env: { SLACK_API_URL: slack.url } }, (world) =>
      slack.forwardTo(world.sandbox.environment().SLACK_API_URL as string),
    )
    onTestFinished(async () => {
      await slack.recover()
      await stack.stop()
      await slack.stop()
    })

    await slack.fail(fault)
    const since = Date.now()
    const general = stack.channelNamed('general')!.id
    const typed = await stack.command(people.dana, general, 'declare Payments are failing')
    expect(typed.ok, 'the command is acknowledged').toBe(true)
    expect((await stack.alertmanager({ name: 'Till is down', service: 'web' })).status).toBe(202)
    await sleep(ILL_FOR_MS)
    const titles = (await stack.muster.store.list()).map(({ title }) => title).toSorted()
    expect(titles).toEqual(['Payments are failing', 'Till is down'])
    expect(slack.callsSince(since)).toBeLessThan(MOST_CALLS)

    await slack.recover()
    await until(
      'both summaries and everything queued',
      async () =>
        [1, 2].every((number) => stack.incidentChannel(number)?.pins.length === 1) &&
        (await unfinished(stack.muster.store)).length === 0,
      SETTLED_WITHIN_MS,
    )
    for (const id of ['INC-1', 'INC-2']) {
      expect((await stack.muster.store.read(id))!.failures).toEqual({})
      const types = (await stack.muster.store.events(id)).map(({ type }) => type)
      expect(types).not.toContain('effect_failed')
      expect(types.filter((type) => type === 'channel_opened')).toHaveLength(1)
    }
    const marks = stack.messages().flatMap(({ metadata }) => (metadata ? [JSON.stringify(metadata)] : []))
    expect(new Set(marks).size).toBe(marks.length)
  },
)
