import type { PrometheusClient, RangeQuery } from './client.ts'
import { PrometheusError } from './errors.ts'

/**
 * A client whose address has to be looked up first, as that of a Prometheus behind Grafana. The look-up happens with
 * the first query, and again after it failed.
 */
export const laterClient = (
  find: (signal?: AbortSignal) => Promise<PrometheusClient | undefined>,
  graphUrl: (query: RangeQuery) => string,
): PrometheusClient => {
  let found: Promise<PrometheusClient> | undefined
  const client = () => {
    found ??= find().then((one) => {
      if (!one) throw new PrometheusError('unreachable', 'Grafana has no data source of the type Prometheus.')
      return one
    })
    found.catch(() => {
      found = undefined
    })
    return found.catch((error: unknown) => {
      throw error instanceof PrometheusError
        ? error
        : new PrometheusError('unreachable', error instanceof Error ? error.message : String(error), { cause: error })
    })
  }
  return {
    queryRange: async (...query) => (await client()).queryRange(...query),
    queryInstant: async (...query) => (await client()).queryInstant(...query),
    labelValues: async (...query) => (await client()).labelValues(...query),
    graphUrl,
  }
}
