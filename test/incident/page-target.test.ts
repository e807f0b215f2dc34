import { expect, test } from 'vitest'
import { findTarget } from '../../src/incident/page-target.ts'
import { Service } from '../../src/incident/service.ts'

const service = (id: string, more: Partial<Service>) =>
  [id, Service.parse({ id, name: id, owner: 'Payments', ...more })] as const
const catalogue = new Map([
  service('orders', { name: 'Orders', tier: 1 }),
  service('orders-db', { name: 'Orders database', tier: 3, pagerdutyService: 'PDB' }),
  service('payment', {
    name: 'Payment',
    tier: 2,
    aliases: ['checkout'],
    pagerdutyService: 'PPAY',
    slackGroup: 'SPAYMENTS',
  }),
  service('legacy', { name: 'Legacy', owner: undefined, pagerdutyService: 'POLD', slackGroup: 'SLEGACY' }),
])
const find = (text: string) => {
  const found = findTarget(catalogue, text)
  return found && [found.service.id, found.called, found.rest]
}

test.each([
  ['payment cards are declined', ['payment', 'Payment', 'cards are declined']],
  ['  PAYMENT  ', ['payment', 'Payment', '']],
  ['Checkout fails', ['payment', 'Payment', 'fails']],
  ['orders database  is full', ['orders-db', 'Orders database', 'is full']],
  ['orders are lost', ['orders', 'Orders', 'are lost']],
])('a page to %j goes to the service with the longest name at its start', (text, expected) => {
  expect(find(text)).toEqual(expected)
})

test('a page to a team goes to its most important service that PagerDuty knows', () => {
  expect(find('payments please look')).toEqual(['payment', 'Payments', 'please look'])
})

test('a page to a Slack group goes to the service it stands for, by the name of the owner where there is one', () => {
  expect(find('<!subteam^SPAYMENTS|@payments> cards\nfail')).toEqual(['payment', 'Payments', 'cards\nfail'])
  expect(find('<!subteam^SLEGACY>')).toEqual(['legacy', 'Legacy', ''])
  expect(find('<!subteam^SOTHER|@other> help')).toBeUndefined()
})

test.each(['payments-eu is down', 'the payment', 'paymen', ''])('%j names no service', (text) => {
  expect(find(text)).toBeUndefined()
})
