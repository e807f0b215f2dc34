import { describe, expect, test } from 'vitest'
import type { IncidentEvent } from '../../src/incident/event.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import { declared, graph, MINUTE, NOW } from './drafts.ts'

import { ADA, alert, bump, drafted, figure, impact, prompts, status } from './honest.ts'

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
      type: 'milestone_set',
      at: NOW,
      by: ADA,
      milestone: 'impact_started',
      time: NOW - 7 * MINUTE,
      source: `said by <@${ADA}>`,
      reason: 'the first call from a customer',
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
      type: 'milestone_set',
      at: NOW,
      by: ADA,
      milestone: 'identified',
      time: NOW + 12 * MINUTE,
      source: 'said',
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
      value: '23 min (estimate)',
      to: 'Back in the usual range for good',
    })
    expect(prompts(data).wrong).toContain('The mitigation did not hold: "P90 latency" left its usual range again 5 min')
  })

  test('that was reverted says how long it held', async () => {
    const events = [declared(), status('mitigated', 4), status('investigating', 9), status('resolved', 20)]
    const steps = (await drafted(events)).resolution.known.map(String)
    expect(steps[0]).toBe(`Mitigated at 03:49 UTC by ${ADA}, which held until 03:54 UTC.`)
  })
})
