import type { Change } from './change.ts'

type Deploy = {
  /** The service, or whatever else the source deploys. */
  what?: string | undefined
  revision?: string | undefined
  environment?: string | undefined
  outcome?: Change['outcome']
  /** It restores an earlier revision. */
  isRollback?: boolean | undefined
}

const DEPLOY = { started: 'Deploying', succeeded: 'Deployed', failed: 'Failed to deploy', rolled_back: 'Rolled back' }
const ROLLBACK = {
  started: 'Rolling back',
  succeeded: 'Rolled back',
  failed: 'Failed to roll back',
  rolled_back: 'Rolled back',
}

/** `Deployed checkout v413@f95f852 to production`, `Rolled back checkout to v412`. */
export const deployTitle = ({
  what = 'something',
  revision,
  environment,
  outcome = 'succeeded',
  isRollback,
}: Deploy): string => {
  const verb = (isRollback ? ROLLBACK : DEPLOY)[outcome]
  const version = revision ? ` ${isRollback ? 'to ' : ''}${revision}` : ''
  return `${verb} ${what}${version}${environment ? ` ${isRollback ? 'in' : 'to'} ${environment}` : ''}`
}

/** A commit in its short form, `f95f852`; anything else is returned unchanged. */
export const shortRevision = (revision: string): string => revision.replace(/\b([0-9a-f]{7})[0-9a-f]{33,57}\b/g, '$1')

/** GitHub, ArgoCD and Flux have no explicit rollback: it is a deploy whose text says so. */
export const saysRollback = (text: string): boolean => /\b(roll(ing|ed)?[ -]?back|revert(ing|ed)?)\b/i.test(text)
