import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import type { PostmortemData } from '../../src/postmortem/postmortem.ts'
import { declared, graph, logged, looked, MINUTE, NOW } from './drafts.ts'

const ADA = 'U0ADA0001'
const alert = (minutes: number): IncidentEvent => {
  const startsAt = NOW + minutes * MINUTE
  return {
    ...{ type: 'declared', at: NOW, by: 'pagerduty', title: 'High latency', severity: 'sev2', status: 'investigating' },
    ...{ service: 'shipping', private: false, drill: false },
    alert: { key: 'pagerduty:P1', source: 'pagerduty', state: 'firing', title: 'High latency', labels: {}, startsAt },
  }
}
const status = (to: 'identified' | 'mitigated' | 'investigating' | 'resolved', minutes: number): IncidentEvent => ({
  ...{ type: 'status_changed', at: NOW + minutes * MINUTE, by: ADA, status: to },
})
const change = (minutes: number, more: object): IncidentEvent => {
  const at = NOW + minutes * MINUTE
  const key = `github:deployment:${minutes}:succeeded`
  return {
    ...{ type: 'change_seen', at, by: 'github' },
    change: { key, source: 'github', kind: 'deploy', title: 'Deployed shop', service: 'shop', at, ...more },
  }
}

/** The document of an incident with these graphs, looked at when it was over. */
const drafted = async (events: IncidentEvent[], snapshots: Snapshot[] = []): Promise<PostmortemData> => {
  const postmortems = await logged((hashes) => [...events, looked(snapshots, hashes)], {}, snapshots)
  return (await postmortems.data('INC-1')) as PostmortemData
}
const figure = ({ numbers }: PostmortemData, name: string) => numbers.find((one) => one.name === name)
const prompts = ({ lessons }: PostmortemData) => ({
  well: lessons.well.prompts.map(String).join('\n'),
  wrong: lessons.wrong.prompts.map(String).join('\n'),
})
const impact = (data: PostmortemData) => data.impact.known.map(String)

/** High from 20 min before the alert to 20 min after it. */
const bump = (low: number, high: number) => (minute: number) => (minute >= -20 && minute <= 20 ? high : low)

describe('the start of the impact', () => {
  test("is where the alert's graph left its usual range, marked as an estimate", async () => {
    const data = await drafted([alert(0), status('resolved', 30)], [graph('P90 latency', 's', bump(1, 9))])
    expect(data.milestones[0]).toMatchObject({ name: 'Impact started', time: '03:25 UTC' })
    expect(String(data.milestones[0]?.source)).toBe('"P90 latency" left its usual range, an estimate')
    expect(figure(data, 'Time to detect')).toMatchObject({ value: '20 min (estimate)', unknown: null })
    expect(impact(data)).toContain('"P90 latency" was out of its usual range for 40 min: from 03:25 to 04:05 UTC.')
  })

  test('is not taken from the alert itself: no "0 s" where nothing is known', async () => {
    const data = await drafted([alert(0), status('resolved', 30)])
    const unknown = 'only its alert says when it began, and that cannot show how late the alert was'
    expect(figure(data, 'Time to detect')).toMatchObject({ value: null, unknown })
    expect(data.detection.unknown).toContain('nobody recorded when it really began')
  })

  test('recorded by a person overrides the graph, with the reason', async () => {
    const corrected: IncidentEvent = {
      ...{ type: 'milestone_set', at: NOW, by: ADA, milestone: 'impact_started', time: NOW - 7 * MINUTE },
      ...{ source: `said by <@${ADA}>`, reason: 'the first call from a customer' },
    }
    const data = await drafted([alert(0), corrected, status('resolved', 30)], [graph('P90 latency', 's', bump(1, 9))])
    expect(String(data.milestones[0]?.source)).toBe(`said by ${ADA}: the first call from a customer`)
    expect(figure(data, 'Time to detect')?.value).toBe('7 min')
  })

  test('is a lower bound when the graph starts in the middle of it', async () => {
    const slow = graph('P90 latency', 's', (minute) => (minute < 40 ? 8 + (minute % 3) : 0.5))
    const data = await drafted([alert(0), status('mitigated', 41), status('resolved', 50)], [slow])
    expect(figure(data, 'Time to detect')?.value).toBe('at least 1 h 00 min')
    expect(impact(data).join('\n')).toContain('P90 latency: already 8 s where its data begin, worst')
    expect(data.evidence[0]).toMatchObject({ usual: null, last: '500 ms' })
  })
})

