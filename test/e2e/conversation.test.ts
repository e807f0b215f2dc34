import { describe, expect, onTestFinished, test } from 'vitest'
import { declarePrivately } from './declare-privately.ts'
import { people, type Stack, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin } = people
const AWS_KEY = 'AKIAIOSFODNN7EXAMPLE'

const start = async (options: WorldOptions = {}): Promise<Stack> => {
  const stack = await startStack(options)
  onTestFinished(() => stack.stop())
  return stack
}

const declared = async (stack: Stack): Promise<string> => {
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare Checkout is slow')
  const { id } = await until('the channel', () => stack.incidentChannel(1))
  await until('the summary', () => stack.incidentChannel(1)?.pins.length)
  await stack.act({ type: 'join', as: robin, channel: id })
  return id
}

/** Posts a message and returns its `ts`. */
const post = async (stack: Stack, as: string, channel: string, text: string, threadTs?: string): Promise<string> => {
  await stack.act({ type: 'message', as, channel, text, ...(threadTs ? { threadTs } : {}) })
  return (await until('the message', () => stack.messages(channel).findLast((message) => message.text === text))).ts
}
const keptOf = async (stack: Stack, id = 'INC-1') =>
  (await stack.muster.store.messages.of(id, { last: 100 })).messages.map(({ text }) => text)

describe('what people write in an incident\u2019s channel', { timeout: 60_000 }, () => {
  test('stands in the postmortem: replies with what they answer, edited, without secrets, deleted ones gone', async () => {
    const stack = await start()
    const channel = await declared(stack)
    const first = await post(stack, dana, channel, 'Is it the connection pool?')
    await post(stack, robin, channel, `Looks full. <@${dana}> the key is ${AWS_KEY}`, first)
    const wrong = await post(stack, robin, channel, 'It is DNS')
    const typo = await post(stack, dana, channel, 'Restarting the pol')
    await stack.act({ type: 'edit_message', as: dana, channel, ts: typo, text: 'Restarting the pool' })
    await stack.act({ type: 'delete_message', as: robin, channel, ts: wrong })
    await stack.command(dana, channel, 'resolve pool restarted')
    await stack.settled()

    const markdown = (await stack.muster.postmortems.markdown('INC-1'))!
    const appendix = markdown.slice(markdown.indexOf('### Appendix: the conversation'))
    expect(appendix).toContain('3 messages')
    expect(appendix).toContain('| Dana Whitfield: Is it the connection pool? |')
    expect(appendix).toMatch(
      /Robin Okafor \(to Dana Whitfield, “Is it the connection pool\?”\): Looks full\. Dana Whitfield the key/,
    )
    expect(appendix).toContain('Restarting the pool _(edited)_')
    for (const text of [AWS_KEY, 'DNS', 'pol ']) expect(markdown).not.toContain(text)
    // Muster's own messages are on the timeline.
    expect(appendix).not.toContain('Muster:')
    const json = (await stack.muster.postmortems.json('INC-1'))!
    expect(json.conversation).toMatchObject([
      { by: 'Dana Whitfield', thread: null, edited: false },
      { thread: first, text: expect.stringContaining('[secret]') },
      { text: 'Restarting the pool', edited: true },
    ])
    expect(json.conversation?.[1]).toMatchObject({ text: expect.not.stringContaining(AWS_KEY) })

    await stack.command(dana, channel, 'find connection pool')
    await stack.settled()
    const found = textOf(stack.messages(channel).findLast(({ onlyFor }) => onlyFor === dana))
    expect(found).toContain(`<@${dana}>: Is it the connection pool?`)
    await stack.command(dana, channel, 'find DNS')
    await stack.settled()
    expect(textOf(stack.messages(channel).findLast(({ onlyFor }) => onlyFor === dana))).toContain('Nothing has all')
  })

  test('is written before Slack\u2019s delivery is acknowledged, and a repeated delivery adds nothing', async () => {
    const stack = await start({ http: true })
    const channel = await declared(stack)
    const { keep } = stack.muster.store.messages
    let deliveries = 0
    stack.muster.store.messages.keep = async (...given) => {
      if (deliveries++ === 0) throw new Error('disk full')
      const kept = await keep(...given)
      // Kept, but Slack is not told so: it delivers again.
      if (deliveries === 2) throw new Error('the process ends')
      return kept
    }
    await post(stack, dana, channel, 'Is it the connection pool?')
    await stack.settled()
    expect(deliveries).toBe(3)
    expect(await keptOf(stack)).toEqual(['Is it the connection pool?'])
  })

  test('is not kept of private incidents, and is deleted when one is made private', async () => {
    const stack = await start()
    const channel = await declared(stack)
    await post(stack, dana, channel, 'A customer wrote in')
    await stack.settled()
    expect(await keptOf(stack)).toHaveLength(1)
    await stack.command(dana, channel, 'private customer data')
    await until('the messages are gone', async () => (await keptOf(stack)).length === 0)

    const secret = await declarePrivately(stack, dana, 'Leaked credentials')
    await post(stack, dana, secret.channel!.id, 'They were on a laptop')
    await stack.settled()
    expect(await keptOf(stack, secret.id)).toEqual([])
    expect(await stack.muster.postmortems.markdown(secret.id)).not.toContain('laptop')
  })

  test('is kept of private incidents too, or of none, where muster.yaml says so', async () => {
    const all = await start({ file: { slack: { keepMessages: 'all' } } })
    const secret = await declarePrivately(all, dana, 'Leaked credentials')
    await post(all, dana, secret.channel!.id, 'They were on a laptop')
    await all.settled()
    expect(await keptOf(all)).toEqual(['They were on a laptop'])

    const none = await start({ file: { slack: { keepMessages: 'none' } } })
    await post(none, dana, await declared(none), 'Is it the connection pool?')
    await none.settled()
    expect(await keptOf(none)).toEqual([])
    expect(await none.muster.postmortems.markdown('INC-1')).not.toContain('the conversation')
  })
})
