import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Block } from '../../sandbox/slack/client-api.ts'
import { people, type Stack, startStack, textOf, until } from './stack.ts'

const { dana, robin } = people
const STOP = 'Stop the harm first; find the cause later'
const PAGE = 'Say on the status page that we are investigating'
let stack: Stack
let channel: string

beforeAll(async () => {
  stack = await startStack({
    file: {
      call: 'https://meet.example.com/{id}',
      firstSteps: [{ severity: 'sev1', steps: [STOP, PAGE] }],
    },
  })
  await stack.command(dana, stack.channelNamed('general')!.id, 'declare sev1 Checkout is down')
  await stack.settled()
  channel = (await until('the channel', () => stack.incidentChannel(1))).id
})
afterAll(() => stack.stop())

const pinned = () =>
  stack.messages(channel).find(({ ts }) => stack.incidentChannel(1)!.pins.some((pin) => pin.ts === ts))!
type Button = { type: string; action_id: string; value?: string; url?: string; text: { text: string } }
const buttons = (blocks: Block[] = []) =>
  blocks.flatMap((block) =>
    [...((block.elements as Button[] | undefined) ?? []), ...(block.accessory ? [block.accessory as Button] : [])]
      .filter(({ type }) => type === 'button')
      .map((button) => ({ ...button, block_id: block.block_id! })),
  )
const click = async (as: string, message: { ts: string; blocks?: Block[] }, command: string) => {
  const button = buttons(message.blocks).find(({ value }) => value === command)!
  expect(await stack.act({ type: 'block_action', as, in: { channel, ts: message.ts }, action: button })).toMatchObject({
    ok: true,
  })
  await stack.settled()
}
const answersTo = (person: string) => stack.messages(channel).filter(({ onlyFor }) => onlyFor === person)

test('the call is a button on the summary, a bookmark, and a link in the announcement', async () => {
  const call = 'https://meet.example.com/INC-1'
  expect(buttons(pinned().blocks).find(({ url }) => url === call)?.text.text).toBe('Join the call')
  expect(stack.incidentChannel(1)!.bookmarks).toContainEqual(expect.objectContaining({ title: 'Call', link: call }))
  const announced = stack.messages(stack.channelNamed('incidents')!.id).map(textOf).join('\n')
  expect(announced).toContain(`<${call}|join the call>`)
})

test('the summary lists the first steps; a button ticks one, and the log says who and when', async () => {
  expect(textOf(pinned())).toContain(`:white_large_square: ${STOP}`)
  await click(robin, pinned(), `step done ${STOP}`)
  expect(textOf(pinned())).toMatch(new RegExp(`:white_check_mark: ${STOP} . <@${robin}>`))
  expect(textOf(pinned())).toContain(`:white_large_square: ${PAGE}`)
  const events = await stack.muster.store.events('INC-1')
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'first_step_checked', step: STOP, done: true, by: robin, at: expect.any(Number) }),
  )
  await stack.command(dana, channel, 'timeline')
  await until('the timeline', () =>
    answersTo(dana).some((one) => textOf(one).includes(`completed a first step: ${STOP}`)),
  )
})

test('whoever takes command is offered the open steps, each with a button', async () => {
  await stack.command(dana, channel, 'assign commander me')
  const offer = await until('the offer', () =>
    answersTo(dana).find((message) => buttons(message.blocks).some(({ value }) => value === `step done ${PAGE}`)),
  )
  expect(textOf(offer)).toContain('You are now *Commander*')
  expect(textOf(offer)).not.toContain(STOP)
  await click(dana, offer, `step done ${PAGE}`)
  expect((await stack.muster.store.read('INC-1'))!.firstSteps?.map(({ step, by }) => [step, by])).toEqual([
    [STOP, robin],
    [PAGE, dana],
  ])
})

test('a person appointed commander finds the open steps in their briefing', async () => {
  await stack.command(dana, channel, 'step undo 2')
  await stack.command(dana, channel, `assign commander <@${robin}>`)
  await stack.settled()
  const direct = stack.channels().find(({ kind, members }) => kind === 'dm' && members.includes(robin))!
  expect(stack.messages(direct.id).map(textOf).join('\n')).toContain(`To do first: ${PAGE}`)
  await stack.command(dana, channel, 'step 2')
  await stack.settled()
})

test('a tick can be undone by number, and an unknown number is rejected', async () => {
  await stack.command(dana, channel, 'step undo 1')
  await stack.settled()
  expect(textOf(pinned())).toContain(`:white_large_square: ${STOP}`)
  await stack.command(dana, channel, 'step 7')
  await until('the refusal', () => answersTo(dana).some((one) => textOf(one).includes('has no first step 7')))
})

test('the postmortem draft says who worked through the steps', async () => {
  await stack.command(dana, channel, 'step 1')
  await stack.command(dana, channel, 'resolve rolled back')
  await stack.settled()
  const draft = (await stack.muster.postmortems.markdown('INC-1'))!
  expect(draft).toContain(`completed a first step: ${STOP}`)
  expect(draft).toMatch(/2 first steps were done, the last \d/)
  expect(buttons(pinned().blocks).some(({ url }) => url?.includes('meet'))).toBe(false)
})