describe('the graphs', () => {
  test('show the worst value with its time, even when the first and last are normal', async () => {
    const letters = graph('Dead letters', 'messages', (minute) => (minute === 5 || minute === 6 ? 212 : 0))
    const data = await drafted([alert(0), status('resolved', 30)], [letters])
    expect(data.evidence[0]).toMatchObject({ usual: '0 messages', worst: '212 messages', last: '0 messages' })
    expect(data.evidence[0]?.worst_at).toBe('03:50 UTC')
  })

  test('that stayed in their usual range are not drawn', async () => {
    const quiet = graph('Requests', 'req/s', (minute) => 50 + (minute % 3))
    const data = await drafted([alert(0), status('resolved', 30)], [quiet, graph('P90 latency', 's', bump(1, 9))])
    expect(data.evidence.map(({ title, moved, charts }) => [title, moved, charts.length])).toEqual([
      ['P90 latency', true, 1],
      ['Requests', false, 0],
    ])
  })

  test('of errors and traffic yield the number of failed requests', async () => {
    const errors = graph('Failed requests', '%', bump(0, 25))
    const traffic = graph('Requests', 'req/s', () => 20)
    const data = await drafted([alert(0), status('resolved', 30)], [errors, traffic])
    expect(impact(data)).toContain('About 12,000 of 48,000 requests failed (25 %), counted from the frozen graphs.')
  })
})

describe('the number of failed requests', () => {
  type Value = (minute: number) => number | null
  const holed = (title: string, unit: string, value: Value, { step = 1, ...more }: HoledOptions = {}): Snapshot => {
    const chart = graph(title, unit, () => 0, more)
    const minutes = Array.from({ length: Math.floor(120 / step) + 1 }, (_, i) => i * step - 60)
    const points = minutes.map((minute): [number, number | null] => [NOW + minute * MINUTE, value(minute)])
    return { ...chart, series: [{ name: '', labels: {}, points }] }
  }
  type HoledOptions = { step?: number; service?: string }
  const share = bump(0, 25)
  const errors = holed('Failed requests', '%', share)
  const traffic = holed('Requests', 'req/s', () => 20)
  const without = (from: number, to: number, value: Value): Value => {
    return (minute) => (minute >= from && minute < to ? null : value(minute))
  }
  const about = async (...snapshots: Snapshot[]) => {
    const data = await drafted([alert(0), status('resolved', 30)], snapshots)
    return impact(data).find((line) => line.includes('requests failed'))
  }
  const WHOLE = 'About 12,000 of 48,000 requests failed (25 %), counted from the frozen graphs.'
  const ofCovered = (covered: number) =>
    `At least ${(covered * 300).toLocaleString('en-US')} of ${(covered * 1200).toLocaleString('en-US')} requests failed (25 %): the frozen graphs have data for ${covered} min of the 40 min.`

  const sentWithout = (from: number, to: number) =>
    holed(
      'Requests',
      'req/s',
      without(from, to, () => 20),
    )

  test.each([
    ['at the start of the traffic', sentWithout(-60, -5), errors, ofCovered(25)],
    ['in the middle of the traffic', sentWithout(-9, 11), errors, ofCovered(20)],
    ['at the end of the traffic', sentWithout(1, 61), errors, ofCovered(21)],
    ['in the middle of the failures', traffic, holed('Failed requests', '%', without(-9, 11, share)), ofCovered(20)],
  ])('counts only the time for which both graphs have data: hole %s', async (_where, requests, failures, sentence) => {
    expect(await about(failures, requests)).toBe(sentence)
  })

  test('bridges a single missing sample', async () => {
    expect(await about(holed('Failed requests', '%', without(3, 4, share)), traffic)).toBe(WHOLE)
  })

  test('is the same when the two graphs have different steps', async () => {
    expect(
      await about(
        errors,
        holed('Requests', 'req/s', () => 20, { step: 5 }),
      ),
    ).toBe(WHOLE)
    expect(
      await about(
        errors,
        holed('Requests', 'req/s', () => 20, { step: 0.25 }),
      ),
    ).toBe(WHOLE)
  })

  test('is the same when looks at different times and with different steps overlap', async () => {
    const looks = (title: string, unit: string, value: Value) => {
      const fine = holed(title, unit, (minute) => (minute <= 1 ? value(minute) : null), { step: 0.5 })
      const coarse = holed(title, unit, value, { step: 2 })
      return [fine, coarse]
    }
    const requests = looks('Requests', 'req/s', () => 20)
    expect(await about(...looks('Failed requests', '%', share), ...requests)).toBe(WHOLE)
  })

  test('counts time without any request as known: the share of nothing is no number', async () => {
    const stopped = (minute: number) => (minute >= 0 ? 0 : 20)
    expect(await about(holed('Failed requests', '%', without(0, 15, share)), holed('Requests', 'req/s', stopped))).toBe(
      'About 6,000 of 24,000 requests failed (25 %), counted from the frozen graphs.',
    )
  })

  test('is omitted when the graphs have data for too little of the time', async () => {
    expect(await about(errors, sentWithout(-60, 13))).toBeUndefined()
  })

  test('is not taken from a graph of many services, whose worst line belongs to another one', async () => {
    const [line] = (errors as Extract<Snapshot, { kind: 'chart' }>).series
    const byService = { ...errors, series: ['shipping', 'ratings'].map((name) => ({ ...line, name })) } as Snapshot
    expect(await about(byService, traffic)).toBeUndefined()
    expect(await about(byService, { ...errors, title: 'Failed requests of shipping' }, traffic)).toBe(WHOLE)
  })
})

