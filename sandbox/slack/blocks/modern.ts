import { z } from 'zod'
import { inContainers } from './classic.ts'
import { anyText, flag, id, imageElement, mrkdwn, plain } from './composition.ts'
import { button } from './elements.ts'
import { richText } from './rich-text.ts'

/** Block types introduced in 2026, rolled out to workspaces gradually. */

const cell = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.looseObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().optional() }),
  richText,
])
const sameWidth = (rows: unknown[][]): boolean => rows.every((row) => row.length === rows[0]?.length)

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
const table = z.strictObject({
  type: z.literal('table'),
  block_id: id,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
})

const longestTable = 10_000

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    block_id: id,
    caption: z.string().min(1),
    rows: z
      .array(z.array(cell).min(1).max(20))
      .min(2)
      .max(101)
      .refine(sameWidth, 'all rows must have the same number of values')
      .refine((rows) => rows[0]?.every(({ type }) => type !== 'rich_text'), 'header cells cannot be rich_text')
      .refine((rows) => cellLength(rows) <= longestTable, `must be less than ${longestTable + 1} characters`),
    page_size: z.number().int().min(1).max(100).optional(),
    row_header_column_index: z.number().int().min(0).optional(),
  })
  .refine((block) => (block.row_header_column_index ?? 0) < (block.rows[0]?.length ?? 0), {
    path: ['row_header_column_index'],
    error: 'must be the index of a column',
  })

const cellLength = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (name === 'text' && typeof member === 'string' ? member.length : cellLength(member)),
    0,
  )
}

const short = z.string().min(1).max(20)
const series = z
  .array(
    z.looseObject({
      name: short,
      data: z
        .array(z.looseObject({ label: short, value: z.number() }))
        .min(1)
        .max(20),
    }),
  )
  .min(1)
  .max(6)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'series names must be unique')

const axes = z.looseObject({
  categories: z.array(short).min(1).max(20),
  x_label: z.string().max(50).optional(),
  y_label: z.string().max(50).optional(),
})

const axisChart = (type: 'line' | 'bar' | 'area') =>
  z
    .looseObject({ type: z.literal(type), series, axis_config: axes })
    .refine(
      (chart) =>
        chart.series.every(
          ({ data }) =>
            data.length === chart.axis_config.categories.length &&
            new Set(data.map(({ label }) => label)).size === data.length &&
            data.every(({ label }) => chart.axis_config.categories.includes(label)),
        ),
      { path: ['series'], error: 'every series must have exactly one value for each category' },
    )

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: id,
  title: z.string().min(1).max(50),
  chart: z.discriminatedUnion('type', [
    axisChart('line'),
    axisChart('bar'),
    axisChart('area'),
    z.looseObject({
      type: z.literal('pie'),
      segments: z
        .array(z.looseObject({ label: short, value: z.number().positive() }))
        .min(1)
        .max(6),
    }),
  ]),
})

/** https://docs.slack.dev/reference/block-kit/blocks/task-card-block */
const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: id,
  task_id: z.string().min(1),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.looseObject({ type: z.literal('url'), url: z.string().min(1), text: z.string() })).optional(),
})

/** https://docs.slack.dev/reference/block-kit/blocks/plan-block */
const plan = z.strictObject({
  type: z.literal('plan'),
  block_id: id,
  title: z.string().min(1),
  tasks: z.array(taskCard).optional(),
})

/** https://docs.slack.dev/reference/block-kit/blocks/card-block */
const card = z.strictObject({
  type: z.literal('card'),
  block_id: id,
  hero_image: imageElement.optional(),
  icon: imageElement.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z.array(button).min(1).max(2).optional(),
})

const carousel = z.strictObject({
  type: z.literal('carousel'),
  block_id: id,
  elements: z.array(card).min(1).max(10),
})

/** https://docs.slack.dev/reference/block-kit/blocks/container-block */
const container = z
  .strictObject({
    type: z.literal('container'),
    block_id: id,
    title: plain(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    icon: imageElement.optional(),
    has_header_divider: flag,
    is_collapsible: flag,
    default_collapsed: flag,
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    child_blocks: z
      .array(z.discriminatedUnion('type', [...inContainers, table]))
      .min(1)
      .max(10),
  })
  .refine((block) => block.title !== undefined || block.rich_text_title !== undefined, 'missing required field: title')
  .refine((block) => block.default_collapsed !== true || block.is_collapsible === true, {
    path: ['default_collapsed'],
    error: 'requires `is_collapsible` to be true',
  })

/** https://docs.slack.dev/reference/block-kit/blocks/alert-block */
export const alert = z.strictObject({
  type: z.literal('alert'),
  block_id: id,
  text: anyText(3000),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
})

export const newInMessages = [table, dataTable, dataVisualization, plan, taskCard, card, carousel, container] as const
export const newInHome = [table, dataTable, dataVisualization, card, carousel, container] as const
