import type { Change, ChangeRelation } from './change.ts'

/** `startedAt`: its first report, epoch ms; `rolledBack`: a later change put an earlier revision back. */
export type RelatedChange = Change & {
  relation?: ChangeRelation | undefined
  startedAt?: number | undefined
  rolledBack?: boolean | undefined
}

/** Identifies the deployment that a change reports a state of: a source reports each state as a separate change. */
export const deploymentOf = ({ key, outcome, deployment }: Change): string =>
  deployment ?? (outcome && key.endsWith(`:${outcome}`) ? key.slice(0, -outcome.length - 1) : key)

/**
 * One entry per deployment, in its latest state, in order of first appearance: deploying and deployed are two states of
 * one deploy.
 */
export const deployments = (changes: readonly RelatedChange[]): RelatedChange[] => {
  const latest = new Map<string, RelatedChange>()
  for (const change of withoutEchoes(changes)) {
    const id = deploymentOf(change)
    const known = latest.get(id)
    const { relation = known?.relation } = change
    const startedAt = Math.min(change.at, known?.startedAt ?? change.at)
    latest.set(id, !known || isLater(change, known) ? { ...change, relation, startedAt } : { ...known, startedAt })
  }
  const entries = [...latest.values()]
  const rolledBack = new Set(entries.flatMap((change) => replacedBy(change, entries) ?? []))
  return entries.map((change) => (rolledBack.has(change) ? { ...change, rolledBack: true } : change))
}

/** A pipeline may finish before or after its pods are ready; its clock may be slightly ahead. */
const ROLLED_OUT_WITHIN_MS = 15 * 60_000
const AHEAD_MS = 2 * 60_000

/** Drops rollouts seen in the cluster that a pipeline already reported as a deploy. */
export const withoutEchoes = <One extends Change>(changes: readonly One[]): One[] =>
  changes.filter(
    (rollout) =>
      rollout.source !== 'kubernetes' ||
      !changes.some(
        ({ source, service, at }) =>
          source !== 'kubernetes' &&
          service === rollout.service &&
          rollout.at - at <= ROLLED_OUT_WITHIN_MS &&
          at - rollout.at <= AHEAD_MS,
      ),
  )

/** Reports may arrive in any order: a start never follows an end, and of two ends the later one counts. */
const isLater = (one: Change, other: Change): boolean => {
  const [ended, otherEnded] = [one.outcome !== 'started', other.outcome !== 'started']
  return ended === otherEnded ? one.at > other.at : ended
}

/** The deploy of the same service that a rollback undid: the last one before it. */
const replacedBy = (rollback: RelatedChange, changes: readonly RelatedChange[]): RelatedChange | undefined => {
  const { kind, outcome, service, at } = rollback
  if (kind !== 'rollback' || service === undefined || outcome === 'started' || outcome === 'failed') return undefined
  return changes
    .filter((change) => change.service === service && change.kind !== 'rollback' && change.at < at)
    .filter(({ revision }) => revision === undefined || revision !== rollback.revision)
    .toSorted((a, b) => b.at - a.at)[0]
}

/** A change that restores an earlier state is a mitigation, not a suspect. */
export const isRollback = ({ kind, outcome }: Change): boolean => kind === 'rollback' || outcome === 'rolled_back'
