import { messageOf } from '../../incident/errors.ts'
import type { PagerDuty } from './client.ts'
import { type SubscriptionFilter, wantedEvents } from './subscriptions.ts'

export type SubscribeOptions = {
  pagerduty: Pick<PagerDuty, 'subscriptions' | 'createSubscription' | 'enableSubscription' | 'pingSubscription'>
  /** Where people and PagerDuty reach Muster. */
  publicUrl: string
  /** PagerDuty's ids of the services to hear of; none means the whole account. */
  services: readonly string[]
  /** Whether Muster knows a secret already. */
  hasSecret: boolean
  print(line: string): void
}

/**
 * Has PagerDuty send its webhooks to Muster: makes a subscription where there is none, switches one on that PagerDuty
 * switched off, and pings each. Run again it finds what is there. False when something is left to be done by hand.
 */
export const subscribe = async (options: SubscribeOptions): Promise<boolean> => {
  const { pagerduty, publicUrl, services, hasSecret, print } = options
  const url = `${publicUrl}/webhooks/pagerduty`
  const existing = (await pagerduty.subscriptions()).filter((one) => one.url === url)
  let well = true
  const ping = async (id: string) => {
    try {
      await pagerduty.pingSubscription(id)
      print(`ok    PagerDuty pings ${url}; Muster logs it when it arrives`)
    } catch (error) {
      well = false
      print(`WRONG PagerDuty could not be asked to ping: ${messageOf(error)}`)
    }
  }

  for (const { id, active, events } of existing) {
    if (!active) {
      await pagerduty.enableSubscription(id)
      print(`ok    PagerDuty webhook ${id} was switched off; it is on again`)
    } else print(`ok    PagerDuty webhook ${id} is there`)
    const missing = wantedEvents.filter((event) => !events.includes(event))
    if (missing.length > 0)
      print(`      it does not send ${missing.join(', ')}; add them in PagerDuty, or delete it and run this again`)
    if (!hasSecret) {
      well = false
      print(
        '      its secret was shown once, when it was made: set PAGERDUTY_WEBHOOK_SECRET; if it is lost, delete the webhook in PagerDuty and run this again',
      )
    }
    await ping(id)
  }
  const wanted: SubscriptionFilter[] =
    services.length > 0 ? services.map((id) => ({ type: 'service', id })) : [{ type: 'account' }]
  const filters = wanted.filter(
    (filter) => !existing.some(({ only }) => only === undefined || ('id' in filter && only === filter.id)),
  )
  if (filters.length === 0) return well
  const secrets: string[] = []
  for (const filter of filters) {
    const { id, secret } = await pagerduty.createSubscription({ url, filter })
    const what = filter.type === 'account' ? 'the whole account' : `service ${filter.id}`
    print(`ok    PagerDuty webhook ${id} made for ${what}`)
    if (secret) secrets.push(secret)
    else print('WRONG PagerDuty did not tell its secret; delete it in PagerDuty and make it there')
  }
  print('')
  print('Put this where Muster finds it, before its first webhook; PagerDuty does not show it again:')
  print(`PAGERDUTY_WEBHOOK_SECRET=${secrets.join(',')}${hasSecret ? ',<what it is now>' : ''}`)
  print('Then start Muster again, and run this again: PagerDuty pings it.')
  return well && secrets.length === filters.length
}
