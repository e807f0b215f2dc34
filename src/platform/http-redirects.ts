import { HttpError } from './http-error.ts'

export type RedirectPolicy = 'none' | 'same-origin'

const MAX_REDIRECTS = 5

export type RedirectedRequest = {
  name: string
  fetch: typeof globalThis.fetch
  policy: RedirectPolicy
  url: string
  init: RequestInit
}

/**
 * Sends the request and follows redirects that the policy allows. `fetch` itself would carry custom headers such as a
 * tenant or an API key to any other host, and would turn a redirected POST into a GET without its body.
 * @throws HttpError `redirect` where a redirect must not be followed; the message names the target's origin only, because
 * its query may carry a secret.
 */
export const followRedirects = async ({ name, fetch, policy, url, init }: RedirectedRequest): Promise<Response> => {
  let from = url
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(from, { ...init, redirect: 'manual' })
    const location = response.headers.get('location')
    // 300 and 304 carry no instruction to go elsewhere.
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response
    await response.body?.cancel()
    const to = URL.canParse(location, from) ? new URL(location, from) : undefined
    if (!to) throw new HttpError('redirect', `${name} answered ${response.status} with an invalid redirect.`)
    const target = to.origin === new URL(from).origin ? to.pathname : to.origin
    if (policy === 'none')
      throw new HttpError('redirect', `${name} redirects to ${target}; set its URL to the final address.`)
    if (to.origin !== new URL(from).origin)
      throw new HttpError(
        'redirect',
        `${name} redirects to another origin, ${target}; set its URL to the final address.`,
      )
    // Only 307 and 308 promise to keep the method and the body.
    if (response.status < 307 && init.method !== 'GET')
      throw new HttpError(
        'redirect',
        `${name} redirects a ${init.method} to ${target}; set its URL to the final address.`,
      )
    if (redirects === MAX_REDIRECTS)
      throw new HttpError('redirect', `${name} redirects more than ${MAX_REDIRECTS} times.`)
    from = to.href
  }
}
