import { expect, test } from 'vitest'
import { createChecker } from '../../../sandbox/slack/blocks/check.ts'
import { blocksOf, refusal, startSlack } from './start.ts'

const fileState = () => undefined
const checker = createChecker({ supportsNewBlocks: true, fileState })
const problems = (...blocks: object[]) =>
  checker.blocks(blocks).map(({ message, pointer }) => `${message} @ ${pointer}`)

const chart = {
  type: 'data_visualization',
  title: 'Errors at checkout',
  chart: {
    type: 'line',
    series: [
      {
        name: '5xx',
        data: [
          { label: '10:00', value: 0.1 },
          { label: '10:05', value: -4 },
        ],
      },
    ],
    axis_config: { categories: ['10:00', '10:05'], y_label: 'per second' },
  },
}
const task = { type: 'task_card', task_id: 'page', title: 'Page the on-call', status: 'complete' }
const plan = { type: 'plan', title: 'Setting up', tasks: [task] }
const table = {
  type: 'data_table',
  caption: 'Open incidents',
  page_size: 20,
  rows: [
    [
      { type: 'raw_text', text: 'Incident' },
      { type: 'raw_text', text: 'Minutes' },
    ],
    [
      { type: 'raw_text', text: 'INC-1' },
      { type: 'raw_number', value: 12, text: '12' },
    ],
  ],
}
const container = {
  type: 'container',
  title: { type: 'plain_text', text: 'Details' },
  is_collapsible: true,
  default_collapsed: true,
  child_blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'More.' } }],
}
const card = { type: 'card', title: { type: 'mrkdwn', text: 'INC-1' }, body: { type: 'mrkdwn', text: 'Open.' } }

test('accepts the block types of 2026', () => {
  expect(problems(chart, plan, table, container, card, { type: 'carousel', elements: [card] })).toEqual([])
  expect(problems({ type: 'header', text: { type: 'plain_text', text: 'Summary' }, level: 2 })).toEqual([])
  const alert = { type: 'alert', level: 'warning', text: { type: 'mrkdwn', text: 'This pages people.' } }
  const modal = { type: 'modal', title: { type: 'plain_text', text: 'Page' }, blocks: [alert] }
  expect(checker.view(modal, 'modal')).toEqual([])
})

const series = (change: object) => ({ ...chart, chart: { ...chart.chart, ...change } })
test.each([
  [
    'a category without a value',
    series({ axis_config: { categories: ['10:00', '10:05', '10:10'] } }),
    'every series must have exactly one value for each category @ /blocks/0/chart/series',
  ],
  [
    'a seventh series',
    series({ series: Array.from({ length: 7 }, (_, n) => ({ ...chart.chart.series[0], name: `s${n}` })) }),
    'no more than 6 items allowed @ /blocks/0/chart/series',
  ],
  [
    'a long label',
    series({ series: [{ name: 'x'.repeat(21), data: chart.chart.series[0]?.data }] }),
    'must be less than 21 characters @ /blocks/0/chart/series/0/name',
  ],
  ['a long title', { ...chart, title: 'x'.repeat(51) }, 'must be less than 51 characters @ /blocks/0/title'],
  [
    'a status that is none',
    { ...plan, tasks: [{ ...task, status: 'completed' }] },
    'must be a valid enum value @ /blocks/0/tasks/0/status',
  ],
  [
    'a table of 102 rows',
    { ...table, rows: Array.from({ length: 102 }, () => table.rows[1]) },
    'no more than 101 items allowed @ /blocks/0/rows',
  ],
  [
    'a table with a short row',
    { ...table, rows: [table.rows[0], table.rows[1]!.slice(1)] },
    'all rows must have the same number of values @ /blocks/0/rows',
  ],
  [
    'a container in a container',
    { ...container, child_blocks: [container] },
    'unsupported type: container @ /blocks/0/child_blocks/0/type',
  ],
  [
    'an eleventh child',
    { ...container, child_blocks: Array.from({ length: 11 }, () => ({ type: 'divider' })) },
    'no more than 10 items allowed @ /blocks/0/child_blocks',
  ],
  [
    'a container that is closed for good',
    { ...container, is_collapsible: false },
    'requires `is_collapsible` to be true @ /blocks/0/default_collapsed',
  ],
  [
    'a card with a long body',
    { ...card, body: { type: 'mrkdwn', text: 'x'.repeat(201) } },
    'must be less than 201 characters @ /blocks/0/body/text',
  ],
])('refuses %s', (_what, block, problem) => {
  expect(problems(block)).toEqual([problem])
})

test('rejects a third chart, and a plan together with single tasks', () => {
  expect(problems(chart, chart, chart)).toEqual(['no more than 2 data_visualization blocks allowed @ /blocks/2'])
  expect(problems(plan, task)).toEqual(['plan and task_card blocks cannot be used together @ /blocks'])
})

test('rejects a second table with its own error', async () => {
  const { client, slack } = await startSlack()
  const channel = slack.workspace.findChannel('general')!.id
  const inside = { ...container, child_blocks: [{ type: 'table', rows: table.rows }] }
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks: blocksOf(table, inside) }))).toMatchObject(
    {
      error: 'only_one_table_allowed',
    },
  )
})

test('rejects them in a workspace without them', async () => {
  const { client, slack } = await startSlack({ supportsNewBlocks: false })
  const channel = slack.workspace.findChannel('general')!.id
  const blocks = blocksOf({ type: 'divider' }, plan)
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks }))).toMatchObject({
    error: 'invalid_blocks',
    errors: ['unsupported type: plan [json-pointer:/blocks/1/type]'],
    response_metadata: { messages: ['[ERROR] unsupported type: plan [json-pointer:/blocks/1/type]'] },
  })
  const header = blocksOf({ type: 'header', text: { type: 'plain_text', text: 'Summary' }, level: 2 })
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks: header }))).toMatchObject({
    errors: ['invalid additional property: level [json-pointer:/blocks/0]'],
  })
})

test('validates blocks without posting them', async () => {
  const { client } = await startSlack({ supportsNewBlocks: false })
  const validate = (member: object) => client.apiCall('blocks.validate', { ...member })
  expect(await validate({ blocks: JSON.stringify([{ type: 'divider' }]) })).toMatchObject({ ok: true })
  expect(await refusal(validate({ blocks: JSON.stringify([plan]) }))).toMatchObject({
    error: 'invalid_blocks',
    errors: [{ pointer: '/blocks/0/type', message: 'unsupported type: plan' }],
  })
  expect(await refusal(validate({}))).toMatchObject({ error: 'invalid_arguments' })
})
