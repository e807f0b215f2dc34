import { createSign } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Signal } from '../../../src/incident/alert.ts'
import { webhookAlerts } from '../../../src/integrations/webhook/alerts.ts'
import { delivery, fixture } from '../delivery.ts'
import { type Answer, serve } from '../server.ts'

const topic = 'arn:aws:sns:eu-west-1:123456789012:alerts'
const certificateUrl = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem'
const subscribeUrl = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t1`

/** Amazon, answering on this machine: requests to its hosts go to a local server, over real HTTP. */
const amazon = async (answer: () => Answer = () => ({ text: fixture('webhook/sns-cert.pem').toString() })) => {
  const server = await serve(answer)
  const requested: string[] = []
  const toServer: typeof fetch = (input, init) => {
    requested.push(String(input))
    const { pathname, search } = new URL(String(input))
    return fetch(server.url + pathname + search, init)
  }
  const source = webhookAlerts({ tokens: ['muster-token'], fetch: toServer })
  return { ...server, requested, source }
}

type Message = Record<string, string | undefined>
const notification = (message: unknown, rest: Message = {}): Message => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topic,
  Subject: 'ALARM: "orders-queue-age" in EU (Ireland)',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2026-11-21T04:40:12.400Z',
  SignatureVersion: '2',
  SigningCertURL: certificateUrl,
  ...rest,
})
const confirmation = (rest: Message = {}): Message => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: 't1',
  TopicArn: topic,
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL: subscribeUrl,
  Timestamp: '2026-11-21T04:00:00.000Z',
  SignatureVersion: '1',
  SigningCertURL: certificateUrl,
  ...rest,
})

/** Signs as Amazon documents it: name and value of each signed member, a line each, in alphabetical order. */
const signed = (message: Message): Message => {
  const members =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const content = members.flatMap((name) => (message[name] ? [`${name}\n${message[name]}\n`] : [])).join('')
  const sign = createSign(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
  return { ...message, Signature: sign.update(content).sign(fixture('webhook/sns-key.pem'), 'base64') }
}
const delivered = (message: unknown, token = 'muster-token') =>
  delivery(JSON.stringify(message), { name: 'cloudwatch', query: { token } })

const alarm = JSON.parse(fixture('webhook/cloudwatch.json').toString())

test.each(['1', '2'])(
  'a message signed with version %s is authentic, and the certificate is cached',
  async (version) => {
    await using aws = await amazon()
    const message = signed(notification(alarm, { SignatureVersion: version }))
    expect(await aws.source.verify(delivered(message))).toBe(true)
    expect(await aws.source.verify(delivered(signed(notification('hello', { Subject: undefined }))))).toBe(true)
    expect(aws.requested).toEqual([certificateUrl])
  },
)

test('rejects a message that was altered, is unsigned, or lacks our token', async () => {
  await using aws = await amazon()
  const message = signed(notification(alarm))
  expect(await aws.source.verify(delivered({ ...message, Message: '{}' }))).toBe(false)
  expect(await aws.source.verify(delivered({ ...message, SignatureVersion: '1' }))).toBe(false)
  expect(await aws.source.verify(delivered({ ...message, Signature: 'bm9uZQ==' }))).toBe(false)
  expect(await aws.source.verify(delivered(alarm))).toBe(false)
  expect(await aws.source.verify(delivery('not json', { name: 'cloudwatch', query: { token: 'muster-token' } }))).toBe(
    false,
  )
  expect(await aws.source.verify(delivered(message, 'other-token'))).toBe(false)
})

test.each([
  'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
  'https://evil.example/sns.eu-west-1.amazonaws.com/x.pem',
  'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem',
  'https://sns.eu-west-1.amazonaws.com:8443/x.pem',
  'https://user@sns.eu-west-1.amazonaws.com/x.pem',
  'https://:pw@sns.eu-west-1.amazonaws.com/x.pem',
  'https://sns.eu-west-1.amazonaws.com/a/b.pem',
  'https://sns.eu-west-1.amazonaws.com/x.txt',
  'http://sns.eu-west-1.amazonaws.com/x.pem',
  'https://s3.eu-west-1.amazonaws.com/x.pem',
  'file:///etc/x.pem',
  'x.pem',
])('never fetches a certificate from %s', async (url) => {
  await using aws = await amazon()
  expect(await aws.source.verify(delivered(signed(notification(alarm, { SigningCertURL: url }))))).toBe(false)
  expect(aws.requested).toEqual([])
})

test('while the certificate cannot be fetched, the sender is told to retry', async () => {
  let answer: Answer = { status: 500 }
  await using aws = await amazon(() => answer)
  await expect(aws.source.verify(delivered(signed(notification(alarm))))).rejects.toThrow('Amazon SNS answered 500')
  answer = { text: fixture('webhook/sns-cert.pem').toString() }
  expect(await aws.source.verify(delivered(signed(notification(alarm))))).toBe(true)
})

test('confirms a subscription only at an Amazon host', async () => {
  await using aws = await amazon()
  const message = signed(confirmation())
  expect(await aws.source.verify(delivered(message))).toBe(true)
  expect(await aws.source.read(message, delivered(message))).toEqual({
    signals: [],
    understood: true,
    notes: [`confirmed the subscription to ${topic}`],
  })
  expect(aws.requests.at(-1)?.query.get('Action')).toBe('ConfirmSubscription')

  const before = aws.requested.length
  for (const url of ['https://evil.example/?Action=ConfirmSubscription', subscribeUrl.replace('Confirm', 'Delete')]) {
    const strange = signed(confirmation({ SubscribeURL: url }))
    const { notes } = await aws.source.read(strange, delivered(strange))
    expect(notes?.[0]).toMatch(/was not confirmed/)
  }
  expect(aws.requested.length).toBe(before)
})

test('an alarm becomes an alert, and its OK resolves it by ARN', async () => {
  await using aws = await amazon()
  const readMessage = async (message: unknown) => {
    const { signals, understood } = await aws.source.read(signed(notification(message)), delivered(message))
    expect(understood).toBe(true)
    return signals as (Signal & { kind: 'alert' })[]
  }
  const [firing] = await readMessage(alarm)
  expect(firing?.alert).toEqual({
    key: `cloudwatch:${alarm.AlarmArn}:2026-11-21T04:40:12.345+0000`,
    fingerprint: `cloudwatch:${alarm.AlarmArn}`,
    source: 'cloudwatch',
    state: 'firing',
    title: 'The oldest message in orders has waited for 74 s (alarm from 60 s)',
    value: '74.0',
    threshold: '60',
    description: `Oldest message waits over 60 s\n\n${alarm.NewStateReason}`,
    rule: 'orders-queue-age',
    labels: {
      QueueName: 'orders',
      namespace: 'AWS/SQS',
      metric: 'ApproximateAgeOfOldestMessage',
      aws_account: '123456789012',
      region: 'eu-west-1',
    },
    startsAt: Date.parse('2026-11-21T04:40:12.345Z'),
    url: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/orders-queue-age',
  })
  const ok = { ...alarm, NewStateValue: 'OK', OldStateValue: 'ALARM', StateChangeTime: '2026-11-21T05:02:00.000+0000' }
  const [resolved] = await readMessage(ok)
  expect(resolved?.alert).toMatchObject({
    state: 'resolved',
    fingerprint: firing?.alert.fingerprint,
    endsAt: Date.parse('2026-11-21T05:02:00Z'),
  })
  expect(await readMessage({ ...alarm, NewStateValue: 'INSUFFICIENT_DATA' })).toEqual([])
})

test('anything but an alarm message is not understood', async () => {
  await using aws = await amazon()
  expect(await aws.source.read({ hello: 1 }, delivered({}))).toMatchObject({ understood: false })
  const text = signed(notification('plain text'))
  expect(await aws.source.read(text, delivered(text))).toMatchObject({ understood: false, signals: [] })
})