describe('a mitigation', () => {
  const relapse = graph('P90 latency', 's', (minute) =>
    (minute >= -5 && minute <= 9) || (minute >= 15 && minute <= 18) ? 9 : 1,
  )

  test('is credited only when it preceded the known cause, and held', async () => {
    const praised = async (...events: IncidentEvent[]) => prompts(await drafted([alert(0), ...events])).well
    const stopped = 'The harm was stopped first'
    expect(
      await praised(status('mitigated', 4), status('identified', 9), status('mitigated', 10), status('resolved', 20)),
    ).not.toContain(stopped)
    expect(await praised(status('identified', 4), status('mitigated', 9), status('resolved', 20))).not.toContain(
      stopped,
    )
    const first: IncidentEvent = {
      ...{ type: 'milestone_set', at: NOW, by: ADA, milestone: 'identified', time: NOW + 12 * MINUTE, source: 'said' },
    }
    const held = [status('mitigated', 4), first, status('resolved', 20)]
    expect(await praised(...held)).toContain(stopped)
    const data = await drafted([alert(0), status('mitigated', 10), first, status('resolved', 30)], [relapse])
    expect(prompts(data).well).not.toContain(stopped)
  })

  test('that did not hold according to the graph ends neither the impact nor the time to mitigate', async () => {
    const data = await drafted([alert(0), status('mitigated', 10), status('resolved', 30)], [relapse])
    expect(impact(data)[0]).toBe(
      '"P90 latency" was out of its usual range for 17 min: from 03:40 to 03:54 UTC and from 04:00 to 04:03 UTC.',
    )
    expect(figure(data, 'Time to mitigate')).toMatchObject({
      ...{ value: '23 min (estimate)', to: 'Back in the usual range for good' },
    })
    expect(prompts(data).wrong).toContain('The mitigation did not hold: "P90 latency" left its usual range again 5 min')
  })

  test('that was reverted says how long it held', async () => {
    const events = [declared(), status('mitigated', 4), status('investigating', 9), status('resolved', 20)]
    const steps = (await drafted(events)).resolution.known.map(String)
    expect(steps[0]).toBe(`Mitigated at 03:49 UTC by ${ADA}, which held until 03:54 UTC.`)
  })
})

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
    ...{ kind: 'new_caller' as const, client, server: 'mysql', now: 40, inCatalogue: false },
    since: NOW + minutes * MINUTE,
  })
  const ranked: IncidentEvent = {
    ...{ type: 'suspects_ranked', at: NOW, by: 'muster', trigger: 'opening', label: 'no clear suspect', suspects: [] },
    ...{ problems: [], read: { series: 3, of: 3 }, services: 2, leftOut: 0 },
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
      ...{ type: 'status_changed', at: NOW + 20 * MINUTE, by: ADA, status: 'resolved' },
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
