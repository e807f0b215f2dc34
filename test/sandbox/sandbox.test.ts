import { expect, test } from 'vitest'
import { faultSwitches } from '../../sandbox/fault-switches.ts'
import { createSandbox } from '../../sandbox/sandbox.ts'
import { createStoryClock } from '../../sandbox/stories/clock.ts'
import type { PlayerEvent } from '../../sandbox/stories/player.ts'
import { createRecorder } from './recording.ts'

const startSandbox = async (options: { timezone?: string } = {}) => {
  const muster = await createRecorder()
  const sandbox = await createSandbox({
    clock: createStoryClock({ realNow: Date.now }),
    musterUrl: muster.url,
    manifest: new URL('../../manifest.yml', import.meta.url),
    ...options,
  })
  const events: PlayerEvent[] = []
  return {
    muster,
    sandbox,
    events,
    play: (story: string) =>
      sandbox.play(
        story,
        async () => {},
        (event) => events.push(event),
      ),
    async [Symbol.asyncDispose]() {
      await sandbox.stop()
      await muster.stop()
    },
  }
}

test("a failing PagerDuty does not keep a story's page from reaching Muster", async () => {
  await using started = await startSandbox()
  const { sandbox, muster, events, play } = started
  const failing = faultSwitches(sandbox).find(({ name }) => name === 'pagerduty-failing')
  await failing?.turn(true)
  const player = play('connection-collapse')
  await player.step()
  await player.step()
  await sandbox.pagerduty.settled()
  expect(events.filter(({ type }) => type === 'step_failed')).toEqual([])
  expect(muster.requests.map(({ body }) => JSON.parse(body).event.event_type)).toEqual([
    'incident.triggered',
    'incident.acknowledged',
  ])
  expect((await fetch(`${sandbox.pagerduty.url}/users`)).status).toBe(500)
})

test('captions and the page use the time zone of the documents', async () => {
  await using started = await startSandbox({ timezone: 'UTC' })
  const { sandbox, play } = started
  const player = play('interceptor-loop')
  await player.step()
  // 08:06 in Los Angeles; daylight saving time depends on the date of the run.
  expect(player.progress().caption).toMatch(/^1[56]:06 UTC /)
  const view = await (await fetch(`${sandbox.slack.url}/sandbox/workspace`)).json()
  expect(view).toMatchObject({ timezone: 'UTC', me: { timezone: 'Europe/Berlin' } })
})
