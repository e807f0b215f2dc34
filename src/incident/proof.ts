import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from './alert.ts'

/** Whether a delivery is genuine. Nothing here throws, and nothing tells by its timing how much of a guess was right. */

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Are these the same text? Takes the same time wherever they differ, and whatever their lengths. */
export const sameText = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

/** Is the text one of these? Looks at all of them, always. An empty secret proves nothing and is never matched. */
export const isOneOf = (text: string, secrets: readonly string[]): boolean =>
  secrets.reduce((found, secret) => (sameText(text, secret) && secret !== '') || found, false)

/** Is one of these the lower-case hex HMAC-SHA256 of the content under one of the secrets? */
export const isSignedBy = (
  signatures: readonly string[],
  content: string | Buffer,
  secrets: readonly string[],
): boolean =>
  secrets
    .filter((secret) => secret !== '')
    .map((secret) => createHmac('sha256', secret).update(content).digest('hex'))
    .reduce((found, expected) => signatures.some((signature) => sameHex(signature, expected)) || found, false)

/** How long a signature is, is no secret: what differs in length need not be compared. */
const sameHex = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** The secret a sender presents: the credentials of `Authorization: Bearer`, or the password of `Authorization: Basic`. */
export const presentedSecret = ({ headers }: Pick<Delivery, 'headers'>): string | undefined => {
  const [, scheme, credentials] = /^(\w+) +(\S+) *$/.exec(headers.authorization ?? '') ?? []
  if (scheme?.toLowerCase() === 'bearer') return credentials
  if (scheme?.toLowerCase() !== 'basic' || !credentials) return undefined
  const userAndPassword = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = userAndPassword.indexOf(':')
  return colon < 0 ? undefined : userAndPassword.slice(colon + 1)
}

/** Does the delivery present one of the tokens, as a bearer token or as the password of basic authentication? */
export const bearsOneOf = (delivery: Pick<Delivery, 'headers'>, tokens: readonly string[]): boolean =>
  isOneOf(presentedSecret(delivery) ?? '', tokens)
