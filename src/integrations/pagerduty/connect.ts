import { messageOf } from '../../incident/errors.ts'
import type { PagerDuty } from './client.ts'
import { type SubscriptionFilter, wantedEvents } from './subscriptions.ts'

export type ConnectOptions = {
  pagerduty: Pick<PagerDuty, 'subscriptions' | 'createSubscription' | 'enableSubscription' | 'pingSubscription'>
  /** Muster's address as PagerDuty reaches it. */
  publicUrl: string
  /** PagerDuty's own address, where it is not the public service: one inside the network reaches local addresses. */
  apiUrl: string | undefined
  /** PagerDuty's ids of the services to subscribe to; none means the whole account. */
  services: readonly string[]
  /** Whether PAGERDUTY_WEBHOOK_SECRET is set. */
  hasSecret: boolean
  print(line: string): void
}

/**
 * Subscribes Muster to PagerDuty's webhooks: creates a subscription where there is none, enables one that PagerDuty
 * disabled, and pings each. Repeated runs find what exists. False when something is left to be done by hand.
 */
export const subscribe = async (options: ConnectOptions): Promise<boolean> => {
  const { pagerduty, publicUrl, apiUrl, services, hasSecret, print } = options
  if (isLocal(publicUrl) && !(apiUrl && isLocal(apiUrl))) {
    print(
      `WRONG PagerDuty cannot reach ${publicUrl}: it is an address inside your network. Set PUBLIC_URL to Muster's public HTTPS address`,
    )
    return false
  }
  const url = `${publicUrl.replace(/\/+$/, '')}/webhooks/pagerduty`
  const existing = (await pagerduty.subscriptions()).filter((one) => one.url === url)
  let ok = true
  const ping = async (id: string) => {
    try {
      await pagerduty.pingSubscription(id)
      print(`ok    PagerDuty pings ${url}; Muster logs it when it arrives`)
    } catch (error) {
      ok = false
      print(`WRONG the ping could not be requested: ${messageOf(error)}`)
    }
  }

  for (const { id, active, events } of existing) {
    if (!active) {
      await pagerduty.enableSubscription(id)
      print(`ok    PagerDuty webhook ${id} was disabled; it is enabled again`)
    } else print(`ok    PagerDuty webhook ${id} exists`)
    const missing = wantedEvents.filter((event) => !events.includes(event))
    if (missing.length > 0)
      print(`      it does not send ${missing.join(', ')}; add them in PagerDuty, or delete it and run this again`)
    if (!hasSecret) {
      ok = false
      print(
        '      its secret was shown once, when it was created: set PAGERDUTY_WEBHOOK_SECRET; if it is lost, delete the webhook in PagerDuty and run this again',
      )
    }
    await ping(id)
  }
  const wanted: SubscriptionFilter[] =
    services.length > 0 ? services.map((id) => ({ type: 'service', id })) : [{ type: 'account' }]
  const filters = wanted.filter(
    (filter) => !existing.some(({ only }) => only === undefined || ('id' in filter && only === filter.id)),
  )
  if (filters.length === 0) return ok
  const secrets: string[] = []
  for (const filter of filters) {
    const { id, secret } = await pagerduty.createSubscription({ url, filter })
    const scope = filter.type === 'account' ? 'the whole account' : `service ${filter.id}`
    print(`ok    PagerDuty webhook ${id} created for ${scope}`)
    if (secret) secrets.push(secret)
    else print('WRONG PagerDuty sent no secret for it; delete the webhook in PagerDuty and create it there')
  }
  if (secrets.length === 0) return false
  print('')
  print('Give Muster this secret before the first webhook arrives; PagerDuty does not show it again:')
  print(`PAGERDUTY_WEBHOOK_SECRET=${secrets.join(',')}${hasSecret ? ',<the present value>' : ''}`)
  print('Then restart Muster, and run this again: PagerDuty pings it.')
  return ok && secrets.length === filters.length
}

/** Loopback, private and link-local addresses, and names that exist only inside a network. */
const isLocal = (url: string): boolean => {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return (
    /^(localhost|0\.0\.0\.0|::1?|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:)/i.test(
      host,
    ) ||
    /\.(local|internal|localhost|lan)$/i.test(host) ||
    (!host.includes('.') && !host.includes(':'))
  )
}
