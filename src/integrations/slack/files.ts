import { createHttpClient, HttpError } from '../../platform/http-client.ts'

/** More than a screenshot needs; a picture in the postmortem is frozen for good. */
const MOST_BYTES = 5 * 1024 * 1024
const TIMEOUT_MS = 10_000
/** Pictures that carry no program. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** A file as a message names it. */
export type SharedFile = {
  id: string
  title?: string
  name?: string
  mimetype?: string
  size?: number
  url_private?: string
  permalink?: string
}

export const isPicture = ({ mimetype = '', size = 0, url_private }: SharedFile): boolean =>
  PICTURES.has(mimetype) && size <= MOST_BYTES && url_private !== undefined

/**
 * Fetches pictures that people shared. Slack: `url_private` takes the bot token with the scope `files:read`, and answers
 * without it with a page to log in.
 */
export const createFiles = ({ token, apiUrl }: { token: string; apiUrl?: string | undefined }) => {
  // The token goes to nobody but Slack.
  const isSlack = ({ protocol, hostname, origin }: URL): boolean =>
    (protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'))) ||
    (apiUrl !== undefined && origin === new URL(apiUrl).origin)

  return {
    /**
     * The picture; undefined when it is none, too large, or not to be had any more.
     * @throws HttpError when Slack does not answer.
     */
    picture: async (
      file: SharedFile,
      signal: AbortSignal,
    ): Promise<{ mediaType: string; bytes: Buffer } | undefined> => {
      if (!isPicture(file) || !URL.canParse(file.url_private as string)) return undefined
      const url = new URL(file.url_private as string)
      if (!isSlack(url)) return undefined
      const http = createHttpClient({
        name: 'Slack files',
        url: url.origin,
        token,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        headers: { accept: 'image/*' },
      })
      const response = await http.request(`${url.pathname}${url.search}`, { signal }).catch((error: unknown) => {
        if (error instanceof HttpError && (error.kind === 'too_large' || error.kind === 'redirect')) return undefined
        throw error
      })
      if (!response) return undefined
      if (response.status >= 500) throw new Error(`Slack files answered ${response.status}.`)
      const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
      return response.ok && PICTURES.has(mediaType) ? { mediaType, bytes: response.bytes } : undefined
    },
  }
}

export type Files = ReturnType<typeof createFiles>
