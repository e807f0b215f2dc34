import type { ClusterFact } from './cluster-event.ts'
import type { Incident } from './incident.ts'
import type { Labels } from './labels.ts'
import { type Phrase, say } from './phrase.ts'

/** Enough for an incident in which every service in reach restarts. */
const MOST_KEPT = 20

/** The identity of a fact observed at different times. */
export const subjectOf = ({ condition, service, object }: ClusterFact): string =>
  JSON.stringify([condition, service ?? object])

/** The state's facts after another observation, oldest first. */
export const withClusterFact = (known: readonly ClusterFact[] = [], fact: ClusterFact): ClusterFact[] =>
  [...known.filter((one) => subjectOf(one) !== subjectOf(fact)), fact]
    .toSorted((a, b) => a.since - b.since)
    .slice(0, MOST_KEPT)

/** The facts that are new to the incident: a new condition, or one whose count has doubled since. */
export const clusterNews = ({ cluster = [] }: Incident, facts: readonly ClusterFact[]): ClusterFact[] =>
  facts.filter((fact) => {
    const known = cluster.find((one) => subjectOf(one) === subjectOf(fact))
    return known === undefined || (fact.condition !== 'throttled' && fact.count >= 2 * known.count)
  })

/** `RabbitMQ: killed for using more memory than allowed (OOMKilled), 3 times`. */
export const clusterPhrases = (fact: ClusterFact, labels: Labels): Phrase[] => {
  const { service, object } = fact
  return service === undefined ? say`${words(fact)}` : say`${labels.service(service)}: ${words(fact)} (${object})`
}

const words = ({ condition, object, count }: ClusterFact): string => {
  const times = count > 1 ? ` ${count} times` : ''
  switch (condition) {
    case 'oom_killed':
      return `container killed${times} for lack of memory, OOMKilled`
    case 'restarted':
      return `container restarted${times}`
    case 'crash_loop':
      return count > 1 ? `${count} pods in CrashLoopBackOff` : 'pod in CrashLoopBackOff'
    case 'image_pull_failed':
      return count > 1
        ? `${count} pods cannot start, image or configuration missing`
        : 'pod cannot start, image or configuration missing'
    case 'throttled':
      return `CPU throttled in ${Math.round(count)} % of its time slices`
    case 'rollout_stuck':
      return 'rollout failed, its pods did not become ready in time'
    case 'node_not_ready':
      return `Node ${object} is not ready`
    case 'node_pressure':
      return `Node ${object} runs out of memory, disk or process ids`
    default:
      return condition satisfies never
  }
}
