/** Every kind of block, as an app would send it. */
import type { KnownBlock } from '@slack/types'

type Loose = { type: string; block_id?: string; [member: string]: unknown }

export const words = (text: string) => ({ type: 'plain_text', text, emoji: true })
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
})
export const option = (text: string, value: string, description?: string) => ({
  text: words(text),
  value,
  ...(description ? { description: words(description) } : {}),
})

/** The SDK's types have neither `data_visualization` nor header levels. */
export const asBlocks = (blocks: Loose[]) => blocks as unknown as KnownBlock[]

const times = ['03:00', '03:01', '03:02', '03:03', '03:04', '03:05', '03:06', '03:07']
const series = (name: string, values: number[]) => ({
  name,
  data: times.map((label, index) => ({ label, value: values[index] ?? 0 })),
})

export const summary: Loose[] = [
  { type: 'header', text: words(':rotating_light: INC-7 Shipping is slow, customers notice') },
  {
    type: 'section',
    block_id: 'facts',
    fields: [
      mrkdwn('*Status*\nInvestigating'),
      mrkdwn('*Severity*\n:large_orange_circle: SEV-2'),
      mrkdwn('*Commander*\n<@U0DANA0001>'),
      mrkdwn('*Started*\n<!date^1763700000^{date_short_pretty} {time}|2025-11-21 04:40 UTC>'),
    ],
    accessory: { type: 'button', action_id: 'take', text: words('Take command'), style: 'primary', value: 'INC-7' },
  },
  { type: 'divider' },
  {
    type: 'section',
    block_id: 'impact',
    text: mrkdwn(
      'P90 latency of *Shipping* rose from _1 s_ to *9.28 s*; `5xx` at 30 %, ~nothing in the logs~.\n> Customers cannot choose a delivery date.\n• see <https://grafana.shop.example/d/shipping|the dashboard>\n• ask <!subteam^S0PLATFORM|@platform-oncall> in <#C0UNKNOWN|engineering> &lt;soon&gt; &amp; kindly\n```select count(*) from information_schema.processlist;\n512```',
    ),
  },
  {
    type: 'actions',
    block_id: 'next',
    elements: [
      { type: 'button', action_id: 'update', text: words('Post an update') },
      {
        type: 'button',
        action_id: 'cancel',
        text: words('Cancel incident'),
        style: 'danger',
        confirm: {
          title: words('Cancel INC-7?'),
          text: mrkdwn('The channel stays, *the page stops*.'),
          confirm: words('Cancel it'),
          deny: words('Keep it'),
          style: 'danger',
        },
      },
      {
        type: 'static_select',
        action_id: 'severity',
        placeholder: words('Severity'),
        options: [option('SEV-1', 'sev1', 'Everything is down'), option('SEV-2', 'sev2'), option('SEV-3', 'sev3')],
        initial_option: option('SEV-2', 'sev2'),
      },
      { type: 'users_select', action_id: 'assign', placeholder: words('Assign a role') },
      {
        type: 'overflow',
        action_id: 'more',
        options: [
          option('Snooze reminders', 'snooze'),
          { ...option('Runbook', 'runbook'), url: 'https://runbooks.shop.example/shipping' },
        ],
      },
    ],
  },
  {
    type: 'context',
    elements: [
      mrkdwn(
        ':pushpin: React with a pin to keep a message on the <https://muster.example/timeline|timeline>.\nOr type a note.',
      ),
      words('Updated a moment ago'),
    ],
  },
]

export const evidence: Loose[] = [
  {
    type: 'data_visualization',
    title: 'Shipping: P90 latency',
    chart: {
      type: 'line',
      series: [
        series('shipping', [1, 1.1, 2.4, 5.2, 9.28, 14, 31, 63]),
        series('ratings', [0.4, 0.4, 0.5, 1, 2.4, 4, 6, 9]),
      ],
      axis_config: { categories: times, x_label: 'UTC', y_label: 'seconds' },
    },
  },
  {
    type: 'data_visualization',
    title: 'Where the errors are',
    chart: {
      type: 'pie',
      segments: [
        { label: 'shipping', value: 61 },
        { label: 'ratings', value: 27 },
        { label: 'web', value: 12 },
      ],
    },
  },
]

