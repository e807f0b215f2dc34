import { expect, test } from 'vitest'
import { likenessOf } from '../../../src/integrations/prometheus/likeness.ts'

const p90 = 'histogram_quantile(0.9, sum by (le) (rate(http_seconds_bucket{service="shipping"}[1m])))'

test.each([
  [
    'written with other white space',
    'histogram_quantile(0.9,sum by(le)(rate(http_seconds_bucket{service="shipping"}[1m])))',
  ],
  ['over another range', p90.replace('[1m]', '[5m]')],
  ['grouped by a label with one value', p90.replace('(le)', '(service, le)')],
  [
    'with the grouping behind',
    'histogram_quantile(0.9, sum(rate(http_seconds_bucket{service="shipping"}[1m])) by (le))',
  ],
])('a query %s counts as the same graph', (_, expression) => {
  expect(likenessOf(expression)).toBe(likenessOf(p90))
})

test.each([
  ['another quantile', p90.replace('0.9', '0.99')],
  ['another service', p90.replace('"shipping"', '"cart"')],
  ['a line for each pod', p90.replace('(le)', '(pod, le)')],
  ['an hour earlier', p90.replace('[1m]', '[1m] offset 1h')],
])('%s counts as a different graph', (_, expression) => {
  expect(likenessOf(expression)).not.toBe(likenessOf(p90))
})

test('a grouping is ignored only when its label has a single value everywhere', () => {
  const ratio = (below: string) =>
    `sum by (service) (rate(a{service="x"}[1m])) / sum by (service) (rate(a${below}[1m]))`
  expect(likenessOf(ratio('{service="x"}'))).toBe(likenessOf(ratio('{service="x"}').replaceAll(' by (service)', '')))
  expect(likenessOf(ratio(''))).not.toBe(likenessOf(ratio('').replaceAll(' by (service)', '')))
  expect(likenessOf('sum by (a) (x{a=~"b"})')).not.toBe(likenessOf('sum(x{a=~"b"})'))
})

test('an unparsable query is compared verbatim', () => {
  expect(likenessOf('sum by (')).toBe(likenessOf(' sum by ('))
  expect(likenessOf('sum by (')).not.toBe(likenessOf('avg by ('))
})
