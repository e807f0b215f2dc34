import { expect, test } from 'vitest'
import { initial } from '../../src/incident/incident.ts'
import { lookDue } from '../../src/incident/look.ts'

const MINUTE = 60_000
const young = (more: object = {}) => ({
  ...initial('INC-1'),
  channel: { id: 'C1', name: 'inc-1' },
  declaredAt: 0,
  evidenceAt: 1000,
  ...more,
})

test('evidence is collected again after 2, 5, 10, 20 and 40 minutes', () => {
  expect(lookDue(young(), 1.9 * MINUTE)).toBeUndefined()
  expect(lookDue(young(), 2 * MINUTE)).toMatchObject({ once: 'look:INC-1:0:2', event: { phase: 'scheduled' } })
  expect(lookDue(young({ evidenceAt: 2.1 * MINUTE }), 4 * MINUTE)).toBeUndefined()
  expect(lookDue(young({ evidenceAt: 2.1 * MINUTE }), 5 * MINUTE)?.once).toBe('look:INC-1:0:5')
  expect(lookDue(young({ evidenceAt: 41 * MINUTE }), 300 * MINUTE)).toBeUndefined()
})

test('missed collections are made up for by a single one', () => {
  expect(lookDue(young(), 30 * MINUTE)?.once).toBe('look:INC-1:0:20')
})

test.each([
  ['is over', { status: 'resolved' }],
  ['is held', { status: 'triage' }],
  ['has no channel', { channel: undefined }],
  ['was never looked at: the opening will do that', { evidenceAt: undefined }],
] as const)('evidence is not collected for an incident that %s', (_why, more) => {
  expect(lookDue(young(more), 10 * MINUTE)).toBeUndefined()
})
