import { expect, test } from 'vitest'
import { createRecord } from '../../src/engine/record.ts'
import { Refusal } from '../../src/incident/errors.ts'
import { postUpdate } from '../../src/incident/update.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { act, alert } from '../incident/facts.ts'
import { opened } from '../store/databases.ts'

const world = async () => {
  const store = await opened('sqlite::memory:')
  const lines: string[] = []
  let woken = 0
  const metrics = createMetrics()
  const log = createLog('info', { write: (line) => lines.push(line) })
  const wake = () => {
    woken += 1
  }
  return { store, lines, metrics, woken: () => woken, record: createRecord({ store, log, metrics, wake }) }
}
const slow = { title: 'Slow', severity: 'sev2' }

test('declares under the next number, triggers the outbox, counts and logs it', async () => {
  const { record, woken, metrics, lines } = await world()
  expect((await record.declare(slow, act())).incident.id).toBe('INC-1')
  expect((await record.declare({ ...slow, alert: alert() }, act())).incident.id).toBe('INC-2')
  expect(woken()).toBe(2)
  expect((await metrics.incidents.get()).values.map(({ labels }) => labels)).toEqual([
    { severity: 'sev2', by: 'person' },
    { severity: 'sev2', by: 'alert' },
  ])
  expect(JSON.parse(lines[0] as string)).toMatchObject({ incident: 'INC-1', seq: 1, event: 'declared', by: 'U0DANA' })
})

test('returns the existing incident when a declaration is repeated, and counts it once', async () => {
  const { record, woken, metrics } = await world()
  await record.declare(slow, act(), 'view:V1')
  expect(await record.declare(slow, act(), 'view:V1')).toMatchObject({ repeated: true, incident: { id: 'INC-1' } })
  expect(woken()).toBe(1)
  expect((await metrics.incidents.get()).values[0]?.value).toBe(1)
})

test('decides on the current incident, and passes a refusal on', async () => {
  const { record, woken } = await world()
  await record.declare(slow, act())
  const changed = await record.change('INC-1', (one) => postUpdate(one, { text: `version ${one.version}` }, act()))
  expect(changed).toMatchObject({ incident: { version: 2, latestUpdate: 'version 1' }, events: [{ seq: 2 }] })
  await expect(record.change('INC-1', (one) => postUpdate(one, { text: '' }, act()))).rejects.toThrow(Refusal)
  expect(await record.change('INC-1', () => [])).toMatchObject({ events: [], incident: { version: 2 } })
  await expect(record.change('INC-9', () => [])).rejects.toThrow('There is no incident INC-9.')
  expect(woken()).toBe(2)
})
