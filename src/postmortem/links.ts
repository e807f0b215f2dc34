import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Store } from '../store/store.ts'

export type LinkOptions = {
  secret: string
  /** Muster's public base URL, `https://muster.example/base`; the path is appended to it. */
  baseUrl: string
  /** `/incidents/INC-42/postmortem.md` */
  path: string
  /** Epoch ms; the link works until the end of that second. */
  expiresAt: number
}

/**
 * A link that grants access until it expires, and to nothing else: the signature is an HMAC-SHA256, in base64url, over
 * the path and the expiry (`expires`, epoch seconds).
 */
export const signLink = ({ secret, baseUrl, path, expiresAt }: LinkOptions): string => {
  const expires = String(Math.floor(expiresAt / 1000))
  const signature = signatureOf(secret, path, expires).toString('base64url')
  return `${baseUrl.replace(/\/+$/, '')}${path}?expires=${expires}&signature=${signature}`
}

export type LinkCheck = {
  secret: string
  path: string
  /** The query's members as they came: anything at all. */
  expires: unknown
  signature: unknown
  /** Epoch ms. */
  now: number
}

/** Is a link genuine, and does it still work? Takes the same time whatever is wrong with the signature. */
export const verifyLink = ({ secret, path, expires, signature, now }: LinkCheck): 'valid' | 'expired' | 'wrong' => {
  if (typeof expires !== 'string' || typeof signature !== 'string' || !/^[1-9]\d{0,11}$/.test(expires)) return 'wrong'
  const expected = signatureOf(secret, path, expires)
  const given = Buffer.from(signature, 'base64url')
  // The text is compared too: base64url has several spellings of the same bytes, and one link is to have one.
  const genuine =
    given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === signature
  if (!genuine) return 'wrong'
  return now < (Number(expires) + 1) * 1000 ? 'valid' : 'expired'
}

/** The first line names what is signed, so that no other use of the secret can be mistaken for a link. */
const signatureOf = (secret: string, path: string, expires: string): Buffer =>
  createHmac('sha256', secret).update(`muster link 1\n${path}\n${expires}`).digest()

/** Without MUSTER_SECRET a secret of our own signs the links; kept, so that they outlive a restart. */
export const ownSecret = (store: Pick<Store, 'rememberFirst'>): Promise<string> =>
  store.rememberFirst('muster:secret', randomBytes(32).toString('base64url'))
