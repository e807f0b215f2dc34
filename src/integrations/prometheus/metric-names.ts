import type { PrometheusClient } from './client.ts'

export type MetricNames = {
  /**
   * The names of all metrics with samples in the last hour. Fetched at most once in ten minutes, by the first caller;
   * the others wait for the same response. @throws PrometheusError when it was never fetched.
   */
  known(signal?: AbortSignal): Promise<ReadonlySet<string>>
}

export type MetricNamesOptions = {
  client: Pick<PrometheusClient, 'labelValues'>
  /** Epoch ms. */
  now: () => number
  /** How long an answer is good for, ms. */
  freshMs?: number
}

const HOUR = 3_600_000
/** More than any vendor's page of documentation lists; beyond it something generates names. */
const MOST_NAMES = 100_000

/** Which metrics a Prometheus has. An answer that has gone stale still serves while Prometheus does not reply. */
export const createMetricNames = ({ client, now, freshMs = 10 * 60_000 }: MetricNamesOptions): MetricNames => {
  let answer: { names: ReadonlySet<string>; at: number } | undefined
  let pending: Promise<ReadonlySet<string>> | undefined

  const request = async (): Promise<ReadonlySet<string>> => {
    const at = now()
    try {
      const names = await client.labelValues('__name__', { from: at - HOUR, to: at })
      const found = new Set(names.slice(0, MOST_NAMES))
      // A Prometheus without any metric has just begun to scrape: it is asked again next time.
      if (found.size > 0) answer = { names: found, at }
      return found
    } catch (error) {
      if (answer) return answer.names
      throw error
    } finally {
      pending = undefined
    }
  }

  return {
    async known(signal) {
      // A clock that was set back must not make an answer good for ever.
      if (answer && Math.abs(now() - answer.at) < freshMs) return answer.names
      // The request is shared, so it has the client's time limit and not that of one of its callers.
      pending ??= request()
      return signal ? Promise.race([pending, aborted(signal)]) : pending
    },
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
