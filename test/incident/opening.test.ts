import { expect, test } from 'vitest'
import { type OpeningRule, openingOf } from '../../src/incident/opening.ts'
import { Service } from '../../src/incident/service.ts'
import { alert } from './facts.ts'

const severities = ['sev1', 'sev2', 'sev3', 'sev4']
const web = Service.parse({ id: 'web', name: 'Web', tier: 1 })
const decide = (more: Parameters<typeof alert>[1], rules: OpeningRule[] = [], service?: Service) => {
  const { verdict, severity } = openingOf(alert('am:x', more), service, { rules, severities })
  return `${verdict} ${severity}`
}

test.each([
  [{ severity: 'critical' }, 'open sev2'],
  [{ severity: 'warning' }, 'hold sev3'],
  [{ severity: 'info' }, 'note sev3'],
  [{ urgency: 'high' }, 'open sev2'],
  [{ urgency: 'low' }, 'note sev3'],
  [{ urgency: 'high', priority: 'P1' }, 'open sev1'],
  [{ urgency: 'high', priority: 'P5' }, 'open sev4'],
  [{}, 'hold sev2'],
] as const)('without a policy %j means %s', (more, expected) => {
  expect(decide(more)).toBe(expected)
})

test('the first rule whose conditions all hold decides, including the severity', () => {
  const rules: OpeningRule[] = [
    { service: 'web', severity: ['warning', 'error'], do: 'open', as: 'sev1' },
    { tier: [1, 2], do: 'hold' },
    { labels: { team: 'data' }, do: 'note' },
  ]
  expect(decide({ severity: 'warning' }, rules, web)).toBe('open sev1')
  expect(decide({ severity: 'critical' }, rules, web)).toBe('hold sev2')
  expect(decide({ severity: 'critical', labels: { team: 'data' } }, rules)).toBe('note sev2')
  expect(decide({ severity: 'critical', labels: { team: 'web' } }, rules)).toBe('open sev2')
})
