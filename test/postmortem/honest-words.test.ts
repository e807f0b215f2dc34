import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { PostmortemData } from '../../src/postmortem/postmortem.ts'
import { declared, graph, logged, looked, MINUTE, NOW } from './drafts.ts'

import { ADA, alert, bump, change, drafted, prompts, status } from './honest.ts'

describe('changes', () => {
  const deploy = (minutes: number, outcome: string, revision: string, more: object = {}) =>
    change(minutes, { key: `github:deployment:${revision}:${outcome}`, outcome, revision, ...more })
  const started = { title: 'Deploying shop v2' }

  test('that failed resolved nothing, and one deploy is one change', async () => {
    const failed = { title: 'Failed to deploy shop v2' }
    const data = await drafted([
      ...[declared(), deploy(-9, 'started', 'v2', started), deploy(2, 'failed', 'v2', failed)],
      ...[
        deploy(5, 'started', 'v3', { title: 'Deploying shop v3' }),
        deploy(6, 'succeeded', 'v3', { title: 'Deployed shop v3' }),
      ],
      status('resolved', 20),
    ])
    expect(data.resolution.known.map(String)).toEqual([
      'Deployed at 03:50 UTC: shop v3 (shop).',
      `Resolved at 04:05 UTC by ${ADA}.`,
    ])
    expect(data.trigger.known.map(String).join()).toContain(
      'shop v2 (shop) at 03:36 UTC, 9 min before it began; it failed at 03:47 UTC.',
    )
  })

  test('are rollbacks when they say so, or restore a revision that had been replaced', async () => {
    const data = await drafted([
      ...[declared(), deploy(-90, 'succeeded', 'v1'), deploy(-9, 'succeeded', 'v2')],
      change(4, { key: 'github:deployment:9:succeeded', revision: 'v1', title: 'Deployed shop v1' }),
      change(6, { kind: 'rollback', title: 'shop v0' }),
      status('resolved', 20),
    ])
    const steps = data.resolution.known.map(String)
    expect(steps[0]).toBe('Rolled back at 03:49 UTC: shop v1 (shop).')
    expect(steps[1]).toBe('Rolled back at 03:51 UTC: shop v0 (shop).')
  })
})

test('a service whose calls began just then is a candidate for the trigger, a later one is not', async () => {
  const caller = (client: string, minutes: number) => ({
    kind: 'new_caller' as const,
    client,
    server: 'mysql',
    now: 40,
    inCatalogue: false,
    since: NOW + minutes * MINUTE,
  })
  const ranked: IncidentEvent = {
    type: 'suspects_ranked',
    at: NOW,
    by: 'muster',
    trigger: 'opening',
    label: 'no clear suspect',
    suspects: [],
    problems: [],
    read: { series: 3, of: 3 },
    services: 2,
    leftOut: 0,
    facts: [caller('report-job', -3), caller('curious-person', 30)],
  }
  const { trigger } = await drafted([alert(-1), ranked, status('resolved', 40)])
  expect(trigger.known.map(String)).toEqual([
    'New at that time: report-job began to call mysql at 03:42 UTC, 40 requests/s.',
  ])
  expect(trigger.unknown).toBe('nobody confirmed what triggered it')
})

describe('the text', () => {
  const note = (text: string): IncidentEvent => ({ type: 'noted', at: NOW, by: ADA, text })

  test('does not repeat itself', async () => {
    const cause = 'Idle connections used up the pool of MySQL'
    const resolved: IncidentEvent = {
      type: 'status_changed',
      at: NOW + 20 * MINUTE,
      by: ADA,
      status: 'resolved',
      text: 'The pool of MySQL was used up by idle connections.',
    }
    const data = await drafted([declared(), note(`root cause: ${cause}`), note(`root cause: ${cause}`), resolved])
    expect(data.root_causes.known.map(String)).toEqual([`${cause}.`])
    const summary = data.summary.map(String)
    expect(summary).toContain(`${cause}.`)
    expect(summary.join(' ')).not.toContain('was used up by')
  })

  test('keeps review notes out of the timeline, and counts graphs as graphs', async () => {
    const graphs = [graph('P90 latency', 's', bump(1, 9)), graph('Failed requests', '%', bump(0, 25))]
    const data = await drafted(
      [declared(), note('trigger: a deploy'), note('It is slow'), status('resolved', 30)],
      graphs,
    )
    const lines = data.timeline.days.flatMap((day) => day.lines.map((line) => String(line.text))).join('\n')
    expect(lines).toContain('It is slow')
    expect(lines).not.toContain('a deploy')
    expect(prompts(data).well).toContain('The evidence was kept: 2 graphs, frozen while they could still be read.')
  })

  test('writes names exactly, and durations consistent with their ends', async () => {
    const ends: IncidentEvent = { type: 'status_changed', at: NOW + 29.9 * MINUTE, by: ADA, status: 'resolved' }
    const data = await drafted([declared(), note('root cause: pending-orders-recreation flooded it'), ends])
    expect(data.root_causes.known.map(String)).toEqual(['pending-orders-recreation flooded it.'])
    expect(String(data.summary[0])).toContain('that lasted 29 min, from 03:45 to 04:14 UTC.')
  })

  test('flags blame without changing anything', async () => {
    const postmortems = await logged(
      [
        declared(),
        note('root cause: Ada should have tested it'),
        note('went wrong: Ada was alone'),
        status('resolved', 9),
      ],
      { nameOf: async () => 'Ada Berg' },
    )
    const data = (await postmortems.data('INC-1')) as PostmortemData
    expect(data.wording.map(({ section, why }) => [section, why.split(';')[0]])).toEqual([
      ['Root Causes', '"should have" judges after the fact'],
      ['Root Causes', 'it names Ada Berg'],
    ])
    expect(data.root_causes.known.map(String)).toEqual(['Ada should have tested it.'])
  })
})

test('the JSON contains the impact recorded by people, and the one derived from graphs', async () => {
  const note: IncidentEvent = { type: 'noted', at: NOW, by: ADA, text: 'impact: nobody can pay' }
  const snapshots = [graph('P90 latency', 's', bump(1, 9))]
  const events = (hashes: string[]) => [alert(0), note, status('resolved', 30), looked(snapshots, hashes)]
  const json = await (await logged(events, {}, snapshots)).json('INC-1')
  expect(json?.incident.impact).toBe('nobody can pay')
  expect(json?.harm.signal).toBe('P90 latency')
  expect(json?.milestones[0]).toMatchObject({ milestone: 'impact_started', estimate: true, corrected: false })
})
