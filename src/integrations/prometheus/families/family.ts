import type { SignalKind } from '../../../incident/evidence.ts'

/** The purpose of a query: how its result is grouped, and which series count. */
export type Scope = {
  /** Labels of the result, `service, namespace`. */
  by: string
  /** The selector of a metric in scope, with further matchers: `{service=~"web",code=~"5.."}`. */
  in(matchers?: string): string
  /** The range rates are taken over, `2m`. */
  range: string
}

/** One golden signal of a family. */
export type FamilySignal = {
  title: string
  kind: SignalKind
  /** Which direction is bad; by default `up`. */
  worse?: 'up' | 'down' | 'either'
  unit: string
  /** The metrics it is made of; without one of them there is no such signal. */
  needs: readonly string[]
  query(scope: Scope): string
  /** The resource's limit, in the signal's unit: queried once, at the end of the range. */
  limit?: { needs: readonly string[]; query(scope: Scope): string }
}

/** The metrics of one exporter, mesh or client library, and how to read them. */
export type Family = {
  name: string
  /** A metric that is there wherever the family is; its labels name the services. */
  sign: string
  /** Matchers that hold for the family's series: `reporter="destination"`. */
  only?: string
  /** Labels that may name the service, the most reliable first. */
  labels: readonly string[]
  /**
   * - `requests`: what callers see. A service has one of these, the first that covers it, and none beside the
   *   catalogue's own queries;
   * - `resources`: what its containers use;
   * - `store`: databases, brokers, caches, nodes. Also examined when undeclared, because undeclared ones are often the
   *   cause.
   */
  kind: 'requests' | 'resources' | 'store'
  /** A store of this kind in the catalogue is assumed to be the only one when no label is more specific. */
  hint?: RegExp
  signals: readonly FamilySignal[]
}

const matching = ({ in: selector }: Scope, metric: string, matchers?: string) => `${metric}${selector(matchers)}`

/** Per second, summed up. */
export const rateOf =
  (metric: string, matchers?: string) =>
  (scope: Scope): string =>
    `sum by (${scope.by}) (rate(${matching(scope, metric, matchers)}[${scope.range}]))`

export const sumOf =
  (metric: string, matchers?: string) =>
  (scope: Scope): string =>
    `sum by (${scope.by}) (${matching(scope, metric, matchers)})`

export const maxOf =
  (metric: string, matchers?: string) =>
  (scope: Scope): string =>
    `max by (${scope.by}) (${matching(scope, metric, matchers)})`

/** Percent of a whole that is never zero for long; nothing failed is 0 %, not a gap. */
export const percentFailed =
  (failed: (scope: Scope) => string, all: (scope: Scope) => string) =>
  (scope: Scope): string =>
    `100 * (${failed(scope)} or 0 * ${all(scope)}) / ${all(scope)}`

export const percentOf =
  (part: (scope: Scope) => string, whole: (scope: Scope) => string) =>
  (scope: Scope): string =>
    `100 * ${part(scope)} / ${whole(scope)}`

/** The 90th percentile of a classic histogram, in seconds. */
export const p90Of =
  (bucket: string, { inMs = false, matchers }: { inMs?: boolean; matchers?: string } = {}) =>
  (scope: Scope): string => {
    const { by, range } = scope
    const quantile = `histogram_quantile(0.9, sum by (${by}, le) (rate(${matching(scope, bucket, matchers)}[${range}])))`
    return inMs ? `${quantile} / 1000` : quantile
  }

/** The mean of a summary or histogram, in seconds, where there are no buckets. */
export const meanOf =
  (metric: string, { inMs = false } = {}) =>
  (scope: Scope): string => {
    const mean = `${rateOf(`${metric}_sum`)(scope)} / ${rateOf(`${metric}_count`)(scope)}`
    return inMs ? `${mean} / 1000` : mean
  }

/** Labels by which ordinary scrape configurations name what they scrape. */
export const SCRAPED = [
  'service',
  'app_kubernetes_io_name',
  'app',
  'service_name',
  'application',
  'kubernetes_name',
  'job',
]

/** The same for exporters of stores: an instance is one store, whatever the job is called. */
export const STORED = ['service', 'app_kubernetes_io_instance', 'app', 'release', 'cluster', 'instance', 'job']
