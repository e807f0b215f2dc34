import { expect, test } from 'vitest'
import { deployments, isRollback } from '../../src/incident/change-lines.ts'

const change = (key: string, more: object = {}) => ({
  key,
  source: 'github',
  kind: 'deploy',
  title: key,
  at: 0,
  ...more,
})

test('deploying and deployed are one deploy with two states', () => {
  const found = deployments([
    change('github:deployment:7:started', { outcome: 'started', relation: 'alerting' }),
    change('github:deployment:7:succeeded', { outcome: 'succeeded', at: 60_000 }),
    change('github:deployment:8:started', { outcome: 'started' }),
  ])
  expect(found.map(({ key }) => key)).toEqual(['github:deployment:7:succeeded', 'github:deployment:8:started'])
  expect(found[0]).toMatchObject({ relation: 'alerting', at: 60_000, startedAt: 0 })
})

test('a failure is not hidden by a start that is reported after it', () => {
  const found = deployments([
    change('github:deployment:7:failed', { outcome: 'failed', at: 60_000 }),
    change('github:deployment:7:started', { outcome: 'started' }),
  ])
  expect(found).toMatchObject([{ outcome: 'failed', at: 60_000, startedAt: 0 }])
})

test('changes without states are unchanged, and rollbacks are recognised by kind or outcome', () => {
  expect(deployments([change('a'), change('b')])).toHaveLength(2)
  expect(
    [change('a', { kind: 'rollback' }), change('b', { outcome: 'rolled_back' }), change('c')].map(isRollback),
  ).toEqual([true, true, false])
})

test('a rollout seen in the cluster is the deploy that its pipeline reported', () => {
  const of = (source: string, minute: number, service = 'web') =>
    change(`${source}:${minute}`, { source, service, at: minute * 60_000 })
  const sources = (...changes: ReturnType<typeof of>[]) => deployments(changes).map(({ source }) => source)
  expect(sources(of('github', 0), of('kubernetes', 4))).toEqual(['github'])
  expect(sources(of('kubernetes', -1), of('argocd', 0))).toEqual(['argocd'])
  expect(sources(of('github', 0), of('kubernetes', 20))).toEqual(['github', 'kubernetes'])
  expect(sources(of('github', 0, 'cart'), of('kubernetes', 4))).toEqual(['github', 'kubernetes'])
})
