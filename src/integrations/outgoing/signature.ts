import { createHmac } from 'node:crypto'

/**
 * The headers of a signed delivery. Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, one signature for each
 * secret during rotation, so that any library for it verifies them. The timestamp prevents replays.
 * @param at when it is sent, epoch ms.
 * @param secrets text, or `whsec_` and base64.
 */
export const signed = (
  { id, body, at }: { id: string; body: string; at: number },
  secrets: readonly string[],
): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

const PREFIX = 'whsec_'

const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8')
