import { HttpError } from './http-error.ts'
import { followRedirects, type RedirectPolicy } from './http-redirects.ts'
import { isHtml } from './http-status.ts'

export { HttpError, type HttpErrorKind } from './http-error.ts'

const MEBIBYTE = 1024 * 1024

export type HttpClientOptions = {
  /** The system's name as error messages write it: `Prometheus`. */
  name: string
  /** Base address, with a path prefix if there is one. A user and password in it are sent as basic authentication. */
  url: string
  /** Sent as a bearer token; takes precedence over a user and password in `url`. */
  token?: string | undefined
  /** Sent with every request: a tenant's `X-Scope-OrgID`, an `Accept`. */
  headers?: Record<string, string> | undefined
  /** Limit for one request from start to the last byte of the body, in ms. */
  timeoutMs?: number | undefined
  /** Limit for one response body after decompression, in bytes. Enforced while it is downloaded. */
  maxBytes?: number | undefined
  /** `none` reports a redirect as an error; `same-origin` follows those that stay on the same scheme, host and port. */
  redirects?: RedirectPolicy | undefined
  fetch?: typeof globalThis.fetch | undefined
}

export type HttpRequest = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Appended to the path; undefined values are left out, arrays repeat the name. */
  query?: Record<string, string | number | readonly string[] | undefined> | URLSearchParams
  /** `URLSearchParams` are sent as a form, `Uint8Array` as bytes, anything else as JSON. */
  body?: URLSearchParams | Uint8Array | object
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  /** Overrides the client's policy and limits for this request. */
  redirects?: RedirectPolicy
  timeoutMs?: number
  maxBytes?: number
}

/** A complete response: the body has been read. Any status is a response; `expectOk` in `http-status.ts` turns a bad one into an error. */
export type HttpResponse = {
  status: number
  ok: boolean
  /** The address that answered, after redirects. */
  url: string
  headers: Headers
  /** The body as it came: pictures. */
  bytes: Buffer
  text: string
  /** The body as JSON. @throws HttpError `not_json` for an HTML page, an empty body or anything else. */
  json(): unknown
}

export type HttpClient = {
  /** The base address without credentials or a trailing slash, for links that people open. */
  base: string
  /** Sends one request; never retries. @throws HttpError, also when `signal` aborts. */
  request(path: string, request?: HttpRequest): Promise<HttpResponse>
}

/**
 * A client for one HTTP API over the global `fetch`, with the limits that `fetch` lacks. Certificates of a private CA are
 * trusted through Node's own `NODE_EXTRA_CA_CERTS`.
 */
export const createHttpClient = ({
  name,
  url,
  token,
  headers = {},
  timeoutMs: defaultTimeoutMs = 10_000,
  maxBytes: defaultMaxBytes = 8 * MEBIBYTE,
  redirects = 'none',
  fetch = globalThis.fetch,
}: HttpClientOptions): HttpClient => {
  const { base, authorization } = addressOf(url, token)

  const request = async (path: string, options: HttpRequest = {}): Promise<HttpResponse> => {
    const { method = 'GET', query, body, signal, timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = options
    // Names are case-insensitive: a vendor's own Authorization replaces the token.
    const sent = new Headers({ accept: 'application/json', ...(authorization && { authorization }), ...headers })
    for (const [header, value] of Object.entries(options.headers ?? {})) sent.set(header, value)
    const encoded = encodeBody(body, sent)
    const timeLimit = AbortSignal.timeout(timeoutMs)
    let responding = false
    try {
      const response = await followRedirects({
        name,
        fetch,
        policy: options.redirects ?? redirects,
        url: `${base}${path}${queryString(query)}`,
        init: {
          method,
          headers: sent,
          ...(encoded === undefined ? {} : { body: encoded }),
          signal: signal ? AbortSignal.any([signal, timeLimit]) : timeLimit,
        },
      })
      responding = true
      const bytes = await readBytes(response, { name, maxBytes })
      const text = bytes.toString('utf8')
      const { status, ok } = response
      return {
        status,
        ok,
        url: response.url,
        headers: response.headers,
        bytes,
        text,
        json: () => parseJson(name, status, text),
      }
    } catch (error) {
      if (error instanceof HttpError) throw error
      if (signal?.aborted)
        throw new HttpError('aborted', `The request to ${name} was cancelled before it answered.`, { cause: error })
      if (timeLimit.aborted)
        throw new HttpError('timeout', `${name} did not answer within ${timeoutMs / 1000} s.`, { cause: error })
      if (responding)
        throw new HttpError('cut_off', `${name}'s response was cut off (${reasonOf(error)}).`, { cause: error })
      throw new HttpError(
        'unreachable',
        `${name} could not be reached (${reasonOf(error)}).${certificateHint(error)}`,
        {
          cause: error,
        },
      )
    }
  }

  return { base, request }
}

/** The reason behind `fetch`'s "fetch failed": the error code of its cause, such as `ECONNREFUSED`, or its message. */
export const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  // A host with several addresses: one error for each of them.
  const first = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause
  if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code
  return first instanceof Error ? first.message : String(first)
}

/** Node: https://nodejs.org/api/tls.html#x509-certificate-error-codes; these say that the authority is not known here. */
const UNKNOWN_AUTHORITY =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/

const certificateHint = (error: unknown): string =>
  UNKNOWN_AUTHORITY.test(reasonOf(error))
    ? ' Its certificate is from an authority that is not trusted here: name the authority\u2019s file in NODE_EXTRA_CA_CERTS.'
    : ''

/** `fetch` refuses a URL with a password in it, and a link for people must not carry one. */
const addressOf = (url: string, token: string | undefined) => {
  const { username, password, origin, pathname } = new URL(url)
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const basic = username ? `Basic ${Buffer.from(login).toString('base64')}` : undefined
  return { base: `${origin}${pathname.replace(/\/+$/, '')}`, authorization: token ? `Bearer ${token}` : basic }
}

const queryString = (query: HttpRequest['query']): string => {
  if (!query) return ''
  const params = query instanceof URLSearchParams ? query : new URLSearchParams()
  if (!(query instanceof URLSearchParams))
    for (const [name, value] of Object.entries(query))
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) params.append(name, String(one))
  return params.size > 0 ? `?${params}` : ''
}

const encodeBody = (
  body: HttpRequest['body'],
  headers: Headers,
): URLSearchParams | Uint8Array<ArrayBuffer> | string | undefined => {
  if (body === undefined || body instanceof URLSearchParams) return body
  if (body instanceof Uint8Array) return new Uint8Array(body)
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return JSON.stringify(body)
}

/** Stops at the limit: a response can be larger than our memory, and a small one can decompress into a huge one. */
const readBytes = async (
  response: Response,
  { name, maxBytes }: { name: string; maxBytes: number },
): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the download.
    if (bytes > maxBytes) throw new HttpError('too_large', `${name}'s response is larger than ${sizeOf(maxBytes)}.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const sizeOf = (bytes: number): string =>
  bytes >= MEBIBYTE ? `${Math.round(bytes / MEBIBYTE)} MiB` : `${Math.round(bytes / 1024)} KiB`

const parseJson = (name: string, status: number, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const what = isHtml(text) ? 'an HTML page (a login page or a proxy?)' : text.trim() ? 'something else' : 'nothing'
    throw new HttpError('not_json', `${name} answered ${status} with ${what} instead of JSON; check its URL.`, {
      cause,
    })
  }
}
