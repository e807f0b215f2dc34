import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { declared, logged, NOW, PNG, written } from './drafts.ts'
import { elementsOf, textOf } from './html-elements.ts'

const HEADINGS = [
  ...['Date', 'Authors', 'Status', 'Summary', 'Impact', 'Root Causes', 'Trigger', 'Resolution', 'Detection'],
  ...['Action Items', 'Lessons Learned', 'Numbers', 'Evidence', 'Timeline'],
]
const headings = (markdown: string, level: string) =>
  [...markdown.matchAll(new RegExp(`^${level} (.*)$`, 'gm'))].map(([, heading]) => heading)

describe('the Markdown', () => {
  test('of an incident opened by an alert reads like a document', async () => {
    const postmortems = await written('connection-collapse', { timezone: 'Europe/Kyiv' })
    await expect(await postmortems.markdown('INC-1')).toMatchFileSnapshot('snapshots/connection-collapse.md')
  })

  test('of a fully documented incident has nothing left to fill in', async () => {
    const postmortems = await written('interceptor-loop', { timezone: 'America/Los_Angeles' })
    const markdown = await postmortems.markdown('INC-1')
    await expect(markdown).toMatchFileSnapshot('snapshots/interceptor-loop.md')
    expect(markdown).not.toContain('Not known yet')
  })

  test.each(['connection-collapse', 'interceptor-loop'])('has the agreed headings in order: %s', async (file) => {
    const markdown = String(await (await written(file)).markdown('INC-1'))
    expect(headings(markdown, '##')).toEqual(HEADINGS)
    expect(headings(markdown, '###').slice(0, 3)).toEqual(['What went well', 'What went wrong', 'Where we got lucky'])
  })

  test('marks everything unrecorded as unknown, and lists it at the top', async () => {
    const postmortems = await logged([declared()])
    const markdown = String(await postmortems.markdown('INC-1'))
    const top = markdown.slice(0, markdown.indexOf('## Date'))
    for (const section of ['Authors', 'Impact', 'Root Causes', 'Trigger', 'Resolution', 'Detection', 'Action Items'])
      expect(top).toContain(`> - **${section}**: `)
    expect(markdown).toContain('_Not known yet: nobody recorded what triggered it._')
    expect(markdown).toContain('_Not known yet: nobody recorded an action item._')
    expect(markdown.match(/_Not known yet: /g)?.length).toBeGreaterThanOrEqual(10)
  })

  test('calls the last change before it a candidate, never the cause', async () => {
    const change = (title: string, minutes: number): IncidentEvent => ({
      type: 'change_seen',
      at: NOW,
      by: 'github',
      change: { key: title, source: 'github', kind: 'deploy', title, at: NOW + minutes * 60_000 },
    })
    const postmortems = await logged([declared(), change('older', -90), change('nearest', -6), change('later', 5)])
    const data = await postmortems.data('INC-1')
    expect(data?.trigger.known.map(String)).toEqual([
      'The nearest change before it, a candidate and not a verdict: nearest at 03:39 UTC, 6 min before it began.',
    ])
    expect(data?.trigger.unknown).toBe('nobody confirmed what triggered it')
  })

  test('reports as impact only metrics that changed', async () => {
    const chart = (title: string, before: number, now: number) => ({
      hash: title,
      kind: 'chart' as const,
      source: 'prometheus',
      title,
      unit: 's',
      before,
      now,
    })
    const evidence: IncidentEvent = {
      type: 'evidence_collected',
      at: NOW,
      by: 'muster',
      phase: 'opening',
      snapshots: [chart('Latency', 1, 9), chart('Requests', 10, 11)],
    }
    const impact = (await (await logged([declared(), evidence])).data('INC-1'))?.impact.known.map(String)
    expect(impact).toEqual(['Latency: usually 1 s, worst 9 s at 03:45 UTC, when it was last seen.'])
  })

  test('notes that nobody was in command', async () => {
    const late: IncidentEvent = {
      type: 'role_assigned',
      at: NOW + 12 * 60_000,
      by: 'U0ADA0001',
      role: 'commander',
      responder: 'U0ADA0001',
    }
    const prompts = async (events: IncidentEvent[]) =>
      (await (await logged(events)).data('INC-1'))?.lessons.wrong.prompts.map(String)
    expect(await prompts([declared(), late])).toContain('Nobody was in command for 12 min.')
    expect(await prompts([declared()])).toContain('Nobody was in command. Was it clear who decides?')
  })

  test('groups an incident of several days by day, and adds the date to times of other days', async () => {
    const day = 86_400_000
    const postmortems = await logged([
      declared(),
      { type: 'noted', at: NOW + day, by: 'U0ADA0001', text: 'still down' },
      { type: 'status_changed', at: NOW + 2 * day, by: 'U0ADA0001', status: 'resolved', text: 'restarted' },
    ])
    const markdown = String(await postmortems.markdown('INC-1'))
    expect(headings(markdown, '###').slice(3, 6)).toEqual([
      'Saturday 2026-03-14',
      'Sunday 2026-03-15',
      'Monday 2026-03-16',
    ])
    expect(markdown).toContain('Resolved at 2026-03-16 03:45 UTC by')
  })

  test('collapses long sections, and says so', async () => {
    const storm = Array.from({ length: 10_000 }, (_, i): IncidentEvent => {
      const stamp = { at: NOW + i * 1000, by: i % 50 ? 'alertmanager' : 'U0ADA0001' }
      const alert = { key: `k${i}`, source: 'alertmanager', state: 'firing' as const, title: `Alert ${i}`, labels: {} }
      return i % 50
        ? { ...stamp, type: 'alert_joined', alert: { ...alert, startsAt: stamp.at }, reason: 'same group' }
        : { ...stamp, type: 'noted', text: `Note ${i}` }
    })
    const postmortems = await logged([declared(), ...storm])
    const markdown = String(await postmortems.markdown('INC-1'))
    expect(markdown).toContain('What mattered is here; all 10001 entries are in the appendix.')
    expect(markdown).toMatch(/49 alerts joined.*: Alert 1 /)
    expect(markdown.split('\n').length).toBeLessThan(1_100)
    expect((await postmortems.json('INC-1'))?.timeline).toHaveLength(10_001)
  })

  test('omits the middle of an overlong log', async () => {
    const notes = Array.from(
      { length: 1_000 },
      (_, i): IncidentEvent => ({
        type: 'noted',
        at: NOW + i * 1000,
        by: 'U0ADA0001',
        text: `Note ${i}.`,
      }),
    )
    const markdown = String(await (await logged([declared(), ...notes])).markdown('INC-1'))
    expect(markdown).toContain('**601 lines are left out here**')
    expect(markdown).toContain('Note 999.')
    expect(markdown).not.toContain('Note 500.')
  })

  test('keeps the ids of people whose names cannot be looked up', async () => {
    const nameOf = () => Promise.reject(new Error('Slack is down'))
    expect(await (await written('interceptor-loop', { nameOf })).markdown('INC-1')).toContain('- U0ADA0001 (commander)')
  })

  test('stays intact with hostile titles, names and notes', async () => {
    const evil = '| x |\n\n# Injected\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) **'
    const events: IncidentEvent[] = [
      declared(evil),
      { type: 'noted', at: NOW, by: 'U0ADA0001', text: evil },
      { type: 'impact_described', at: NOW, by: 'U0ADA0001', text: evil },
      { type: 'action_added', at: NOW, by: 'U0ADA0001', id: 1, text: evil, owner: 'U0ADA0001' },
    ]
    const postmortems = await logged(events, { nameOf: async () => evil, labels: { service: () => evil } })
    const markdown = String(await postmortems.markdown('INC-1'))
    expect(headings(markdown, '##')).toEqual(HEADINGS)
    expect(headings(markdown, '#')).toHaveLength(1)
    const page = String(await postmortems.html('INC-1'))
    for (const { name, attributes } of elementsOf(page)) {
      expect(['script', 'img']).not.toContain(name)
      for (const [attribute, value] of attributes) {
        expect(attribute).not.toMatch(/^on/)
        expect(value).not.toMatch(/^javascript:/i)
      }
    }
    expect(textOf(page)).toContain('[a](javascript:alert(1))')
  })
})

