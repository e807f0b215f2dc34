import { expect, onTestFinished, test } from 'vitest'
import { people, type Stack, serve, startStack, startWorld, textOf, until, type World } from './stack.ts'

const { dana, robin } = people

/** An incident with a message in its channel that is worth keeping. */
const withMessage = async (world: World | Stack) => {
  expect(await world.command(dana, world.channelNamed('general')!.id, 'declare Checkout is slow')).toEqual({ ok: true })
  const { id: channel } = await until('the channel', () => world.incidentChannel(1))
  await until('the summary', () => world.incidentChannel(1)?.pins.length)
  await world.act({ type: 'join', as: robin, channel })
  const text = 'I restarted the pool at 14:02'
  await world.act({ type: 'message', as: robin, channel, text })
  const { ts } = await until('the message', () => world.messages(channel).find((message) => message.text === text))
  return { channel, ts, text, pin: () => world.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin' }) }
}

const start = async (http: boolean): Promise<Stack> => {
  const stack = await startStack({ http })
  onTestFinished(() => stack.stop())
  return stack
}
const notesOf = async (stack: Stack) =>
  (await stack.muster.store.events('INC-1')).filter((event) => event.type === 'noted' && event.message)

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
  const stack = await start(false)
  const { pin } = await withMessage(stack)
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.replies', error: 'internal_error', times: 2 })
  await pin()
  await until('the note', async () => (await notesOf(stack)).length === 1)
  expect((await notesOf(stack))[0]).toMatchObject({
    by: robin,
    text: 'I restarted the pool at 14:02',
    link: expect.stringContaining('/archives/'),
  })
})

test('two pushpins and the shortcut record a message once', async () => {
  const stack = await start(false)
  const { channel, ts, pin } = await withMessage(stack)
  await pin()
  await stack.act({ type: 'reaction', as: robin, channel, ts, name: 'pushpin' })
  await stack.act({ type: 'shortcut', as: dana, callbackId: 'add_to_timeline', message: { channel, ts } })
  await stack.settled()
  expect(await notesOf(stack)).toHaveLength(1)
})

test('an event that could not be recorded is not acknowledged, so that Slack retries it', async () => {
  const stack = await start(true)
  const { pin } = await withMessage(stack)
  const { write } = stack.muster.store
  let refused = 0
  stack.muster.store.write = async (...given) => {
    if (refused++ === 0) throw new Error('disk full')
    return write(...given)
  }
  await pin()
  await stack.settled()
  expect(refused).toBeGreaterThan(1)
  expect(await notesOf(stack)).toHaveLength(1)
})

test('the person who marked a message is told when it has been deleted meanwhile', async () => {
  const stack = await start(false)
  const { channel, pin } = await withMessage(stack)
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.replies', error: 'thread_not_found' })
  await pin()
  await stack.settled()
  expect(await notesOf(stack)).toEqual([])
  expect(stack.messages(channel).find(({ onlyFor }) => onlyFor === dana)?.text).toContain('was deleted before')
})

/** The lines of the timeline that people see, oldest first. */
const timelineOf = async (stack: Stack, person = dana) => {
  const { id } = stack.incidentChannel(1)!
  await stack.command(person, id, 'timeline')
  await stack.settled()
  return textOf(stack.messages(id).findLast(({ onlyFor }) => onlyFor === person))
}
const reactionsOf = (stack: Stack, { channel, ts }: { channel: string; ts: string }) =>
  stack
    .messages(channel)
    .find((message) => message.ts === ts)
    ?.reactions.map(({ name }) => name) ?? []

test.for([false, true])(
  'removing the last mark removes the entry, and a new one restores it (HTTP: %s)',
  async (http) => {
    const stack = await start(http)
    const { channel, ts, text, pin } = await withMessage(stack)
    const react = (as: string, remove: boolean) =>
      stack.act({ type: 'reaction', as, channel, ts, name: 'pushpin', ...(remove ? { remove } : {}) })
    await pin()
    await stack.act({ type: 'pin', as: robin, channel, ts })
    await stack.settled()
    expect(await timelineOf(stack)).toContain(text)
    await react(dana, true)
    await stack.settled()
    // Still pinned.
    expect(await timelineOf(stack)).toContain(text)
    await stack.act({ type: 'pin', as: dana, channel, ts, remove: true })
    await stack.settled()
    expect(await timelineOf(stack)).not.toContain(text)
    expect(reactionsOf(stack, { channel, ts })).not.toContain('white_check_mark')
    await stack.act({ type: 'pin', as: robin, channel, ts })
    await stack.settled()
    expect(await timelineOf(stack)).toContain(text)
    expect(await notesOf(stack)).toHaveLength(1)
  },
)