export const moreCharts: Loose[] = [
  {
    type: 'data_visualization',
    title: 'Failed requests',
    chart: { type: 'bar', series: [series('5xx', [0, 0, 2, 9, 17, 30, 30, 28])], axis_config: { categories: times } },
  },
  {
    type: 'data_visualization',
    title: 'Connections to MySQL',
    chart: {
      type: 'area',
      series: [series('connections', [80, 95, 160, 300, 480, 512, 512, 512])],
      axis_config: { categories: times },
    },
  },
]

const task = (id: string, title: string, status: string, more: object = {}) => ({
  type: 'task_card',
  task_id: id,
  title,
  status,
  ...more,
})

export const checklist: Loose[] = [
  {
    type: 'plan',
    title: 'Setting up INC-7',
    tasks: [
      task('channel', 'Channel opened', 'complete'),
      task('page', 'Robin Okafor paged', 'complete', { output: richText('acknowledged after 41 s') }),
      task('evidence', 'Collecting evidence', 'in_progress'),
      task('grafana', 'Grafana dashboard', 'error', {
        details: richText('Grafana answered 503. Type /incident retry.'),
        sources: [{ type: 'url', url: 'https://grafana.shop.example', text: 'Grafana' }],
      }),
      task('postmortem', 'Postmortem draft', 'pending'),
    ],
  },
  {
    type: 'container',
    title: words('Suspects'),
    subtitle: mrkdwn('3 candidates, the first fits *best*'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [
      { type: 'section', text: mrkdwn('*1. MySQL connections at their limit*, 512 of 512 since 03:05') },
      { type: 'section', text: mrkdwn('2. A deploy of Ratings two days ago') },
    ],
  },
]

export const tables: Loose[] = [
  {
    type: 'data_table',
    caption: 'Open incidents',
    row_header_column_index: 0,
    page_size: 5,
    rows: [
      ['Incident', 'Service', 'Minutes'].map((text) => ({ type: 'raw_text', text })),
      ...[
        ['INC-1', 'web', 12],
        ['INC-2', 'cart', 95],
        ['INC-3', 'payment', 7],
        ['INC-4', 'ratings', 230],
        ['INC-5', 'user', 31],
        ['INC-6', 'dispatch', 4],
        ['INC-7', 'shipping', 58],
      ].map(([id, service, minutes]) => [
        { type: 'raw_text', text: id },
        { type: 'raw_text', text: service },
        { type: 'raw_number', value: minutes, text: String(minutes) },
      ]),
    ],
  },
]

export const plainTable: Loose[] = [
  {
    type: 'table',
    column_settings: [{ align: 'left' }, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'Role' },
        { type: 'raw_text', text: 'Since' },
      ],
      [richText('commander'), { type: 'raw_text', text: '03:04' }],
      [
        { type: 'raw_text', text: 'scribe' },
        { type: 'raw_text', text: '03:09' },
      ],
    ],
  },
]

export const prose: Loose[] = [
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Hand-over to ' },
          { type: 'user', user_id: 'U0SAM00001' },
          { type: 'text', text: ': ' },
          { type: 'text', text: 'mitigated', style: { bold: true } },
          { type: 'emoji', name: 'white_check_mark' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'kill idle connections' }] },
          {
            type: 'rich_text_section',
            elements: [{ type: 'link', url: 'https://runbooks.shop.example', text: 'the runbook' }],
          },
        ],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'It holds for a while.' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'kill 4711;' }] },
    ],
  },
  {
    type: 'markdown',
    text: '## What we know\n\n- **shipping** holds 490 sleeping connections\n- traffic is *flat*\n\n| service | 5xx |\n|---|---:|\n| shipping | 30 % |\n| ratings | 84 % |\n\n<script>alert(1)</script> [no](javascript:alert(1)) :tada:',
  },
]

export const cards: Loose[] = [
  {
    type: 'carousel',
    elements: ['INC-3', 'INC-5', 'INC-6'].map((id) => ({
      type: 'card',
      title: mrkdwn(`*${id}* looked the same`),
      subtitle: mrkdwn('14 days ago'),
      body: mrkdwn('Connections at their limit; fixed by a smaller pool.'),
      actions: [{ type: 'button', action_id: `open-${id}`, text: words('Open') }],
    })),
  },
  { type: 'card', title: mrkdwn('Runbook: connections'), body: mrkdwn('Kill what sleeps longer than *1,000 s*.') },
]

export const picture = (file: string): Loose[] => [
  {
    type: 'image',
    title: words('Shipping, last hour'),
    alt_text: 'Latency of Shipping rises from 1 to 63 seconds',
    slack_file: { id: file },
  },
]