describe('the HTML page', () => {
  test('has its charts inlined, loads nothing external, and enforces that in the browser', async () => {
    const page = String(await (await written('connection-collapse')).html('INC-1'))
    const elements = elementsOf(page)
    const images = elements.filter(({ name }) => name === 'img').map(({ attributes }) => Object.fromEntries(attributes))
    expect(images).toHaveLength(2)
    expect(images[0]).toEqual({
      alt: 'P90 latency of Shipping: usually 1.01 s, worst 4.4 min at 03:08 UTC, 1.04 s at 03:30 UTC',
      src: `data:image/png;base64,${PNG.toString('base64')}`,
    })
    expect(elements.map(({ name }) => name)).not.toContain('link')
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;|content="default-src 'none'/)
    expect(page).toContain('<title>Postmortem INC-1: High P90 latency on Shipping: 9.28 s</title>')
    expect(page).toContain('<em class="unknown">Not known yet: nobody recorded what triggered it.</em>')
  })

  test('draws its charts in the time zone shown beside UTC in its timeline', async () => {
    const zones = new Set<string>()
    const chartPng = async (_chart: unknown, zone: string) => {
      zones.add(zone)
      return PNG
    }
    await (await written('connection-collapse', { chartPng, timezone: 'Europe/Kyiv' })).files('INC-1')
    expect([...zones]).toEqual(['Europe/Kyiv'])
  })

  test('gives the values of a chart that cannot be rendered', async () => {
    const chartPng = () => Promise.reject(new Error('no font'))
    const postmortems = await written('connection-collapse', { chartPng })
    const page = String(await postmortems.html('INC-1'))
    expect(page).not.toContain('<img')
    expect(page).toContain(
      'P90 latency of Shipping: usually 1.01 s, worst 4.4 min at 03:08 UTC, 1.04 s at 03:30 UTC (the picture is not here)',
    )
    expect((await postmortems.files('INC-1'))?.problems[0]).toMatch(/^charts\/\w+\.png is missing: no font$/)
  })
})

