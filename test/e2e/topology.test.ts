import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ file: { evidence: { timeoutSeconds: 25 } } })
  stack.sandbox.prometheus.show(connectionCollapse.world, Date.now())
})
afterAll(() => stack.stop())

type Image = { type: string; alt_text?: string; title?: { text: string } }
const images = (channel: string | undefined) =>
  stack
    .messages(channel)
    .flatMap(({ blocks = [] }) => blocks as unknown as Image[])
    .filter(({ type, title }) => type === 'image' && title?.text.startsWith('Who calls whom'))

const elsewhere = () => stack.sandbox.slack.dump().channels.find(({ name }) => name === 'general')?.id as string
/** What the bot wrote to somebody in private. */
const direct = () => stack.sandbox.slack.dump().messages.filter(({ channel }) => channel.startsWith('D'))

describe('/incident topology', { timeout: 90_000 }, () => {
  test('outside an incident a named service is drawn for the person who requested it', async () => {
    await stack.command(people.dana, elsewhere(), 'topology shipping')
    const picture = await until(
      'the picture',
      () =>
        direct()
          .flatMap(({ blocks = [] }) => blocks as unknown as Image[])
          .find(({ type }) => type === 'image'),
      60_000,
    )
    expect(picture.alt_text).toMatch(/^Who calls whom around shipping: \d+ services\..* web calls shipping/)
  })

  test('a service unknown to Prometheus is refused with the known ones', async () => {
    await stack.command(people.dana, elsewhere(), 'topology shiping')
    const text = await until(
      'the answer',
      () =>
        direct()
          .map(textOf)
          .find((text) => text.includes('shiping')),
      60_000,
    )
    expect(text).toContain('Prometheus shows no service called shiping; it has shipping')
  })

  test('outside an incident a service must be named', async () => {
    await stack.command(people.dana, elsewhere(), 'topology')
    const text = await until('the answer', () =>
      stack
        .messages(elsewhere())
        .map(textOf)
        .find((text) => text.includes('Name a service')),
    )
    expect(text).toContain('/incident topology shipping')
  })

  test("in an incident's channel the picture is posted in the summary's thread, and frozen", async () => {
    await stack.alertmanager({ name: 'HighLatency', service: 'shipping' })
    const channel = await until('the channel', () => stack.incidentChannel(1))
    await until('the first picture', () => images(channel.id)[0], 60_000)
    await stack.command(people.dana, channel.id, 'topology catalogue')
    const drawn = await until(
      'the picture that was asked for',
      () => images(channel.id).find(({ title }) => title?.text === 'Who calls whom around catalogue'),
      60_000,
    )
    expect(drawn.alt_text).toContain('catalogue calls mongodb')
    const events = await stack.muster.store.events('INC-1', { types: ['topology_drawn'] })
    const [event] = events
    const hash = event?.type === 'topology_drawn' ? event.graph : undefined
    expect(await stack.muster.store.snapshot(hash ?? '')).toMatchObject({ kind: 'call_graph' })
  })

  test('an alert of an undeclared database joins the incident of the service that calls it', async () => {
    await until('the calls', async () => (await stack.muster.store.read('INC-1'))?.ranking, 60_000)
    await stack.alertmanager({ name: 'TooManyConnections', service: 'mysql' })
    const joined = await until('the alert', async () => {
      const events = await stack.muster.store.events('INC-1', { types: ['alert_joined'] })
      return events.find((event) => event.type === 'alert_joined' && event.service === 'mysql')
    })
    expect(joined).toMatchObject({ reason: expect.stringContaining('shipping \u2192 mysql (calls seen in metrics)') })
    const text = await until('the line in the channel', () =>
      stack
        .messages(stack.incidentChannel(1)?.id)
        .map(textOf)
        .find((text) => text.includes('calls seen in metrics')),
    )
    expect(text).toContain('TooManyConnections')
    expect(stack.incidentChannel(2)).toBeUndefined()
  })
})
