/** Real ms to keep trying: longer than Muster takes to restart. */
const GIVE_UP_AFTER_MS = 30_000
const RETRY_EVERY_MS = 500

/** The other side cannot be reached right now: Muster is being restarted, for example. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/**
 * Retries `attempt` while it throws `Unavailable`, as monitoring systems do, and people who see "did not respond".
 * @throws the last attempt's error; any other error immediately.
 */
export const retryWhileUnavailable = async (
  attempt: () => Promise<void>,
  sleep: (ms: number) => Promise<void>,
): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += RETRY_EVERY_MS) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Unavailable) || waitedMs >= GIVE_UP_AFTER_MS) throw error
    }
    await sleep(RETRY_EVERY_MS)
  }
}
