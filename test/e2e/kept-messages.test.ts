import { expect, onTestFinished, test } from 'vitest'
import { people, type Road, serve, startRoad, startWorld, until, type World } from './muster.ts'

const { dana, robin } = people

/** An incident with a message in its channel that is worth keeping. */
const withMessage = async (world: World | Road) => {
  expect(await world.command(dana, world.channelNamed('general')!.id, 'declare Checkout is slow')).toEqual({ ok: true })
  const { id: channel } = await until('the channel', () => world.incidentChannel(1))
  await until('the summary', () => world.incidentChannel(1)?.pins.length)
  await world.act({ type: 'join', as: robin, channel })
  const text = 'I restarted the pool at 14:02'
  await world.act({ type: 'message', as: robin, channel, text })
  const { ts } = await until('the message', () => world.messages(channel).find((message) => message.text === text))
  return { channel, ts, text, pin: () => world.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin' }) }
}

const start = async (http: boolean): Promise<Road> => {
  const road = await startRoad({ http })
  onTestFinished(() => road.stop())
  return road
}
const notesOf = async (road: Road) =>
  (await road.muster.store.events('INC-1')).filter((event) => event.type === 'noted' && event.message)

test.for([
  ['Socket Mode', false],
  ['HTTP mode', true],
] as const)(
  'a pushpin survives a crash right after its event was acknowledged, in %s',
  {
    timeout: 60_000,
  },
  async ([, http]) => {
    const world = await startWorld({ http })
    const environment = { ...world.environment, MUSTER_CONFIG: await world.writeSettings() }
    let muster = serve(environment)
    onTestFinished(async () => {
      await muster.kill()
      await world.stop()
    })
    const ready = () =>
      until('Muster', () =>
        fetch(`${world.musterUrl}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
    await ready()
    if (!http) await until('the connection', () => world.sandbox.slack.connections() === 1)
    const { channel, ts, pin } = await withMessage(world)
    world.sandbox.slack.faults.add({ kind: 'latency', method: 'conversations.replies', ms: 3_000 })
    await pin()
    await world.sandbox.slack.settled()
    await muster.kill()

    world.sandbox.slack.faults.clear()
    muster = serve(environment)
    await ready()
    await until('the mark', () =>
      world
        .messages(channel)
        .find((message) => message.ts === ts)
        ?.reactions.some(({ name }) => name === 'white_check_mark'),
    )
  },
)

test('a pushpin is recorded even when Slack refuses to return the message at first', async () => {
  const road = await start(false)
  const { pin } = await withMessage(road)
  road.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.replies', error: 'internal_error', times: 2 })
  await pin()
  await until('the note', async () => (await notesOf(road)).length === 1)
  expect((await notesOf(road))[0]).toMatchObject({
    by: robin,
    text: 'I restarted the pool at 14:02',
    link: expect.stringContaining('/archives/'),
  })
})

test('two pushpins and the shortcut record a message once', async () => {
  const road = await start(false)
  const { channel, ts, pin } = await withMessage(road)
  await pin()
  await road.act({ type: 'reaction', as: robin, channel, ts, name: 'pushpin' })
  await road.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
  await road.settled()
  expect(await notesOf(road)).toHaveLength(1)
})

test('an event that could not be recorded is not acknowledged, so that Slack retries it', async () => {
  const road = await start(true)
  const { pin } = await withMessage(road)
  const { write } = road.muster.store
  let refused = 0
  road.muster.store.write = async (...given) => {
    if (refused++ === 0) throw new Error('disk full')
    return write(...given)
  }
  await pin()
  await road.settled()
  expect(refused).toBeGreaterThan(1)
  expect(await notesOf(road)).toHaveLength(1)
})

test('the person who marked a message is told when it has been deleted meanwhile', async () => {
  const road = await start(false)
  const { channel, pin } = await withMessage(road)
  road.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.replies', error: 'thread_not_found' })
  await pin()
  await road.settled()
  expect(await notesOf(road)).toEqual([])
  expect(road.messages(channel).find(({ onlyFor }) => onlyFor === dana)?.text).toContain('was deleted before')
})
