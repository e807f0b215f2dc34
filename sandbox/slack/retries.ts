/** Which try this is, and why the one before failed. The first has none. */
export type Retry = { number: number; reason: string }
export type Failure = { reason: string; final?: boolean }

export type Retries = ReturnType<typeof createRetries>

/** Sends events until they arrive or Slack gives up, with its pauses between the tries (ms). */
export const createRetries = (delaysMs: number[]) => {
  const underWay = new Set<Promise<void>>()
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

  const persist = async (attempt: (retry?: Retry) => Promise<Failure | undefined>): Promise<void> => {
    let failure = await attempt()
    for (const [index, delay] of delaysMs.entries()) {
      if (!failure || failure.final) return
      await pause(delay)
      if (stopped) return
      failure = await attempt({ number: index + 1, reason: failure.reason })
    }
  }

  /** Ends every pause: there is a new chance of arriving. */
  const hurry = (): void => {
    for (const end of [...pauses]) end()
  }

  return {
    hurry,
    start: (attempt: (retry?: Retry) => Promise<Failure | undefined>): void => {
      const work = persist(attempt).finally(() => underWay.delete(work))
      underWay.add(work)
    },
    /** Waits until every event has arrived or been given up. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    stop: (): void => {
      stopped = true
      hurry()
    },
  }
}
