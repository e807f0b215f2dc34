import type { Delivery } from '../../incident/alert.ts'
import { bearsOneOf, isOneOf } from '../../incident/proof.ts'

/**
 * Does a delivery to the generic webhook present one of the tokens? As a bearer token, as the password of basic
 * authentication, in the header `X-Muster-Token`, or as `?token=`: some senders (Amazon SNS, older Sentry) can be
 * configured with a URL only. URLs end up in logs, so prefer a header where possible.
 */
export const presentsToken = (delivery: Delivery, tokens: readonly string[]): boolean =>
  bearsOneOf(delivery, tokens) ||
  isOneOf(delivery.headers['x-muster-token'] ?? '', tokens) ||
  isOneOf(delivery.query?.token ?? '', tokens)
