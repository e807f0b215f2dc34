import type { Delivery } from '../incident/alert.ts'

/** The source a delivery is for, and the parameters in its URL. */
export type WebhookPath = { source: string; details: Pick<Delivery, 'name' | 'query'> }

const PATH = /^\/webhooks\/(?:(alerts|changes)\/([^/?]+)|([^/?]+))\/?(?:\?(.*))?$/

/** Reads `/webhooks/<source>`, `/webhooks/alerts/<name>` and `/webhooks/changes/<name>`; undefined for any other path. */
export const parseWebhookPath = (url: string): WebhookPath | undefined => {
  const [, named, name, otherSource, query] = PATH.exec(url) ?? []
  const source = named ?? otherSource
  if (source === undefined) return undefined
  return {
    source,
    details: {
      ...(name === undefined ? {} : { name: decode(name) }),
      ...(query === undefined ? {} : { query: Object.fromEntries(new URLSearchParams(query)) }),
    },
  }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
