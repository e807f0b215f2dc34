import type { Labels } from './belonging.ts'
import type { PrometheusClient } from './client.ts'
import { families } from './families/families.ts'
import type { Family, FamilySignal } from './families/family.ts'
import type { MetricNames } from './metric-names.ts'

/** A family that this Prometheus has: the signals whose metrics are there, and the instances by their labels. */
export type Recognized = { family: Family; signals: readonly FamilySignal[]; instances: readonly Labels[] }

export type Recognition = {
  /** @throws PrometheusError when not even the names of the metrics are to be had. */
  recognize(signal?: AbortSignal): Promise<readonly Recognized[]>
}

export type RecognitionOptions = {
  client: Pick<PrometheusClient, 'queryInstant'>
  names: MetricNames
  /** Epoch ms. */
  now: () => number
  freshMs?: number
}

/** Which families there are and whose metrics they hold. Remembered like the names of metrics. */
export const createRecognition = ({ client, names, now, freshMs = 10 * 60_000 }: RecognitionOptions): Recognition => {
  const known = new Map<Family, { instances: Labels[]; at: number }>()

  /** A family whose query fails has no instances for now; the others are unaffected. */
  const instancesOf = async (family: Family, signal?: AbortSignal): Promise<Labels[]> => {
    const before = known.get(family)
    if (before && Math.abs(now() - before.at) < freshMs) return before.instances
    const query = `group by (${[...family.labels, 'namespace'].join(', ')}) (${family.sign}${family.only ? `{${family.only}}` : ''})`
    try {
      const instances = (await client.queryInstant(query, now(), signal)).map(({ labels }) => labels)
      known.set(family, { instances, at: now() })
      return instances
    } catch {
      return before?.instances ?? []
    }
  }

  return {
    async recognize(signal) {
      const metrics = await names.known(signal)
      const present = families.filter(({ sign }) => metrics.has(sign))
      const found = await Promise.all(
        present.map(async (family) => ({
          family,
          signals: family.signals
            .filter(({ needs }) => needs.every((metric) => metrics.has(metric)))
            .map(
              // A limit that is not measured is no reason to leave the signal out.
              ({ limit, ...signal }) =>
                limit?.needs.every((metric) => metrics.has(metric)) ? { ...signal, limit } : signal,
            ),
          instances: await instancesOf(family, signal),
        })),
      )
      return found.filter(({ instances }) => instances.length > 0)
    },
  }
}
