import type { EvidenceTarget } from '../../../incident/evidence.ts'
import { belongingOf, type Labels, namesOfTarget } from '../belonging.ts'

/** How kube-state-metrics may label what belongs to some services. */
export type Selection = {
  /** Series of containers, by their own name or by the name of their pod; `around` makes a rate of each selector. */
  containers(metric: string, matchers?: string, around?: (selector: string) => string): string
  deployments(metric: string, matchers?: string): string
  /** Our id of the service that a series with these labels is of. */
  serviceOf(labels: Labels): string | undefined
}

type Target = Pick<EvidenceTarget, 'id' | 'service' | 'namespace'>

/** Kubernetes (apimachinery's `rand.SafeEncodeString`): generated parts of names have no vowels, 0, 1 or 3. */
const GENERATED = '[bcdfghjklmnpqrstvwxz2456789]'
/** Names of pods end in the hash of their replica set and their own, or in a number. */
const POD_SUFFIX = `(-${GENERATED}{6,10}-${GENERATED}{5}|-${GENERATED}{5}|-[0-9]+)`

/** The deployment, stateful set or daemon set of a pod, derived from its name. */
export const workloadOf = (pod: string): string => pod.replace(new RegExp(`${POD_SUFFIX}$`), '')

/** PromQL that adds the label `workload` to series with the label `pod`. */
export const withWorkload = (selector: string): string =>
  `label_replace(${selector}, "workload", "$1", "pod", "(.+?)${POD_SUFFIX}")`

/** @returns undefined when none of the services has a name that Kubernetes could know */
export const selectionOf = (targets: readonly Target[]): Selection | undefined => {
  const names = new Set(targets.flatMap(namesIn))
  if (names.size === 0) return undefined
  // Names hold no character that means something in a pattern but the dot.
  const any = [...names]
    .sort()
    .map((name) => name.replaceAll('.', '[.]'))
    .join('|')
  const among = (label: string, end = '') => `${label}=~"(${any})${end}"`
  const selector = (metric: string, matchers: readonly (string | undefined)[]) =>
    `${metric}{${matchers.filter(Boolean).join(',')}}`
  return {
    containers: (metric, matchers, around = (selected) => selected) =>
      `(${around(selector(metric, [among('container'), matchers]))} or ${around(selector(metric, [among('pod', POD_SUFFIX), matchers]))})`,
    deployments: (metric, matchers) => selector(metric, [among('deployment'), matchers]),
    serviceOf: (labels) => {
      const { pod, workload = pod === undefined ? undefined : workloadOf(pod) } = labels
      const named = workload === undefined ? labels : { ...labels, workload }
      return targets.find(
        (target) =>
          (target.namespace === undefined || !labels.namespace || labels.namespace === target.namespace) &&
          belongingOf(named, target, ['deployment', 'workload', 'container']),
      )?.id
    },
  }
}

/** Kubernetes: names are lower case letters, digits, hyphens and dots. */
const namesIn = (target: Target): string[] =>
  [
    ...namesOfTarget(target),
    ...(target.service?.match ?? []).flatMap(({ container = '', deployment = '', pod = '' }) => [
      container,
      deployment,
      workloadOf(pod),
    ]),
  ].filter((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
