/** Number of the retry, and why the previous attempt failed. Undefined for the first attempt. */
export type Retry = { number: number; reason: string }
export type Failure = { reason: string; final?: boolean }

export type Retries = ReturnType<typeof createRetries>

/** Delivers events with retries after `delaysMs`, then gives up. */
export const createRetries = (delaysMs: number[]) => {
  const inFlight = new Set<Promise<void>>()
  const pauses = new Set<() => void>()
  let stopped = false

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      pauses.add(end)
    })

  const sendWithRetries = async (attempt: (retry?: Retry) => Promise<Failure | undefined>): Promise<void> => {
    let failure = await attempt()
    for (const [index, delay] of delaysMs.entries()) {
      if (!failure || failure.final) return
      await pause(delay)
      if (stopped) return
      failure = await attempt({ number: index + 1, reason: failure.reason })
    }
  }

  /** Retries immediately: the app has reconnected. */
  const retryNow = (): void => {
    for (const end of [...pauses]) end()
  }

  return {
    retryNow,
    start: (attempt: (retry?: Retry) => Promise<Failure | undefined>): void => {
      const work = sendWithRetries(attempt).finally(() => inFlight.delete(work))
      inFlight.add(work)
    },
    /** Resolves when every event has been delivered or given up. */
    settled: async (): Promise<void> => {
      while (inFlight.size > 0) await Promise.allSettled(inFlight)
    },
    stop: (): void => {
      stopped = true
      retryNow()
    },
  }
}
