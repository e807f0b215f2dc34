import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { selfSigned } from './certificate.ts'

/** What SNS posts, without its signature. */
export type SnsMessage = {
  Type: 'Notification'
  MessageId: string
  TopicArn: string
  Subject: string
  Message: string
  Timestamp: string
  UnsubscribeURL: string
}

/** Amazon SNS as far as its signatures go: a key, a certificate, and where the certificate is fetched. */
export type Sns = {
  /** The message with a signature, version 2, that holds against the certificate. */
  signed(message: SnsMessage): SnsMessage & Record<'SignatureVersion' | 'Signature' | 'SigningCertURL', string>
  certificate: Certificate
  /** Answers for the certificate's address at Amazon; every other request goes where it always went. */
  fetch: typeof globalThis.fetch
}

/** What a signature is checked with, and the address at Amazon where it is fetched. */
export type Certificate = { url: string; pem: string }

const certificateUrl = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-sandbox.pem'

/** Makes a new key each time: nothing secret is kept anywhere. */
export const createSns = ({
  fetch = globalThis.fetch,
  now,
}: {
  fetch?: typeof globalThis.fetch
  now: () => number
}): Sns => {
  const keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = selfSigned({ ...keys, commonName: 'sns.amazonaws.com', now: now() })
  const certificate = { url: certificateUrl, pem }
  return {
    certificate,
    signed: (message) => ({
      ...message,
      SignatureVersion: '2',
      Signature: createSign('RSA-SHA256').update(signedText(message)).sign(keys.privateKey, 'base64'),
      SigningCertURL: certificateUrl,
    }),
    fetch: answeringFor(certificate, fetch),
  }
}

/** A fetch that is Amazon for the address of the certificate, and itself for every other. */
export const answeringFor =
  ({ url, pem }: Certificate, fetch: typeof globalThis.fetch = globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) =>
    (input instanceof Request ? input.url : String(input)) === url ? new Response(pem) : fetch(input, init)

/** The members under the signature, in Amazon's order, each a line for its name and one for its value. */
const signedText = (message: SnsMessage) =>
  (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
    .map((member) => `${member}\n${message[member]}\n`)
    .join('')