describe('the JSON', () => {
  test('has a stable structure', async () => {
    const json = await (await written('connection-collapse')).json('INC-1')
    await expect(JSON.stringify(json, undefined, 2)).toMatchFileSnapshot('snapshots/connection-collapse.json.snap')
  })

  test('marks times that were corrected and entries that were back-dated', async () => {
    const json = await (await written('interceptor-loop')).json('INC-1')
    const entry = (text: string) => json?.timeline.find((one) => one.text.includes(text))
    expect(entry('Updated Helm')).toMatchObject({ at: '2023-02-02T17:20:00.000Z', corrected: true })
    expect(entry('Waiting for Kubernetes')).toMatchObject({
      at: '2023-02-02T16:41:00.000Z',
      recordedAt: '2023-02-02T16:42:00.000Z',
      corrected: false,
    })
  })
})

describe('the template', () => {
  const folderWith = (template: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-templates-'))
    writeFileSync(join(folder, 'postmortem.md'), template)
    return folder
  }

  test("can be the operator's own", async () => {
    const templatesFolder = folderWith('# {{ incident.title }}\n\n{{ summary }}\n')
    const draft = await (await written('interceptor-loop', { templatesFolder })).draft('INC-1')
    expect(draft?.markdown).toMatch(/^# High latency after the 08:06 deploy\n\nINC-1 was a sev2 incident of API/)
    expect(draft?.warning).toBeUndefined()
  })

  test.each([
    ['{% if incident %}\n{{ incident.id }}\n', /line 1: tag \{% if incident %\} not closed/],
    ['# {{ incident.id }}\n\n{{ incident.titel }}\n', /line 3: undefined variable: incident\.titel\. Muster's own was/],
    ['{{ incident.id | shout }}', /line 1: undefined filter: shout\./],
  ])("falls back to the built-in template when the operator's is broken: %j", async (template, warning) => {
    const templatesFolder = folderWith(template)
    const postmortems = await written('interceptor-loop', { templatesFolder })
    const draft = await postmortems.draft('INC-1')
    expect(draft?.warning).toMatch(warning)
    expect(draft?.warning).toContain(join(templatesFolder, 'postmortem.md'))
    expect(draft?.warning?.split('\n')).toHaveLength(1)
    expect(headings(String(draft?.markdown), '##')).toEqual(HEADINGS)
    expect(draft?.markdown).toMatch(/^> The template /)
  })

  test('with an endless loop is aborted', async () => {
    const templatesFolder = folderWith('{% for i in (1..1000000000) %}x{% endfor %}')
    const draft = await (await written('interceptor-loop', { templatesFolder })).draft('INC-1')
    expect(draft?.warning).toMatch(/line 1: memory alloc limit exceeded/)
  })

  test('falls back to the built-in one in a folder without it', async () => {
    const templatesFolder = mkdtempSync(join(tmpdir(), 'muster-templates-'))
    const draft = await (await written('interceptor-loop', { templatesFolder })).draft('INC-1')
    expect(draft?.warning).toBeUndefined()
    expect(headings(String(draft?.markdown), '##')).toEqual(HEADINGS)
  })
})

test('returns nothing for an incident that does not exist', async () => {
  const postmortems = await logged([declared()])
  for (const ask of [postmortems.data, postmortems.draft, postmortems.markdown, postmortems.html, postmortems.json])
    expect(await ask('INC-9')).toBeUndefined()
})
