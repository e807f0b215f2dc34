import { createVerify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { Delivery, Reading } from '../../incident/alert.ts'

/** What Amazon SNS wraps around a message (docs.aws.amazon.com/sns, "Parsing Amazon SNS message formats"). */
const Envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  Message: z.string(),
  MessageId: z.string(),
  Timestamp: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
})
type Envelope = z.infer<typeof Envelope>

/** The signed members, in this order: a line with the name and one with the value of each. */
const signed = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const

const NETWORK_LIMIT_MS = 3_000
const MOST_CERTIFICATES = 20

/**
 * Unwraps messages from Amazon SNS's envelope, once its signature (version 1 or 2) is verified. The signature proves only
 * that some topic of some AWS account sent it; the token in the subscription's URL proves that it is yours.
 */
export const snsDoor = ({ fetch }: { fetch: typeof globalThis.fetch }) => {
  const certificates = new Map<string, Promise<X509Certificate>>()

  const get = async (url: string): Promise<string> => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(NETWORK_LIMIT_MS) })
    if (!response.ok) throw new Error(`Amazon SNS answered ${response.status} to GET ${new URL(url).pathname}`)
    return response.text()
  }
  const certificateAt = (url: string): Promise<X509Certificate> => {
    const known = certificates.get(url)
    if (known) return known
    // Amazon uses one certificate at a time; a sender of many names is not Amazon.
    if (certificates.size >= MOST_CERTIFICATES) certificates.clear()
    const fetched = get(url).then((pem) => new X509Certificate(pem))
    certificates.set(url, fetched)
    fetched.catch(() => certificates.delete(url))
    return fetched
  }

  return {
    /** Rejects when the certificate cannot be fetched: SNS should retry the delivery. */
    async verify({ body }: Delivery): Promise<boolean> {
      const envelope = Envelope.safeParse(jsonOf(body.toString('utf8'))).data
      if (!envelope || !isAmazons(envelope.SigningCertURL, /^\/[\w-]+\.pem$/)) return false
      const { publicKey } = await certificateAt(envelope.SigningCertURL)
      const verifier = createVerify(envelope.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
      return verifier.update(contentOf(envelope)).verify(publicKey, envelope.Signature, 'base64')
    },

    /** The message of a verified delivery; or, where there is none, what was done. Subscriptions are confirmed at once. */
    async open(body: unknown): Promise<{ message: unknown } | { reading: Reading }> {
      const envelope = Envelope.safeParse(body).data
      if (!envelope)
        return { reading: { signals: [], understood: false, notes: ['no Amazon SNS message in the body'] } }
      if (envelope.Type === 'Notification') return { message: jsonOf(envelope.Message) ?? envelope.Message }
      const done = (note: string) => ({ reading: { signals: [], understood: true, notes: [note] } })
      if (envelope.Type === 'UnsubscribeConfirmation') return done(`unsubscribed from ${envelope.TopicArn}`)
      const url = envelope.SubscribeURL ?? ''
      if (!isAmazons(url, /^\/$/) || new URL(url).searchParams.get('Action') !== 'ConfirmSubscription') {
        return done(
          `the subscription to ${envelope.TopicArn} has a confirmation URL that is not Amazon's and was not confirmed`,
        )
      }
      await get(url)
      return done(`confirmed the subscription to ${envelope.TopicArn}`)
    },
  }
}

/** Requests go only to Amazon's own hosts: `sns.eu-west-1.amazonaws.com`, `sns.cn-north-1.amazonaws.com.cn`. */
const isAmazons = (link: string, path: RegExp): boolean => {
  if (!URL.canParse(link)) return false
  const { protocol, host, username, password, pathname } = new URL(link)
  const isHost = /^sns\.[a-z]{2}(-[a-z]+)+-\d+\.amazonaws\.com(\.cn)?$/.test(host)
  return protocol === 'https:' && isHost && username === '' && password === '' && path.test(pathname)
}

const contentOf = (envelope: Envelope): string =>
  signed[envelope.Type]
    .filter((member) => envelope[member] !== undefined && envelope[member] !== null)
    .map((member) => `${member}\n${envelope[member]}\n`)
    .join('')

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
