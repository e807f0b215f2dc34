import type { Config } from '../config/config.ts'
import { messageOf } from '../incident/errors.ts'
import { pagerdutyClient } from '../integrations/pagerduty/client.ts'
import { subscribe } from '../integrations/pagerduty/connect.ts'

/**
 * Sets up PagerDuty's webhooks, for the whole account or for some services (PagerDuty's ids). True when everything is
 * ok.
 */
export const connectPagerDuty = async (
  { env }: Config,
  services: readonly string[],
  print: (line: string) => void,
): Promise<boolean> => {
  const { PAGERDUTY_API_TOKEN: token, PUBLIC_URL: publicUrl } = env
  if (!token || !publicUrl) {
    print(
      `WRONG ${token ? 'PUBLIC_URL' : 'PAGERDUTY_API_TOKEN'} is not set; connecting PagerDuty needs both PAGERDUTY_API_TOKEN and PUBLIC_URL`,
    )
    return false
  }
  const pagerduty = pagerdutyClient({ token, url: env.PAGERDUTY_API_URL, from: env.PAGERDUTY_FROM_EMAIL })
  const hasSecret = env.PAGERDUTY_WEBHOOK_SECRET !== undefined
  try {
    return await subscribe({ pagerduty, publicUrl, apiUrl: env.PAGERDUTY_API_URL, services, hasSecret, print })
  } catch (error) {
    print(`WRONG PagerDuty: ${messageOf(error)}`)
    return false
  }
}
