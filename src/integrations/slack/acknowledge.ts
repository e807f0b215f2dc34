import { within } from '../../platform/time-limit.ts'

/** Slack shows the person an error after 3 s without acknowledgement. */
const ACKNOWLEDGE_WITHIN_MS = 2_000

/**
 * Acknowledges when the work is on disk, so that what Slack takes for done is done, whenever the process ends. A slow
 * store must not look like a dead app, so it waits no longer than Slack does.
 */
export const acknowledged = async <Value>(work: Promise<Value>, ack: () => Promise<unknown>): Promise<Value> => {
  await within(
    ACKNOWLEDGE_WITHIN_MS,
    work.catch(() => {}),
    undefined,
  )
  await ack()
  return work
}
