import { type Family, SCRAPED } from './families/family.ts'
import { mysql } from './families/mysql.ts'
import { postgresql } from './families/postgresql.ts'
import { redis } from './families/redis.ts'
import { groupingOf } from './service-labels.ts'
import type { Look } from './suspects-ask.ts'
import { candidatesOf, type Recognized, type Sighting } from './suspects-signals.ts'

/** A metric that shows what is down, and the query whose result is 0 for it. */
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
  query: (by) => `max by (${by}) (${available} and ${wanted} > 0)`,
})

const SIGNS: readonly Sign[] = [
  {
    family: scraped,
    // Kubernetes: the target of a pod that is gone disappears with it.
    query: (by, ago) => {
      return `max by (${by}) (up) or 0 * (max by (${by}) (up offset ${ago}s) == 1)`
    },
  },
  ...stores.map((family) => ({ family, query: (by: string) => `max by (${by}) (${family.sign})` })),
  workload('deployment', 'kube_deployment_spec_replicas', 'kube_deployment_status_replicas_available'),
  workload('statefulset', 'kube_statefulset_replicas', 'kube_statefulset_status_replicas_ready'),
]

/** What a sign says of some labels: that nothing of theirs is up, or that something is. */
export type Running = { down: Sighting; up: Sighting }

/** Looks up what runs now and what does not: one query a sign. `before` is an instant at which all was well, epoch ms. */
export const readDown = async (
  look: Look,
  {
    names,
    now,
    before,
    preferred,
  }: { names: ReadonlySet<string>; now: number; before: number; preferred: readonly string[] },
): Promise<Running[]> =>
  Promise.all(
    SIGNS.filter(({ family }) => names.has(family.sign)).map(async ({ family, query }) => {
      const labels = candidatesOf(family, preferred)
      const answer = await look.instant(query(groupingOf(labels), Math.ceil((now - before) / 1000)), now)
      const { down = [], up = [] } = Object.groupBy(answer ?? [], ({ value }) => (value === 0 ? 'down' : 'up'))
      const sighting = (found: typeof down) => ({ family, labels, sets: found.map((one) => one.labels) })
      return { down: sighting(down), up: sighting(up) }
    }),
  )

/**
 * The services that are proven to be down: one of the signs says so, and no other instance or target of theirs is up. That a
 * target cannot be scraped proves it only for a service that reports about itself: behind the target of an exporter the
 * store may be well.
 */
export const downAmong = (
  running: readonly { down: Recognized; up: Recognized }[],
  reporting: readonly Recognized[],
): Set<string> => {
  const aboutThemselves = servicesOf(
    reporting.filter(({ family }) => family.kind !== 'store' && family.labels.includes('job')),
  )
  const isProof = (sign: string, service: string) => sign !== scraped.sign || aboutThemselves.has(service)
  return new Set(
    running.flatMap(({ down, up }) => {
      const alive = servicesOf([up])
      return [...servicesOf([down])].filter((name) => !alive.has(name) && isProof(down.family.sign, name))
    }),
  )
}

const servicesOf = (recognized: readonly Recognized[]): Set<string> =>
  new Set(recognized.flatMap(({ found }) => found.map(({ service }) => service)))
