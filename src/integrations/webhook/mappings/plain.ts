import type { Mapping } from '../mapping.ts'

/** A body with the members of an alert itself: one, a list, or a list in `alerts`. For scripts and senders of your own. */
export const plain: Mapping = { alerts: '$exists(alerts) ? alerts : ($exists(title) ? $)' }
