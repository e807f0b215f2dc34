import { expect, test } from 'vitest'
import { alarmSentence } from '../../src/incident/alarm-sentence.ts'
import { Alert } from '../../src/incident/alert.ts'
import { alertLines, alertWords } from '../../src/incident/alert-words.ts'
import { plain } from '../../src/incident/phrase.ts'

const alert = (given: object) =>
  Alert.parse({
    key: 'k',
    source: 'grafana',
    state: 'firing',
    title: 'High P90 latency on Shipping',
    startsAt: 0,
    ...given,
  })
const lines = (given: object) => alertLines(alertWords(alert(given))).map((line) => plain(line))

test('shows what was measured, where, and links, without repeating the title', () => {
  expect(
    lines({
      description: 'Nine of ten requests wait too long.\n\nMore about it.',
      value: '9.28',
      query: 'histogram_quantile(0.9, x) > 2',
      labels: { alertname: 'X', severity: 'critical', service: 'shipping', namespace: 'robot-shop', team: 'Shipping' },
      runbookUrl: 'https://run.example/book',
      silenceUrl: 'https://grafana.example/silence',
    }),
  ).toEqual([
    'Nine of ten requests wait too long.',
    'value 9.28, threshold 2 \u00b7 namespace robot-shop',
    'runbook (https://run.example/book) \u00b7 silence (https://grafana.example/silence)',
  ])
})

test('omits a description that only repeats the title', () => {
  expect(lines({ description: 'high p90 latency' })).toEqual([])
})

test('keeps the details for the full view: notes, rule, query, and labels not shown elsewhere', () => {
  const { details } = alertWords(
    alert({
      description: 'One.\n\nTwo.',
      notes: ['3 more alerts'],
      rule: 'ShippingSlow',
      query: 'up',
      labels: {
        alertname: 'ShippingSlow',
        severity: 'critical',
        service: 'shipping',
        namespace: 'robot-shop',
        job: 'shop',
        summary: 'high P90 latency',
      },
    }),
  )
  expect(details).toEqual([
    ['Description', 'Two.'],
    ['Note', '3 more alerts'],
    ['Rule', 'ShippingSlow'],
    ['Query', 'up'],
    ['Labels', 'job=shop'],
  ])
})

test.each([
  [
    { namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', QueueName: 'order-events' },
    '64.0',
    '60.0',
    'The oldest message in order-events has waited for 64 s (alarm from 60 s)',
  ],
  [
    { namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', QueueName: 'order-events' },
    '190',
    '60',
    'The oldest message in order-events has waited for 3 min (alarm from 60 s)',
  ],
  [
    { namespace: 'AWS/RDS', metric: 'CPUUtilization', DBClusterIdentifier: 'orders' },
    '76.4',
    '70',
    'CPU of orders is at 76 % (alarm from 70 %)',
  ],
  [{ namespace: 'AWS/EBS', metric: 'BurstBalance', VolumeId: 'vol-1' }, '4', undefined, 'Burst balance of vol-1 is 4'],
])('a CloudWatch alarm reads like a sentence: %o', (labels, value, threshold, sentence) => {
  expect(alarmSentence({ labels, value, threshold })).toBe(sentence)
})

test('any other alert keeps its title', () => {
  expect(alarmSentence({ labels: { namespace: 'robot-shop', metric: 'x' }, value: '3' })).toBeUndefined()
  expect(alarmSentence({ labels: { namespace: 'AWS/SQS', metric: 'x' } })).toBeUndefined()
})
