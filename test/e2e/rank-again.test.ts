import { expect, test } from 'vitest'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { startMuster } from '../../src/muster.ts'
import { createLog } from '../../src/platform/log.ts'
import { startWorld, until } from './stack.ts'

test('a ranking that was due while Muster was away is made after the restart', { timeout: 120_000 }, async () => {
  const world = await startWorld({ file: { evidence: { timeoutSeconds: 25 } } })
  let ahead = 0
  const options = { now: () => Date.now() + ahead, log: createLog('silent') }
  let muster = await startMuster(world.config(), options)
  try {
    world.sandbox.prometheus.show(connectionCollapse.world, Date.now())
    await world.alertmanager({ name: 'HighLatency', service: 'shipping' })
    const rankings = async () => {
      const events = await muster.store.events('INC-1', { types: ['suspects_ranked'] })
      return events.flatMap((event) => (event.type === 'suspects_ranked' ? [event] : []))
    }
    const [first] = await until('the first ranking', async () => {
      const found = await rankings()
      return found.length > 0 && found
    })
    expect(first).toMatchObject({ trigger: 'opening', again: { round: 1 } })
    await muster.stop()

    // Two rounds are missed: the one that was queued is made, and names the next that is still to come.
    ahead = 150_000
    muster = await startMuster(world.config(), options)
    await muster.catchUp()
    const later = await until(
      'the ranking after the restart',
      async () => (await rankings()).find(({ trigger }) => trigger === 'later'),
      60_000,
    )
    expect(later.again).toMatchObject({ round: 3 })
  } finally {
    await muster.stop()
    await world.stop()
  }
})
