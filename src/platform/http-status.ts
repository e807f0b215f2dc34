import { Denied, Permanent, TryLater } from '../incident/errors.ts'

/** The part of a response that decides whether it is an error. */
export type StatusAndText = { status: number; ok: boolean; headers: Headers; text: string }

/**
 * Passes a 2xx response through and throws for anything else: `TryLater` for 429 and for 503 with `Retry-After`,
 * `Permanent` for other 4xx but 408, a plain `Error`, which the outbox retries, for the rest.
 * @param hint what to check when access is denied: `GRAFANA_TOKEN needs the role Viewer.`
 * @param detail the reason from the body where the vendor gives one; by default the first line of a plain-text body.
 */
export const expectOk = <Response extends StatusAndText>(
  response: Response,
  { name, hint, detail = plainReason(response) }: { name: string; hint?: string; detail?: string | undefined },
): Response => {
  const { status, ok } = response
  if (ok) return response
  const afterMs = retryAfterMs(response.headers)
  if (status === 429) throw new TryLater(`${name} is rate limiting requests (429).`, afterMs ?? 10_000)
  if (status === 503 && afterMs !== undefined) throw new TryLater(`${name} is unavailable (503).`, afterMs)
  if (status === 401 || status === 403) throw new Denied(`${name} denied access (${status}).${hint ? ` ${hint}` : ''}`)
  const sentence = `${name} answered ${status}${detail ? `: ${detail}` : ''}.`.replace(/([.!?])\.$/, '$1')
  if (status >= 500 || status === 408) throw new Error(sentence)
  throw new Permanent(sentence)
}

/** RFC 9110: seconds or an HTTP date. Undefined when absent or unreadable. */
export const retryAfterMs = (headers: Headers): number | undefined => {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Whether a body is a page for people: what proxies and login walls answer with. */
export const isHtml = (text: string): boolean => /^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype|html|head|body)/i.test(text)

const plainReason = ({ text }: StatusAndText): string | undefined =>
  isHtml(text) || /^\s*[[{]/.test(text) ? undefined : text.trim().split('\n')[0]?.slice(0, 200) || undefined
