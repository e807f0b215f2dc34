import { expect, test } from 'vitest'
import { createChecker } from '../../../sandbox/slack/blocks/check.ts'
import { blocksOf, fixture, refusal, startSlack } from './start.ts'

const file = { name: 'checkout-5xx.png', ready: true }
const checker = createChecker({ supportsNewBlocks: true, fileState: (id) => (id === 'F0GRAPH0001' ? file : undefined) })
const problems = (...blocks: object[]) =>
  checker.blocks(blocks).map(({ message, pointer }) => `${message} @ ${pointer}`)

const text = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) })
const label = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) })
const button = (action_id: string, more = {}) => ({ type: 'button', action_id, text: label(10), ...more })
const options = (count: number) => Array.from({ length: count }, (_, n) => ({ text: label(3), value: `v${n}` }))
const repeat = (count: number, block: object) => Array.from({ length: count }, () => block)

test('accepts the blocks of an incident message and of a form', () => {
  expect(checker.blocks(fixture('request_chat_postMessage_incident').blocks)).toEqual([])
  expect(checker.view(fixture('request_views_open').view, 'modal')).toEqual([])
  expect(checker.blocks([fixture('block_image_slack_file')])).toEqual([])
})

test.each([
  [
    'a section of 3001 characters',
    { type: 'section', text: text(3001) },
    'must be less than 3001 characters @ /blocks/0/text/text',
  ],
  ['an empty text', { type: 'section', text: text(0) }, 'must be more than 0 characters @ /blocks/0/text/text'],
  ['a section without text', { type: 'section' }, 'missing required field: text @ /blocks/0'],
  [
    'eleven fields',
    { type: 'section', fields: repeat(11, text(3)) },
    'no more than 10 items allowed @ /blocks/0/fields',
  ],
  [
    'a long field',
    { type: 'section', fields: [text(2001)] },
    'must be less than 2001 characters @ /blocks/0/fields/0/text',
  ],
  ['a long header', { type: 'header', text: label(151) }, 'must be less than 151 characters @ /blocks/0/text/text'],
  ['a header in markup', { type: 'header', text: text(3) }, 'must be a valid enum value @ /blocks/0/text/type'],
  ['a fifth level', { type: 'header', text: label(3), level: 5 }, 'must be less than 5 @ /blocks/0/level'],
  [
    'eleven context elements',
    { type: 'context', elements: repeat(11, text(3)) },
    'no more than 10 items allowed @ /blocks/0/elements',
  ],
  ['no actions', { type: 'actions', elements: [] }, 'no fewer than 1 items allowed @ /blocks/0/elements'],
  [
    'a long button',
    { type: 'actions', elements: [button('a', { text: label(76) })] },
    'must be less than 76 characters @ /blocks/0/elements/0/text/text',
  ],
  [
    'a button with an unknown member',
    { type: 'actions', elements: [button('a', { disabled: true })] },
    'invalid additional property: disabled @ /blocks/0/elements/0',
  ],
  [
    'a long value',
    { type: 'actions', elements: [button('a', { value: 'x'.repeat(2001) })] },
    'must be less than 2001 characters @ /blocks/0/elements/0/value',
  ],
  [
    'a duplicate action id',
    { type: 'actions', elements: [button('a'), button('a')] },
    'Action ID needs to be unique @ /blocks/0/elements/1/action_id',
  ],
  [
    'six overflow options',
    { type: 'section', text: text(3), accessory: { type: 'overflow', options: options(6) } },
    'no more than 5 items allowed @ /blocks/0/accessory/options',
  ],
  [
    '101 options',
    { type: 'section', text: text(3), accessory: { type: 'static_select', options: options(101) } },
    'no more than 100 items allowed @ /blocks/0/accessory/options',
  ],
  [
    'an initial option that is not among the options',
    {
      type: 'section',
      text: text(3),
      accessory: { type: 'static_select', options: options(2), initial_option: { text: label(3), value: 'v9' } },
    },
    'must match one of the provided options @ /blocks/0/accessory/initial_option',
  ],
  [
    'an image without alt text',
    { type: 'image', image_url: 'https://shop.example/a.png' },
    'missing required field: alt_text @ /blocks/0',
  ],
  [
    'an image without a source',
    { type: 'image', alt_text: 'Graph' },
    'must define either `slack_file` or `image_url` @ /blocks/0',
  ],
  [
    'a file that was not uploaded',
    { type: 'image', alt_text: 'Graph', slack_file: { id: 'F0MISSING01' } },
    'invalid slack file @ /blocks/0/slack_file',
  ],
  ['a block nobody knows', { type: 'marquee' }, 'unsupported type: marquee @ /blocks/0/type'],
  [
    'an unknown element',
    { type: 'actions', elements: [{ type: 'dial' }] },
    'unsupported type: dial @ /blocks/0/elements/0/type',
  ],
  ['no type', { text: text(3) }, 'missing required field: type @ /blocks/0'],
  ['an alert in a message', { type: 'alert', text: text(3) }, 'unsupported type: alert @ /blocks/0/type'],
])('refuses %s', (_what, block, problem) => {
  expect(problems(block)).toEqual([problem])
})

test('rejects the 51st block and duplicate block ids', () => {
  expect(problems(...repeat(51, { type: 'divider' }))).toEqual(['no more than 50 items allowed @ /blocks'])
  expect(problems(...repeat(2, { type: 'divider', block_id: 'line' }))).toEqual([
    'Block ID needs to be unique @ /blocks/1/block_id',
  ])
})

test.each([
  ['a title of 25 characters', { title: label(25) }, 'must be less than 25 characters @ /view/title/text'],
  ['inputs without a submit button', { submit: undefined }, 'missing required field: submit @ /view'],
  [
    'private metadata of 3001 characters',
    { private_metadata: 'x'.repeat(3001) },
    'must be less than 3001 characters @ /view/private_metadata',
  ],
  ['101 blocks', { blocks: repeat(101, { type: 'divider' }) }, 'no more than 100 items allowed @ /view/blocks'],
])('refuses a modal with %s', (_what, change, problem) => {
  const view = { ...(fixture('request_views_open').view as object), ...change }
  expect(checker.view(view, 'modal').map(({ message, pointer }) => `${message} @ ${pointer}`)).toEqual([problem])
})

test("reports errors in Slack's wording", async () => {
  const { client, slack } = await startSlack()
  const channel = slack.workspace.findChannel('general')!.id
  const blocks = [{ type: 'divider' }, { type: 'section', text: text(3001) }]
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks }))).toMatchObject(
    fixture('api_chat.postMessage.invalid_blocks'),
  )
})

test('limits the combined length of blocks', async () => {
  const { client, slack } = await startSlack()
  const channel = slack.workspace.findChannel('general')!.id
  const blocks = (length: number) =>
    blocksOf(...repeat(4, { type: 'section', text: text(3000) }), { type: 'section', text: text(length) })
  expect(await client.chat.postMessage({ channel, text: 'x', blocks: blocks(1200) })).toMatchObject({ ok: true })
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks: blocks(1201) }))).toMatchObject({
    error: 'msg_blocks_too_long',
  })
})
