import { type Family, SCRAPED } from './families/family.ts'
import { mysql } from './families/mysql.ts'
import { postgresql } from './families/postgresql.ts'
import { redis } from './families/redis.ts'
import { groupingOf } from './service-labels.ts'
import type { Look } from './suspects-ask.ts'
import { candidatesOf, type Recognized, type Sighting } from './suspects-signals.ts'

/** A metric that proves services down, and the query whose result are their labels. */
type Sign = { family: Family; query(by: string, agoSeconds: number): string }

const none = { signals: [] }
const scraped: Family = { name: 'up', kind: 'requests', sign: 'up', labels: SCRAPED, ...none }
/** Exporters outlive the store they report on, and say so. */
const stores: Family[] = [
  { ...mysql, ...none, sign: 'mysql_up' },
  { ...postgresql, ...none, sign: 'pg_up' },
  { ...redis, ...none, sign: 'redis_up' },
]
const workload = (kind: string, wanted: string, available: string): Sign => ({
  family: { name: kind, kind: 'resources', sign: available, labels: [kind], ...none },
  query: (by) => `max by (${by}) (${available} == 0 and ${wanted} > 0)`,
})

const SIGNS: readonly Sign[] = [
  {
    family: scraped,
    // Kubernetes: the target of a pod that is gone disappears with it.
    query: (by, ago) => {
      const now = `max by (${by}) (up)`
      return `${now} == 0 or (max by (${by}) (up offset ${ago}s) == 1 unless ${now})`
    },
  },
  ...stores.map((family) => ({ family, query: (by: string) => `max by (${by}) (${family.sign}) == 0` })),
  workload('deployment', 'kube_deployment_spec_replicas', 'kube_deployment_status_replicas_available'),
  workload('statefulset', 'kube_statefulset_replicas', 'kube_statefulset_status_replicas_ready'),
]

/** Looks up what does not run now: one query a sign. `before` is an instant at which all was well, epoch ms. */
export const readDown = async (
  look: Look,
  {
    names,
    now,
    before,
    preferred,
  }: { names: ReadonlySet<string>; now: number; before: number; preferred: readonly string[] },
): Promise<Sighting[]> =>
  Promise.all(
    SIGNS.filter(({ family }) => names.has(family.sign)).map(async ({ family, query }) => {
      const labels = candidatesOf(family, preferred)
      const answer = await look.instant(query(groupingOf(labels), Math.ceil((now - before) / 1000)), now)
      return { family, labels, sets: (answer ?? []).map((one) => one.labels) }
    }),
  )

/**
 * The services that are proven to be down. That a target cannot be scraped proves it only for a service that reports about
 * itself: behind the target of an exporter the store may be well.
 */
export const downAmong = (sightings: readonly Recognized[], reporting: readonly Recognized[]): Set<string> => {
  const aboutThemselves = new Set(
    reporting
      .filter(({ family }) => family.kind !== 'store' && family.labels.includes('job'))
      .flatMap(({ found }) => found.map(({ service }) => service)),
  )
  return new Set(
    sightings.flatMap(({ family, found }) =>
      found
        .map(({ service }) => service)
        .filter((service) => family.sign !== scraped.sign || aboutThemselves.has(service)),
    ),
  )
}
