import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from './alert.ts'

/** Authenticates deliveries. Nothing here throws, and no timing reveals how much of a guess was right. */

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether two texts are equal, in a time independent of where they differ and of their lengths. */
export const sameText = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

/**
 * Whether the text is one of these; always compares all of them. An empty secret authenticates nothing and never
 * matches.
 */
export const isOneOf = (text: string, secrets: readonly string[]): boolean =>
  secrets.reduce((found, secret) => (sameText(text, secret) && secret !== '') || found, false)

/** Whether one of these is the lower-case hex HMAC-SHA256 of the content under one of the secrets. */
export const isSignedBy = (
  signatures: readonly string[],
  content: string | Buffer,
  secrets: readonly string[],
): boolean =>
  secrets
    .filter((secret) => secret !== '')
    .map((secret) => createHmac('sha256', secret).update(content).digest('hex'))
    .reduce((found, expected) => signatures.some((signature) => sameHex(signature, expected)) || found, false)

/** The length of a signature is not secret: different lengths need no comparison. */
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

/** Whether the delivery presents one of the tokens, as a bearer token or as the password of basic authentication. */
export const bearsOneOf = (delivery: Pick<Delivery, 'headers'>, tokens: readonly string[]): boolean =>
  isOneOf(presentedSecret(delivery) ?? '', tokens)
