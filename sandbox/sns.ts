import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { selfSigned } from './certificate.ts'

/** An SNS notification, not yet signed. */
export type SnsMessage = {
  Type: 'Notification'
  MessageId: string
  TopicArn: string
  Subject: string
  Message: string
  Timestamp: string
  UnsubscribeURL: string
}

/** The signing half of Amazon SNS: a key pair and its certificate. */
export type Sns = {
  /** The message with a version 2 signature that the certificate verifies. */
  signed(message: SnsMessage): SnsMessage & Record<'SignatureVersion' | 'Signature' | 'SigningCertURL', string>
  certificate: Certificate
  /** Serves the certificate's URL itself and passes every other request on. */
  fetch: typeof globalThis.fetch
}

/** The certificate that verifies signatures, and its URL at Amazon. */
export type Certificate = { url: string; pem: string }

const certificateUrl = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-sandbox.pem'

/** Generates a new key pair each time, so that no private key is stored. */
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

/** A `fetch` that serves the certificate for its URL and passes every other request on. */
export const answeringFor =
  ({ url, pem }: Certificate, fetch: typeof globalThis.fetch = globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) =>
    (input instanceof Request ? input.url : String(input)) === url ? new Response(pem) : fetch(input, init)

/** SNS: the signed text is these members in this order, name and value on a line each. */
const signedText = (message: SnsMessage) =>
  (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
    .map((member) => `${member}\n${message[member]}\n`)
    .join('')
