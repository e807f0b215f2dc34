import type { Change, ChangeRelation } from './change.ts'

export type RelatedChange = Change & { relation?: ChangeRelation | undefined }

/** A source reports each state of a deployment as a change of its own, whose key ends with the state. */
const deploymentOf = ({ key, outcome }: Change): string =>
  outcome && key.endsWith(`:${outcome}`) ? key.slice(0, -outcome.length - 1) : key

/** What a later state says, and a start does not. */
const STATES: Record<NonNullable<Change['outcome']>, number> = { started: 0, succeeded: 1, failed: 2, rolled_back: 3 }

/**
 * One entry a deployment, in its latest state: deploying and deployed are one deploy that went on. The order stays that
 * of the first of each.
 */
export const deployments = (changes: readonly RelatedChange[]): RelatedChange[] => {
  const latest = new Map<string, RelatedChange>()
  for (const change of changes) {
    const id = deploymentOf(change)
    const known = latest.get(id)
    const isLater = !known || STATES[change.outcome ?? 'succeeded'] > STATES[known.outcome ?? 'succeeded']
    if (isLater) latest.set(id, { ...change, relation: change.relation ?? known?.relation })
  }
  return [...latest.values()]
}

/** A change that puts an earlier state back is a mitigation, and no suspect. */
export const isRollback = ({ kind, outcome }: Change): boolean => kind === 'rollback' || outcome === 'rolled_back'
