import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lint } from 'markdownlint/sync'
import { describe, expect, test } from 'vitest'
import { XmlDocument } from 'xmldoc'
import { createCharts } from '../../src/charts/charts.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { canvasMarkdown } from '../../src/postmortem/canvas.ts'
import { confluencePage } from '../../src/postmortem/confluence.ts'
import { runsOf } from '../../src/postmortem/pdf-text.ts'
import { PostmortemJson, postmortemSchema } from '../../src/postmortem/schema.ts'
import { requireOrSkip } from '../real/require.ts'
import { declared, graph, logged, looked, NOW, written } from './drafts.ts'

const EVIL = '| x |\n\n# Injected\n<img src=x onerror=alert(1)> ]]> [a](javascript:alert(1)) ** & `'
const hostile = () => {
  const events: IncidentEvent[] = [
    declared(EVIL),
    { type: 'noted', at: NOW, by: 'U0ADA0001', text: EVIL },
    { type: 'impact_described', at: NOW, by: 'U0ADA0001', text: EVIL },
    { type: 'action_added', at: NOW, by: 'U0ADA0001', id: 1, text: EVIL, owner: 'U0ADA0001' },
  ]
  return logged(events, { nameOf: async () => EVIL, labels: { service: () => EVIL } })
}
const FIXTURES = ['connection-collapse', 'interceptor-loop']

describe('the Markdown', () => {
  /** Lines are as long as their sentences, in tables above all. */
  const config = { default: true, MD013: false }

  test.each(FIXTURES)('passes markdownlint: %s', async (file) => {
    const content = String(await (await written(file, { timezone: 'Europe/Kyiv' })).markdown('INC-1'))
    expect(lint({ strings: { content }, config }).content).toEqual([])
  })

  test('passes markdownlint with no data, and with hostile text', async () => {
    const empty = String(await (await logged([declared()])).markdown('INC-1'))
    const evil = String(await (await hostile()).markdown('INC-1'))
    expect(lint({ strings: { empty, evil }, config })).toEqual({ empty: [], evil: [] })
  })
})

describe('the JSON', () => {
  test('matches its published schema', async () => {
    const published = JSON.parse(readFileSync(new URL('../../docs/postmortem.schema.json', import.meta.url), 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(postmortemSchema())))
    for (const file of FIXTURES) {
      const json = await (await written(file)).json('INC-1')
      expect(PostmortemJson.parse(json)).toEqual(json)
    }
    expect(PostmortemJson.safeParse(await (await hostile()).json('INC-1')).error).toBeUndefined()
  })
})

describe('the Confluence page', () => {
  const page = (body: string) => new XmlDocument(`<page xmlns:ac="a" xmlns:ri="r">${body}</page>`)

  test('is well-formed, with charts as attachments and logs as code', async () => {
    const body = String(await (await written('connection-collapse')).confluence('INC-1'))
    const names = page(body).descendantWithPath('table')
      ? [...body.matchAll(/<([a-z0-9:-]+)/g)].map(([, name]) => name)
      : []
    expect(new Set(names)).toEqual(
      new Set([
        ...['ac:structured-macro', 'ac:rich-text-body', 'ac:plain-text-body', 'ac:image', 'ri:attachment'],
        ...[
          'p',
          'h2',
          'h3',
          'h4',
          'ul',
          'li',
          'strong',
          'em',
          'code',
          'a',
          'table',
          'thead',
          'tbody',
          'tr',
          'th',
          'td',
          'hr',
        ],
      ]),
    )
    expect(body).toMatch(
      /<ac:image ac:alt="P90 latency of Shipping: [^"]+"[^>]*><ri:attachment ri:filename="\w+\.png" \/>/,
    )
    expect(body).toContain('<![CDATA[03:04 java.sql.SQLTransientConnectionException')
    expect(body).not.toContain('style=')
  })

  test('stays well-formed with hostile text, which cannot break out of a code block', async () => {
    const body = String(await (await hostile()).confluence('INC-1'))
    expect(page(body).childrenNamed('h2').length).toBeGreaterThan(10)
    expect(body).not.toMatch(/<img|href="javascript/)
    const code = page(confluencePage('# t\n\n```text\nx ]]> <b>y</b>\n```\n'))
    expect(code.toString()).toContain('y')
    expect(code.descendantWithPath('ac:structured-macro.ac:plain-text-body.b')).toBeUndefined()
  })
})

