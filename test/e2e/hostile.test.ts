import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana } = people
let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

/** What Slack would take for something that pings people, outside of our own mark-up. */
const PINGS = /<!(channel|here|everyone|subteam)|<@(?!U0)/

const titles: [name: string, title: string][] = [
  ['a ping to everybody', '<!channel> <!here> <@U0SAM00001> wake up & fix'],
  ['mark-up', '*bold* _it_ ~no~ `code` <https://evil.example|click> &lt;b&gt;'],
  ['emoji alone', '\u{1F525}\u{1F525}\u{1F525}'],
  ['right to left', '\u202Eתקלה בתשלום\u202C is down'],
  ['ten thousand characters', `Checkout ${'x'.repeat(10_000)} end`],
  ['template syntax', '{{ incident.id }} {% raw %} <script>alert(1)</script>'],
  ['line breaks', 'first line\nsecond line\r\n\tthird'],
]

/** Where PostgreSQL and terminals stumble. */
const ODD: [name: string, title: string][] = [
  ...titles,
  ['a NUL and half a surrogate pair', 'broken\0title \uD83D here'],
]

test.each(ODD)(
  'a webhook whose title is %s opens an incident that renders safely and is complete in the log',
  async (name, title) => {
    const answer = await stack.alertmanager({
      name,
      service: `service of ${name}`,
      annotations: { summary: title },
      startsAt: '1970-01-01T00:00:00Z',
    })
    expect(answer.status).toBe(202)
    await stack.settled()
    const [incident] = await stack.muster.store.list({ limit: 1 })
    const [declared] = await stack.muster.store.events(incident!.id)
    const cleaned = title.trim().toWellFormed().replaceAll('\0', '\uFFFD')
    expect(declared).toMatchObject({
      type: 'declared',
      title: cleaned,
      alert: { title: title.toWellFormed().replaceAll('\0', '\uFFFD') },
    })
    expectShownSafely(incident!)
    const channel = incident!.channel!.id
    await stack.act({ type: 'join', as: dana, channel })
    expect(await stack.command(dana, channel, `resolve ${incident!.id} over`)).toEqual({ ok: true })
    await stack.settled()
    expect(stack.messages(channel).map(textOf).join()).toContain('resolved')
    expectShownSafely((await stack.muster.store.read(incident!.id))!)
  },
)

test.each(titles)('an incident declared with %s renders safely and is complete in the log', async (_name, title) => {
  const before = (await stack.muster.store.list({ limit: 1 }))[0]?.id
  expect(await stack.command(dana, stack.channelNamed('general')!.id, `declare ${title}`)).toEqual({ ok: true })
  const incident = await until('the incident', async () => {
    const [newest] = await stack.muster.store.list({ limit: 1 })
    return newest?.id === before ? undefined : newest
  })
  await stack.settled()
  const [declared] = await stack.muster.store.events(incident.id)
  // A title shows no mentions, so it has the name that the person who typed it saw.
  expect(declared).toMatchObject({ title: asTyped(title).replace(`<@${people.sam}>`, 'Sam Castellanos') })
  expectShownSafely((await stack.muster.store.read(incident.id))!)
})

/** Slack hands what was typed over with its own links and entities; in the log it is plain text again. */
const asTyped = (title: string): string =>
  title.trim().replace('<https://evil.example|click> &lt;b&gt;', 'click (https://evil.example) <b>')

const expectShownSafely = (incident: { id: string; failures: object; channel?: { id: string; name: string } }) => {
  expect(incident.failures).toEqual({})
  expect(incident.channel!.name).toMatch(/^inc-\d+[a-z0-9-]*$/)
  const shown = stack
    .messages()
    .filter((message) => message.byApp && !message.subtype && textOf(message).includes(incident.id))
  expect(shown.length).toBeGreaterThanOrEqual(2)
  for (const message of shown) {
    expect(message.text).not.toMatch(PINGS)
    // A header is plain text, which Slack takes for nothing else.
    const marked = JSON.stringify((message.blocks ?? []).filter(({ type }) => type !== 'header'))
    expect(marked).not.toMatch(PINGS)
    expect(marked).not.toContain('<@U0SAM00001>')
    expect(marked).not.toContain('<https://evil.example|')
  }
}

test("a message over Slack's limits is split into several valid ones", async () => {
  await stack.alertmanager({ name: 'Long story', service: 'long' })
  await stack.settled()
  const [incident] = await stack.muster.store.list({ limit: 1 })
  const channel = incident!.channel!.id
  await stack.act({ type: 'join', as: dana, channel })
  const long = `update ${'All is well, but slowly. '.repeat(400)}`
  expect(await stack.command(dana, channel, long)).toEqual({ ok: true })
  await stack.settled()
  const updated = (await stack.muster.store.events(incident!.id)).find(({ type }) => type === 'update_posted')
  expect(updated).toMatchObject({ text: long.slice('update '.length).trim() })
  expect((await stack.muster.store.read(incident!.id))!.failures).toEqual({})
  const messages = stack.messages(channel).filter(({ blocks }) => JSON.stringify(blocks ?? []).includes('slowly'))
  const words = messages
    .flatMap(({ blocks }) => blocks ?? [])
    .map((block) => (block.text as { text: string } | undefined)?.text ?? '')
  expect(words.join(' ').split('slowly.').length - 1).toBeGreaterThanOrEqual(400)
})
