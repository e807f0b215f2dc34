import type { Change, ChangeFeed } from '../../../incident/change.ts'
import { type Catalogue, findService } from '../../../incident/service.ts'
import type { Labels } from '../belonging.ts'
import type { PrometheusClient } from '../client.ts'
import type { MetricNames } from '../metric-names.ts'
import { wholeMinute } from './cluster.ts'
import type { Line } from './conditions.ts'
import { type Selection, selectionOf, withWorkload } from './selection.ts'

export type RolloutsOptions = {
  client: Pick<PrometheusClient, 'queryRange'>
  names: MetricNames
  catalogue: Catalogue
}

const MINUTE = 60_000
const LONGEST_MS = 24 * 60 * MINUTE
/** Old and new pods run side by side during a rollout; a scrape or two may be missing. */
const AT_ONCE_MS = 5 * MINUTE
/** A new image and a new generation this close to each other are one rollout. */
const ONE_ROLLOUT_MS = 10 * MINUTE
const MOST_SERVICES = 200

const INFO = 'kube_pod_container_info'
const GENERATION = 'kube_deployment_status_observed_generation'
const REPLICAS = 'kube_deployment_spec_replicas'

/**
 * Rollouts as kube-state-metrics shows them: a new image, an earlier one that is back, a deployment that was changed and
 * not only scaled. For clusters whose pipelines report nothing to Muster.
 */
export const kubernetesRollouts = ({ client, names, catalogue }: RolloutsOptions): ChangeFeed => ({
  name: 'kubernetes',
  seesChanges: async (signal) => {
    const known = await names.known(signal)
    return known.has(INFO) || known.has(GENERATION)
  },
  changes: async (window, signal) => {
    const known = await names.known(signal)
    const wanted = [...new Set([window.service, ...(window.services ?? [])].filter((id) => id !== undefined))]
    const selection = selectionOf(
      wanted.slice(0, MOST_SERVICES).map((id) => ({ id, service: findService(catalogue, { service: id }) })),
    )
    if (!selection) return []
    // Whole minutes, so that another collection evaluates the same instants, and finds the same changes.
    const to = wholeMinute(window.to)
    const from = wholeMinute(Math.max(window.from, window.to - LONGEST_MS))
    const points = Math.max(1, (to - from) / MINUTE)
    const ask = async (needs: string, query: string): Promise<Line[]> =>
      known.has(needs) ? (await client.queryRange({ query, from, to, points }, signal)).series : []
    const [images, generations, replicas] = await Promise.all([
      ask(INFO, `group by (namespace, workload, container, image) (${withWorkload(selection.containers(INFO))})`),
      ask(GENERATION, `max by (namespace, deployment) (${selection.deployments(GENERATION)})`),
      ask(REPLICAS, `max by (namespace, deployment) (${selection.deployments(REPLICAS)})`),
    ])
    const rollouts = imageChanges(images, selection)
    return [...rollouts, ...generationChanges(generations, replicas, selection, rollouts)].map(
      ({ workload: _workload, ...change }) => change,
    )
  },
})

type Rollout = Change & { workload: string }

const imageChanges = (lines: readonly Line[], { serviceOf }: Selection): Rollout[] => {
  const containers = Map.groupBy(lines, ({ labels }) =>
    JSON.stringify([labels.namespace, labels.workload, labels.container]),
  )
  return [...containers.values()].flatMap((images): Rollout[] => {
    const { namespace = '', workload = '', container = '' } = images[0]?.labels ?? {}
    const service = serviceOf({ namespace, workload, container })
    if (service === undefined) return []
    const seen = new Map<string, number>()
    const found: Rollout[] = []
    const grid = images[0]?.points.map(([at]) => at) ?? []
    for (const [i, at] of grid.entries()) {
      const running = images.filter(({ points }) => typeof points[i]?.[1] === 'number').map(imageOf)
      const before = [...seen].toSorted((a, b) => b[1] - a[1])
      const latest = before[0]?.[1]
      for (const image of running) {
        const last = seen.get(image)
        const others = before.filter(([other, time]) => other !== image && time >= (latest ?? at) - AT_ONCE_MS)
        const isBack = last !== undefined && others.some(([, time]) => time - last >= AT_ONCE_MS)
        if (i > 0 && others[0] && (last === undefined || isBack))
          found.push({
            key: `kubernetes:${namespace}/${workload}/${container}:${image}:${new Date(at).toISOString()}`,
            source: 'kubernetes',
            kind: isBack ? 'rollback' : 'deploy',
            service,
            at,
            workload,
            title: `${isBack ? 'Image put back' : 'New image'}: ${inShort(others[0][0], image)} \u2192 ${inShort(image, others[0][0])}${container === workload || container === service ? '' : ` (container ${container})`}`,
            revision: image.split(/[:@]/).at(-1) ?? image,
          })
      }
      for (const image of running) seen.set(image, at)
    }
    return found
  })
}

const imageOf = ({ labels }: { labels: Labels }): string => labels.image ?? ''

/** What differs from the other image: the tag alone where the name is the same. */
const inShort = (image: string, other: string): string => {
  const [name, tag] = partsOf(image)
  const short = tag.replace(/^sha256:(\w{8})\w*$/, 'sha256:$1')
  return name === partsOf(other)[0] && tag ? short : `${name.split('/').at(-1)}${short && `:${short}`}`
}

/** `registry.example:5000/shop/web:1.4.2` is its name and `1.4.2`; a digest counts more than a tag. */
const partsOf = (image: string): [name: string, tag: string] => {
  const [, name = image, tag = '', digest = ''] = /^(.+?)(?::([^/:@]+))?(?:@(.+))?$/.exec(image) ?? []
  return [name, digest || tag]
}

const generationChanges = (
  generations: readonly Line[],
  replicas: readonly Line[],
  { serviceOf }: Selection,
  rollouts: readonly Rollout[],
): Rollout[] =>
  generations.flatMap(({ labels, points }): Rollout[] => {
    const { namespace = '', deployment = '' } = labels
    const service = serviceOf(labels)
    if (service === undefined) return []
    const scaled = changesOf(replicas.find((one) => isSame(one.labels, labels))?.points ?? [])
    return changesOf(points)
      .filter(({ at, value, before }) => value > before && !scaled.some((one) => Math.abs(one.at - at) <= MINUTE))
      .filter(
        ({ at }) => !rollouts.some((one) => one.workload === deployment && Math.abs(one.at - at) <= ONE_ROLLOUT_MS),
      )
      .map(({ at, value }) => ({
        key: `kubernetes:${namespace}/${deployment}:generation:${value}`,
        source: 'kubernetes',
        kind: 'config',
        title: `Deployment ${deployment} changed, same image`,
        service,
        at,
        workload: deployment,
      }))
  })

const isSame = (one: Labels, other: Labels): boolean =>
  one.namespace === other.namespace && one.deployment === other.deployment

const changesOf = (points: Line['points']): { at: number; value: number; before: number }[] => {
  const found: { at: number; value: number; before: number }[] = []
  let before: number | undefined
  for (const [at, value] of points) {
    if (value === null) continue
    if (before !== undefined && value !== before) found.push({ at, value, before })
    before = value
  }
  return found
}
