import { expect, test } from 'vitest'
import { expressionOf, measuredBy } from '../../../src/integrations/prometheus/expression.ts'
import { measuredWords } from '../../../src/integrations/prometheus/measured-words.ts'

test.each([
  ['latency > 0.5', 'latency', 0.5],
  ['((memory >= 1024 * 1024 * 500))', 'memory', 524_288_000],
  ['0.5 < latency', 'latency', 0.5],
  ['balance < bool -2', 'balance', -2],
  ['up == 0', 'up', 0],
  ['queue_age_seconds > 5m', 'queue_age_seconds', 300],
  ['1 < x < 2', 'x', 2],
  ['x - 2 > (2 + 3)', 'x - 2', 5],
  [
    'sum(rate(a[5m])) by (b) / sum(rate(c[5m])) by (b) * 100 > 5 # five percent',
    'sum(rate(a[5m])) by (b) / sum(rate(c[5m])) by (b) * 100',
    5,
  ],
  ['x{a=">5"} > 1', 'x{a=">5"}', 1],
  ['max_over_time((x > 1)[5m:]) > 3', 'max_over_time((x > 1)[5m:])', 3],
])('%s measures %s against %d', (expression, query, threshold) => {
  expect(measuredBy(expression)).toEqual({ query, threshold, notes: [] })
})

test.each([
  'absent(up)',
  'a or b > 1',
  'x > == 5',
  'sum(',
  '',
  '{{ template }}',
  'count_over_time({app="x"} |= "error" [5m]) > 2',
  '5 > bool 3',
])('%s is kept whole', (expression) => expect(measuredBy(expression)).toEqual({ query: expression, notes: [] }))

test('a second condition and a comparison with another metric become notes', () => {
  expect(measuredBy('errors > 1 and on(pod) traffic > 2')).toEqual({
    query: 'errors',
    threshold: 1,
    notes: ['The alert also depends on: traffic > 2'],
  })
  expect(measuredBy('used > on(pod) limit * 0.9')).toEqual({
    query: 'used',
    notes: ['The alert compares with: limit * 0.9'],
  })
})

test('takes the expression from the alert itself, or from its link to Prometheus', () => {
  const url = 'http://prom:9090/graph?g0.expr=rate%28x%5B5m%5D%29+%3E+1&g0.tab=1'
  expect(expressionOf({ query: 'up == 0', url })).toBe('up == 0')
  expect(expressionOf({ url })).toBe('rate(x[5m]) > 1')
  expect(expressionOf({ url: 'https://grafana.example.com/alerting/1' })).toBeUndefined()
  expect(expressionOf({ url: 'not a link' })).toBeUndefined()
  expect(expressionOf({})).toBeUndefined()
})

test.each([
  ['histogram_quantile(0.9, sum by (le) (rate(request_duration_seconds_bucket[5m])))', { unit: 's' }],
  ['histogram_quantile(0.9, rate(istio_request_duration_milliseconds_bucket[5m]))', { unit: 'ms' }],
  [
    'sum by (service) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total[1m]))',
    { unit: 'ratio', title: 'Failed requests by service', by: 'service' },
  ],
  [
    'sum by (service) (rate(http_requests_total{service="web",code=~"5.."}[1m])) / sum by (service) (rate(http_requests_total{service="web"}[1m]))',
    { unit: 'ratio', title: 'Failed requests' },
  ],
  [
    '100 * (sum(rate(grpc_failed_total[5m])) / sum(rate(grpc_calls_total[5m])))',
    { unit: '%', title: 'Failed requests' },
  ],
  ['sum(rate(hits_total[5m])) / (sum(rate(hits_total[5m])) + sum(rate(misses_total[5m]))) * 100', { unit: '%' }],
  ['node_filesystem_avail_bytes / node_filesystem_size_bytes', { unit: '' }],
  ['rate(errors_seconds_sum[5m]) / rate(errors_seconds_count[5m])', { unit: '' }],
  ['histogram_quantile(0.9, rate(a_seconds_bucket[5m])) * 1000', { unit: '' }],
  ['rate(request_duration_seconds_bucket[5m])', { unit: '' }],
  ['sum(', { unit: '' }],
])('%s is measured in %o', (expression, words) => expect(measuredWords(expression)).toEqual(words))
