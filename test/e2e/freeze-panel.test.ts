import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Block } from '../../sandbox/slack/client-api.ts'
import type { Message } from '../../sandbox/slack/state.ts'
import { connectionCollapse } from '../../sandbox/stories/connection-collapse/story.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const MINUTE = 60_000
let stack: Stack
let channel: string
const link = (path: string) => `${stack.sandbox.grafana.url}${path}`
const say = async (text: string, where = channel, as: string = people.mei): Promise<void> => {
  await stack.act({ type: 'join', as, channel: where })
  expect(await stack.act({ type: 'message', as, channel: where, text })).toEqual({ ok: true })
}
const offersTo = (person: string): Message[] =>
  stack.messages().filter((message) => message.onlyFor === person && textOf(message).includes('Freeze this'))
const images = () =>
  stack
    .messages(channel)
    .flatMap(({ blocks = [] }) => blocks as { type: string; title?: { text: string } }[])
    .flatMap(({ type, title }) => (type === 'image' && title ? [title.text] : []))

beforeEach(async () => {
  const services = { shipping: { name: 'Shipping' } }
  stack = await startStack({ file: { services }, env: { PROMETHEUS_URL: '', LOKI_URL: '' } })
  onTestFinished(() => stack.stop())
  const anchor = Date.now() - 15 * MINUTE
  stack.sandbox.prometheus.show(connectionCollapse.world, anchor)
  stack.sandbox.grafana.show(connectionCollapse, anchor)
  await stack.command(people.dana, stack.channelNamed('general')!.id, 'declare Shipping is slow')
  channel = (await until('the incident', () => stack.incidentChannel(1))).id
  await stack.settled()
})

test('a linked panel is frozen with one click, and appears in the postmortem', async () => {
  await say(`Look at <${link('/d/shipping/shipping?viewPanel=1')}>, it goes up`)
  const offer = await until('the offer', () => offersTo(people.mei)[0])
  const row = offer.blocks!.find(({ type }) => type === 'actions') as Block & { elements: { action_id: string }[] }
  const [button] = row.elements
  await stack.act({
    type: 'block_action',
    as: people.mei,
    in: { channel, ts: offer.ts },
    action: { type: 'button', ...button!, block_id: row.block_id! },
  })
  await until('the picture', () => images().includes('P90 latency'))
  await stack.settled()
  await stack.command(people.dana, channel, 'resolve Restarted')
  await stack.settled()
  const markdown = await stack.muster.postmortems.markdown('INC-1')
  expect(markdown).toMatch(/!\[P90 latency[^\]]*\]\(charts\/[\w-]+\.png\)/)
})

test('a whole dashboard is frozen as its first panels', async () => {
  stack.sandbox.grafana.setRenderer(false)
  await stack.command(people.dana, channel, `evidence ${link('/d/shipping/shipping?orgId=1')}`)
  await until('the pictures', () => images().length >= 2)
  expect(new Set(images()).size).toBeGreaterThan(1)
})

test('nothing is offered outside the channel, for other links, or for posts by programs or Muster itself', async () => {
  const general = stack.channelNamed('general')!.id
  await say(link('/d/shipping/shipping?viewPanel=1'), general)
  await say('https://grafana.elsewhere.example/d/shipping/x?viewPanel=1')
  await say(`${link('/explore')} and no link at all`)
  // Muster's own summary and thread link to Grafana.
  await stack.command(people.dana, channel, `evidence ${link('/d/shipping/shipping?viewPanel=1')}`)
  await stack.settled()
  await say(link('/d/shipping/shipping?viewPanel=1'), channel, people.priya)
  await until('the last offer', () => offersTo(people.priya)[0])
  expect(
    stack.messages().filter(({ onlyFor, ...message }) => onlyFor && textOf(message).includes('Freeze this')),
  ).toHaveLength(1)
})

test('an unusable link is refused with what to do instead', async () => {
  const lastReply = () => textOf(stack.messages(channel).findLast(({ onlyFor }) => onlyFor === people.dana))
  await stack.command(people.dana, channel, 'evidence https://grafana.elsewhere.example/d/shipping/x?viewPanel=1')
  expect(lastReply()).toContain(`leads to no panel or dashboard of ${stack.sandbox.grafana.url}. Open the panel there`)
  await stack.command(people.dana, channel, 'evidence of what')
  expect(lastReply()).toContain('add the link to one panel of Grafana')
  await stack.command(people.dana, channel, 'help evidence')
  expect(lastReply()).toContain('/incident evidence https://grafana.example.com/d/shipping/shipping?viewPanel=4')
})
