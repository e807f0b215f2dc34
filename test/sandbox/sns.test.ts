import { createVerify, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSns } from '../../sandbox/sns.ts'

const message = {
  Type: 'Notification' as const,
  MessageId: 'm-1',
  TopicArn: 'arn:aws:sns:eu-central-1:1:alarms',
  Subject: 'ALARM',
  Message: '{"NewStateValue":"ALARM"}',
  Timestamp: '2026-11-21T03:00:00.000Z',
  UnsubscribeURL: 'https://sns.example',
}
const now = Date.UTC(2026, 10, 21, 3)

test('a signature verifies against the fetched certificate', async () => {
  const sns = createSns({ now: () => now })
  const signed = sns.signed(message)
  const certificate = new X509Certificate(await (await sns.fetch(signed.SigningCertURL)).text())
  expect(certificate.subject).toBe('CN=sns.amazonaws.com')
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(Date.parse(certificate.validFrom)).toBeLessThan(now)
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(now)
  const text = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'].map(
    (member) => `${member}\n${signed[member as keyof typeof signed]}\n`,
  )
  const holds = (content: string) =>
    createVerify('RSA-SHA256').update(content).verify(certificate.publicKey, signed.Signature, 'base64')
  expect(holds(text.join(''))).toBe(true)
  expect(holds(text.join('').replace('ALARM', 'OK'))).toBe(false)
})

test('passes other requests on', async () => {
  const requested: string[] = []
  const sns = createSns({
    now: () => now,
    fetch: async (input) => {
      requested.push(String(input))
      return new Response('elsewhere')
    },
  })
  expect(await (await sns.fetch('https://other.example/')).text()).toBe('elsewhere')
  expect(requested).toEqual(['https://other.example/'])
})