describe('the Slack canvas', () => {
  test('has three levels of headings, no quotes, no images and no appendix', async () => {
    const canvas = String(await (await written('connection-collapse')).canvas('INC-1'))
    expect(canvas).not.toMatch(/^(#{4,}|>)/m)
    expect(canvas).not.toMatch(/!\[|Appendix|\]\(</)
    expect(canvas).toContain(
      '_P90 latency of Shipping: usually 1.01 s, worst 4.4 min at 03:08 UTC, 1.04 s at 03:30 UTC_',
    )
    expect(canvas).toContain('| 03:11 | Dana Ruiz: `PassthroughCluster` is the RDS MySQL.')
    expect(canvas).toContain('```text\n03:04 java.sql')
  })

  test('renders a table that Slack would reject as a list, and keeps pipes and nested lists', () => {
    const row = (i: number) => `| 03:${i} | a \\| b |`
    const table = (rows: number) =>
      ['| UTC | What |', '| --- | --- |', ...Array.from({ length: rows }, (_, i) => row(i))].join('\n')
    expect(canvasMarkdown(table(2))).toContain('| 03:1 | a \\| b |')
    const long = canvasMarkdown(table(200))
    expect(long).toContain('- **03:199** a \\| b')
    expect(long).not.toContain('| ---')
    expect(canvasMarkdown('> - a\n>   - b\n> - <https://a.example/x>\n')).toBe(
      '- a\n  - b\n- [https://a.example/x](https://a.example/x)\n',
    )
  })
})

const NAMES = 'Олена 林美玲 🔥 \u{1f1fa}\u{1f1e6} ✅'
const snapshots = [graph('延迟 🔥 затримка', 's', (minute) => (minute > 0 && minute < 20 ? 9 : 1))]
const drafted = async () => {
  const charts = createCharts()
  const postmortems = await logged(
    (hashes) => [declared(NAMES), looked(snapshots, hashes)],
    {
      nameOf: async () => NAMES,
      chartPng: (snapshot) => charts.png(snapshot),
    },
    snapshots,
  )
  return { postmortems, charts }
}

describe('the PDF', () => {
  test('is byte-identical for the same log, with fonts and charts embedded', async () => {
    const { postmortems, charts } = await drafted()
    const [once, again] = [await postmortems.pdf('INC-1'), await postmortems.pdf('INC-1')]
    await charts.close()
    expect(once?.subarray(0, 5).toString()).toBe('%PDF-')
    expect(again?.equals(once as Buffer)).toBe(true)
    const raw = String(once?.toString('latin1'))
    expect(raw.match(/\/Subtype \/Image/g)).toHaveLength(1)
    for (const font of ['Inter', 'NotoSansSC', 'NotoEmoji'])
      expect(raw).toMatch(new RegExp(`/FontName /[A-Z]{6}\\+${font}`))
  })

  test('renders each character in a font that supports it', () => {
    expect(runsOf('P90 задержка 延迟 🔥 → ok')).toEqual([
      { text: 'P90 задержка ', font: 'Inter' },
      { text: '延迟', font: 'Han' },
      { text: ' ', font: 'Inter' },
      { text: '🔥', font: 'Emoji' },
      { text: ' → ok', font: 'Inter' },
    ])
    expect(runsOf('5 © #1 ✅\ufe0f')).toEqual([
      { text: '5 © #1 ', font: 'Inter' },
      { text: '✅', font: 'Emoji' },
    ])
  })
})

const text = (pdf: Buffer): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'muster-pdf-')), 'a.pdf')
  writeFileSync(file, pdf)
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
}

const installed = spawnSync('pdftotext', ['-v']).error === undefined
requireOrSkip('pdftotext (poppler-utils)', installed)('a PDF reader', () => {
  test('is searchable, including Cyrillic and Chinese', async () => {
    const { postmortems, charts } = await drafted()
    const words = text((await postmortems.pdf('INC-1')) as Buffer)
    await charts.close()
    for (const word of ['Олена', '林美玲', 'Root Causes', 'Not known yet', '/incident note trigger:'])
      expect(words).toContain(word)
  })
})
