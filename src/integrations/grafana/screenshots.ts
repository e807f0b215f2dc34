import { bulkhead } from 'cockatiel'
import type { Alert } from '../../incident/alert.ts'
import { messageOf } from '../../incident/errors.ts'
import type { EvidenceSource, Snapshot } from '../../incident/evidence.ts'
import { MOST_SCREENSHOTS, screenshotTitle } from '../../incident/screenshot.ts'
import { createHttpClient } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'
import type { GrafanaClient } from './client.ts'
import { mediaTypeOf } from './picture.ts'

export type ScreenshotOptions = {
  /** Pictures at its address are fetched with its token. */
  client?: GrafanaClient | undefined
  /** Other hosts that images may be fetched from; never with a token. */
  hosts?: readonly string[]
  /** Concurrent requests over all incidents. */
  atOnce?: number
  /** Limit of one request, ms. */
  timeoutMs?: number
  fetch?: typeof globalThis.fetch | undefined
}

const MOST_BYTES = 8 * 1024 * 1024

/** The images that alerts link to, only from the configured Grafana and from the hosts that muster.yaml lists. */
export const alertScreenshots = ({
  client,
  hosts = [],
  atOnce = 3,
  timeoutMs = 10_000,
  fetch,
}: ScreenshotOptions): EvidenceSource => {
  const turn = bulkhead(atOnce, Number.POSITIVE_INFINITY)

  /** Without our token: it is for Grafana alone. */
  const elsewhere = async ({ origin, hostname, pathname, search }: URL, signal: AbortSignal): Promise<Buffer> => {
    const http = createHttpClient({ name: hostname, url: origin, timeoutMs, maxBytes: MOST_BYTES, fetch })
    const response = await http.request(pathname + search, { headers: { accept: 'image/*' }, signal })
    return expectOk(response, { name: hostname }).bytes
  }

  const screenshot = async (alert: Alert, url: URL, signal: AbortSignal): Promise<Snapshot> => {
    const title = screenshotTitle(alert)
    const missing = (reason: string): Snapshot => ({ kind: 'missing', source: 'grafana', title, reason, url: url.href })
    const own = client && url.href.startsWith(`${client.base}/`)
    if (!own && !hosts.includes(url.hostname))
      return missing(
        `The picture is on ${url.hostname}; list it under evidence.pictureHosts in muster.yaml to have it kept.`,
      )
    try {
      const bytes = own ? await client.picture(url.href, signal) : await elsewhere(url, signal)
      const mediaType = mediaTypeOf(bytes)
      if (!mediaType) return missing('What answered is no picture.')
      const base64 = bytes.toString('base64')
      return { kind: 'image', source: 'grafana', title, mediaType, base64, url: alert.panelUrl ?? url.href, notes: [] }
    } catch (error) {
      return missing(messageOf(error))
    }
  }

  return {
    name: 'grafana',
    async collect({ alerts, pictures }, signal) {
      const linked = alerts.flatMap((alert) =>
        // An image does not change: it is fetched once, immediately. One that came with the alert is already stored.
        alert.imageUrl && !alert.pictureHash && !pictures?.has(screenshotTitle(alert)) && URL.canParse(alert.imageUrl)
          ? [{ alert, url: new URL(alert.imageUrl) }]
          : [],
      )
      return Promise.all(
        linked.slice(0, MOST_SCREENSHOTS).map(({ alert, url }) => turn.execute(() => screenshot(alert, url, signal))),
      )
    },
  }
}
