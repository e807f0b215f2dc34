/** Longer than Muster takes to start again, shorter than anybody's patience. */
const PATIENCE_MS = 30_000
const PAUSE_MS = 500

/** What makes it worth trying again: the other side was away, as Muster is between a kill and its next start. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/**
 * Tries again while the other side is away. Monitoring systems do, and so do people who see "did not respond".
 * @throws what the last attempt threw; anything but `Unavailable` at once.
 */
export const retryWhileUnavailable = async (
  attempt: () => Promise<void>,
  sleep: (ms: number) => Promise<void>,
): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Unavailable) || waitedMs >= PATIENCE_MS) throw error
    }
    await sleep(PAUSE_MS)
  }
}
