import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { declarePrivately } from './declare-privately.ts'
import { people, type Stack, startStack, textOf, until, type WorldOptions } from './stack.ts'

const { dana, robin } = people

/** A model's endpoint; `answer` may be replaced. */
const startModel = async () => {
  const asked: string[] = []
  const model = {
    answer: (response: ServerResponse, _asked: string): unknown => response.writeHead(500).end(),
    asked,
    url: '',
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push(body)
    model.answer(response, body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return model
}
const says = (content: string) => (response: ServerResponse) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ choices: [{ message: { content } }] }))

const start = async (summaries = true, options: WorldOptions = {}) => {
  const model = await startModel()
  const stack = await startStack({
    file: { assistants: { summaries } },
    env: { SUMMARY_API_URL: model.url, SUMMARY_MODEL: 'small-model' },
    ...options,
  })
  onTestFinished(() => stack.stop())
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare Checkout is slow')
  const { id: channel } = await until('the channel', () => stack.incidentChannel(1))
  await until('the summary', () => stack.incidentChannel(1)?.pins.length)
  await stack.act({ type: 'join', as: robin, channel })
  return { stack, model, channel }
}
const posted = (stack: Stack, channel: string) =>
  stack
    .messages(channel)
    .filter(({ onlyFor }) => !onlyFor)
    .map(textOf)
const answered = (stack: Stack, channel: string) =>
  textOf(stack.messages(channel).findLast(({ onlyFor }) => onlyFor === dana))

describe('/incident summary', { timeout: 60_000 }, () => {
  test('posts what the model wrote, marked as such, each sentence with what it stands on', async () => {
    const { stack, model, channel } = await start()
    await stack.act({ type: 'message', as: robin, channel, text: 'I restarted the pool' })
    await stack.settled()
    model.answer = (response, request) => {
      const [who] = /Person \d+(?=: I restarted)/.exec(request) ?? []
      says(
        `Checkout was slow. [1]\n${who} restarted the pool. [m1]\nNobody is <!channel> safe <@${robin}>. [1]\nAliens did it.`,
      )(response)
    }
    await stack.command(dana, channel, 'summary')
    const text = await until('the summary', () => posted(stack, channel).find((one) => one.includes('not by a person')))
    await stack.settled()
    expect(text).toContain('Summary by a language model (small-model), not by a person.')
    expect(text).toContain('\u2022 Checkout was slow. [1]')
    expect(text).toContain('Robin Okafor restarted the pool. [m1]')
    expect(text).toMatch(/`m1` .* a message by Robin Okafor/)
    expect(text).not.toContain('Aliens')
    // It mentions nobody.
    expect(text).not.toContain('<!channel>')
    expect(text).not.toContain(`<@${robin}>`)
    for (const name of ['Robin', 'Dana', robin, dana]) expect(model.asked[0]).not.toContain(name)

    // The draft does not stand on it, and neither does a later summary.
    await stack.command(dana, channel, 'resolve pool restarted')
    await stack.settled()
    const markdown = (await stack.muster.postmortems.markdown('INC-1'))!
    expect(markdown.split('### Appendix')[0]).not.toContain('small-model')
    await stack.command(dana, channel, 'summary')
    await until('the second request', () => model.asked.length === 2)
    expect(model.asked[1]).not.toContain('not by a person')
  })

  test('is off unless muster.yaml allows it, whatever the environment says', async () => {
    const { stack, model, channel } = await start(false)
    await stack.command(dana, channel, 'summary')
    await until('the answer', () => answered(stack, channel).includes('assistants.summaries'))
    expect(model.asked).toEqual([])
  })

  test('sends nothing of a private incident', async () => {
    const { stack, model } = await start()
    const secret = await declarePrivately(stack, dana, 'Leaked credentials')
    await stack.command(dana, secret.channel!.id, 'summary')
    await until('the answer', () => answered(stack, secret.channel!.id).includes('nothing of it is sent'))
    expect(model.asked).toEqual([])
  })

  test('is requested once at a time, and is in nobody\u2019s way while the model hangs', async () => {
    const { stack, model, channel } = await start()
    model.answer = () => {}
    await stack.command(dana, channel, 'summary')
    await until('the request', () => model.asked.length > 0)
    await stack.command(dana, channel, 'summary')
    await until('the refusal', () => answered(stack, channel).includes('is being written already'))
    // The model hangs; everything else goes on.
    await stack.command(dana, channel, 'update we are looking at it')
    await until('the update', () => posted(stack, channel).some((text) => text.includes('we are looking at it')))
  })

  test('says in the channel why there is none, after a few attempts', async () => {
    const { stack, model, channel } = await start()
    model.answer = says('Aliens did it.')
    await stack.command(dana, channel, 'summary')
    await until(
      'the reason',
      () => posted(stack, channel).find((text) => /could not have a summary written.*stands on an entry/s.test(text)),
      40_000,
    )
    expect(model.asked.length).toBeLessThanOrEqual(3)
  })
})
