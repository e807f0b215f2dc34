import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGrafana, type FakeGrafana } from '../../../sandbox/grafana.ts'
import type { EffectContext } from '../../../src/incident/effect-handler.ts'
import { unguarded } from '../../../src/incident/errors.ts'
import type { IncidentEvent } from '../../../src/incident/event.ts'
import { replay } from '../../../src/incident/evolve.ts'
import { createGrafanaClient } from '../../../src/integrations/grafana/client.ts'
import { grafanaEffects } from '../../../src/integrations/grafana/effects.ts'
import { grafanaHealth } from '../../../src/integrations/grafana/health.ts'
import { createLog } from '../../../src/platform/log.ts'
import { act, declared, MINUTE, status, T } from '../../incident/facts.ts'
import { serve } from '../server.ts'

let grafana: FakeGrafana
let now: number
beforeEach(async () => {
  now = T
  grafana = await createFakeGrafana({ token: 't', now: () => now })
})
afterEach(() => grafana.stop())

/** Runs the effect for an incident with these events; returns the events with what it learned. */
const mark = async (events: IncidentEvent[], { url = grafana.url, attempt = 1 } = {}): Promise<IncidentEvent[]> => {
  const client = createGrafanaClient({ url, token: 't', timeoutMs: 2_000 })
  const handlers = grafanaEffects({
    grafana: { client, guard: unguarded },
    now: () => now,
    log: createLog('silent'),
  })
  // The handler reads these members of its context, and no others.
  const context = { incident: replay('INC-1', events), attempt, signal: new AbortController().signal } as EffectContext
  return [...events, ...(await handlers.mark_in_grafana({ type: 'mark_in_grafana' }, context))]
}
const regions = () => grafana.annotations().map(({ id, time, timeEnd, text }) => ({ id, time, timeEnd, text }))
const title = (text: string): IncidentEvent => ({ ...act(), type: 'title_changed', title: text })

test('an incident is a region from its start, closed when it is resolved', async () => {
  const open = await mark([declared({ title: 'Slow <b>shipping</b>', service: 'shipping' })])
  expect(grafana.annotations()).toMatchObject([
    {
      time: T,
      text: 'INC-1 (sev2): Slow &lt;b&gt;shipping&lt;/b&gt;',
      tags: ['incident', 'INC-1', 'severity:sev2', 'service:shipping'],
    },
  ])
  now = T + 30 * MINUTE
  const renamed = await mark([...open, title('Slow shipping')])
  expect(regions()).toEqual([{ id: 1, time: T, timeEnd: now, text: 'INC-1 (sev2): Slow shipping' }])
  const resolved = { ...status('resolved'), at: T + 20 * MINUTE }
  const over = await mark([...renamed, resolved])
  expect(regions()).toEqual([
    { id: 1, time: T, timeEnd: T + 20 * MINUTE, text: 'INC-1 (sev2, resolved): Slow shipping' },
  ])
  // Nothing has changed since: nothing is written, here or there.
  expect(await mark(over)).toEqual(over)
})

test('an attempt whose response was lost is found by its tags, and not written twice', async () => {
  await mark([declared()])
  await mark([declared()], { attempt: 2 })
  expect(regions()).toHaveLength(1)
})

test('drills and private incidents are not shown, and one that becomes private loses its text', async () => {
  await mark([declared({ drill: true })])
  await mark([declared({ private: true })])
  expect(regions()).toEqual([])
  const open = await mark([declared({ title: 'Breach at the till', service: 'till' })])
  await mark([...open, { ...act(), type: 'made_private' }])
  expect(grafana.annotations()).toMatchObject([{ text: 'An incident', tags: ['incident'] }])
})

test('a region that somebody deleted is left alone', async () => {
  const open = await mark([declared()])
  grafana.annotations().length = 0
  const over = [...open, status('resolved')]
  expect(await mark(over)).toEqual(over)
  expect(regions()).toEqual([])
})

test('a token without write access costs a line in the log; a Grafana that is down is retried', async () => {
  await using denied = await serve(() => ({ status: 403, body: { message: 'no permission' } }))
  expect(await mark([declared()], { url: denied.url })).toEqual([declared()])
  await using down = await serve(() => ({ status: 502, text: 'bad gateway' }))
  await expect(mark([declared()], { url: down.url })).rejects.toThrow('Grafana answered 502')
})

test('the check for operators says how dashboards show incidents, unless they are not written', async () => {
  const line = (marks: boolean) => grafanaHealth({ url: grafana.url, token: 't', marks })
  expect(await line(true)).toMatch(/^is healthy, version [\d.]+; incidents are annotations tagged `incident`, which/)
  expect(await line(false)).toMatch(/^is healthy, version [\d.]+$/)
  await expect(grafanaHealth({ url: grafana.url, token: 'wrong' })).rejects.toThrow(
    'GRAFANA_TOKEN must be able to read',
  )
})