test("a kept message follows its author's edits and deletion; other messages are ignored", async () => {
  const stack = await start(false)
  const { channel, ts, pin } = await withMessage(stack)
  await pin()
  await stack.settled()
  await stack.act({ type: 'edit_message', as: robin, channel, ts, text: 'I restarted the pool at 14:20' })
  await stack.settled()
  expect(await timelineOf(stack)).toContain('I restarted the pool at 14:20')
  const before = (await stack.muster.store.read('INC-1'))!.version
  await stack.act({ type: 'message', as: robin, channel, text: 'chatter' })
  const { ts: other } = stack.messages(channel).find(({ text }) => text === 'chatter')!
  await stack.act({ type: 'edit_message', as: robin, channel, ts: other, text: 'more chatter' })
  await stack.act({ type: 'delete_message', as: robin, channel, ts: other })
  // A reply changes its parent in Slack, but not its words.
  await stack.act({ type: 'message', as: robin, channel, text: 'a reply', threadTs: ts })
  await stack.settled()
  expect((await stack.muster.store.read('INC-1'))!.version).toBe(before)
  await stack.act({ type: 'delete_message', as: robin, channel, ts })
  await stack.settled()
  const entry = (await notesOf(stack))[0]!.seq
  expect(await timelineOf(stack)).not.toContain('I restarted the pool')
  await stack.command(dana, channel, `timeline history ${entry}`)
  await stack.settled()
  const history = textOf(stack.messages(channel).findLast(({ onlyFor }) => onlyFor === dana))
  expect(history).toContain('14:02')
  expect(history).toContain('the message was deleted in Slack')
})

test('a reply is kept with the message it replies to', async () => {
  const stack = await start(false)
  const { channel, ts } = await withMessage(stack)
  await stack.act({ type: 'message', as: dana, channel, text: 'that helped', threadTs: ts })
  await stack.settled()
  const reply = stack.messages(channel).find(({ text }) => text === 'that helped')!
  await stack.act({ type: 'reaction', as: robin, channel, ts: reply.ts, name: 'pushpin' })
  await stack.settled()
  expect(await timelineOf(stack)).toContain(
    `<@${dana}>: that helped (in reply to <@${robin}>: \u201cI restarted the pool at 14:02\u201d)`,
  )
})

test('muster.yaml sets the reactions that keep a message', async () => {
  const stack = await startStack({ file: { slack: { keepReactions: [':star:'] } } })
  onTestFinished(() => stack.stop())
  const { channel, ts, pin } = await withMessage(stack)
  await pin()
  await stack.settled()
  expect(await notesOf(stack)).toEqual([])
  await stack.act({ type: 'reaction', as: dana, channel, ts, name: 'star' })
  await stack.settled()
  expect(await notesOf(stack)).toHaveLength(1)
})

test("a message unmarked before it was fetched stays off the timeline, and Muster's own pin of the summary is not a mark", async () => {
  const stack = await start(false)
  const { channel, ts, pin } = await withMessage(stack)
  stack.sandbox.slack.faults.add({ kind: 'error', method: 'conversations.replies', error: 'internal_error', times: 1 })
  await pin()
  await stack.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin', remove: true })
  await stack.settled()
  expect(await notesOf(stack)).toEqual([])
})

/** A picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test.for([false, true])(
  'an image in a kept message is frozen and appears in the postmortem, even after it is deleted in Slack (HTTP: %s)',
  async (http) => {
    const stack = await start(http)
    const { channel } = await withMessage(stack)
    stack.sandbox.slack.faults.add({ kind: 'status', method: 'files-pri', status: 503, times: 1 })
    for (const [name, base64] of [
      ['latency.png', PNG],
      ['dump.txt', Buffer.from('not a picture').toString('base64')],
    ] as const)
      await stack.act({ type: 'share_file', as: robin, channel, name, base64, text: `look at ${name}` })
    for (const message of stack.messages(channel).filter(({ files }) => files.length > 0))
      await stack.act({ type: 'reaction', as: dana, channel, ts: message.ts, name: 'pushpin' })
    await until('both notes', async () => (await notesOf(stack)).length === 2)
    const [picture] = (await notesOf(stack)).flatMap((event) => (event.type === 'noted' ? (event.pictures ?? []) : []))
    expect(picture).toMatchObject({ kind: 'image', title: 'latency.png' })
    const frozen = await stack.muster.store.snapshot(picture!.hash)
    expect(frozen).toMatchObject({ mediaType: 'image/png', base64: PNG })
    expect(await timelineOf(stack)).toContain('look at latency.png (picture: latency.png)')

    await stack.command(dana, channel, 'resolve it is over')
    await stack.settled()
    const html = await stack.muster.postmortems.html('INC-1')
    expect(html).toContain(PNG)
    const { ts } = stack.messages(channel).find(({ text }) => text === 'look at latency.png')!
    await stack.act({ type: 'reaction', as: dana, channel, ts, name: 'pushpin', remove: true })
    await stack.settled()
    expect(await stack.muster.postmortems.html('INC-1')).not.toContain(PNG)
  },
)
