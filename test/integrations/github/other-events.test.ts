import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Change, type ChangeReading } from '../../../src/incident/change.ts'
import { githubChanges } from '../../../src/integrations/github/changes.ts'
import { delivery, fixture } from '../delivery.ts'

const source = githubChanges({ secrets: ['s'], workflows: ['Deploy'] })
const json = (name: string) => JSON.parse(fixture(`github/${name}.json`).toString())
const read = (event: string, body: unknown, from = source) =>
  from.read(body, delivery('', { headers: { 'x-github-event': event } })) as ChangeReading
const commit = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'

test('the runs of a listed workflow are one deploy, in progress and then ended', () => {
  const [started] = read('workflow_run', json('workflow_run.in_progress')).changes
  const [ended] = read('workflow_run', json('workflow_run.completed')).changes
  expect(started).toMatchObject({
    key: 'github:workflow_run:30433642/1:started',
    title: 'Deploying checkout main@f95f852 (workflow Deploy)',
    at: Date.parse('2026-11-21T04:30:02Z'),
  })
  expect(ended).toEqual({
    key: 'github:workflow_run:30433642/1:succeeded',
    source: 'github',
    kind: 'deploy',
    title: 'Deployed checkout main@f95f852 (workflow Deploy)',
    service: 'checkout',
    revision: commit,
    outcome: 'succeeded',
    by: 'alice',
    at: Date.parse('2026-11-21T04:34:40Z'),
    url: 'https://github.com/acme/checkout/actions/runs/30433642',
  })
})

test.each([
  ['failure', 'failed', 'Failed to deploy checkout main@f95f852 (workflow Deploy)'],
  ['timed_out', 'failed', 'Failed to deploy checkout main@f95f852 (workflow Deploy)'],
  ['cancelled', 'failed', 'Failed to deploy checkout main@f95f852 (cancelled workflow Deploy)'],
])('a run that ends with %s is a failed deploy', (conclusion, outcome, title) => {
  const body = json('workflow_run.completed')
  body.workflow_run.conclusion = conclusion
  expect(read('workflow_run', body).changes).toMatchObject([{ outcome, title }])
})

test('a re-run is a separate deploy, and a run that deployed nothing is none', () => {
  const body = json('workflow_run.completed')
  const run = (more: object) => read('workflow_run', { ...body, workflow_run: { ...body.workflow_run, ...more } })
  expect(run({ run_attempt: 2 }).changes[0]?.key).toBe('github:workflow_run:30433642/2:succeeded')
  for (const nothing of [{ conclusion: 'skipped' }, { conclusion: 'action_required' }, { event: 'pull_request' }])
    expect(run(nothing)).toMatchObject({ changes: [], understood: true })
})

test('workflows are listed by name or file, and other workflows are not changes', () => {
  const body = json('workflow_run.completed')
  const listed = (...workflows: string[]) =>
    read('workflow_run', body, githubChanges({ secrets: ['s'], workflows })).changes.length
  expect([listed('deploy'), listed('deploy.yml'), listed('.github/workflows/deploy.yml')]).toEqual([1, 1, 1])
  expect(read('workflow_run', body, githubChanges({ secrets: ['s'], workflows: ['CI'] }))).toEqual({
    changes: [],
    understood: true,
    notes: ['the workflow Deploy is not listed in changes.github.workflows'],
  })
})

test("a monorepo's workflow deploys the service that the settings map it to", () => {
  const services = { 'acme/checkout:Deploy': 'payment', 'acme/checkout': 'web' }
  const mapped = githubChanges({ secrets: ['s'], workflows: ['Deploy'], services })
  expect(read('workflow_run', json('workflow_run.completed'), mapped).changes[0]?.service).toBe('payment')
  expect(read('release', json('release.published'), mapped).changes[0]?.service).toBe('web')
})

test('a published release is one change, however often GitHub reports it', () => {
  const body = json('release.published')
  expect(read('release', body).changes).toEqual([
    {
      key: 'github:release:17372790',
      source: 'github',
      kind: 'release',
      title: 'Released checkout v4.1.3',
      service: 'checkout',
      revision: 'v4.1.3',
      by: 'bob',
      at: Date.parse('2026-11-21T04:21:30Z'),
      url: 'https://github.com/acme/checkout/releases/tag/v4.1.3',
    },
  ])
  expect(read('release', { ...body, action: 'released' }).changes[0]?.key).toBe('github:release:17372790')
  expect(read('release', { ...body, release: { ...body.release, prerelease: true } }).changes[0]?.title).toBe(
    'Released checkout v4.1.3 (pre-release)',
  )
  for (const action of ['created', 'edited', 'deleted'])
    expect(read('release', { ...body, action })).toMatchObject({ changes: [], understood: true })
})

test('a pull request is a change when it is merged into the default branch', () => {
  const body = json('pull_request.closed_merged')
  expect(read('pull_request', body).changes).toEqual([
    {
      key: 'github:pull_request:acme/checkout:412',
      source: 'github',
      kind: 'merge',
      title: 'Merged #412 Raise the pool size to 200 into main',
      service: 'checkout',
      revision: commit,
      by: 'carol',
      at: Date.parse('2026-11-21T04:15:00Z'),
      url: 'https://github.com/acme/checkout/pull/412',
    },
  ])
  const request = (more: object) => read('pull_request', { ...body, pull_request: { ...body.pull_request, ...more } })
  expect(request({ title: 'Revert "Raise the pool size"' }).changes[0]?.kind).toBe('rollback')
  expect(request({ merged: false })).toMatchObject({ changes: [], understood: true })
  expect(request({ base: { ref: 'release-4' } })).toMatchObject({ changes: [], understood: true })
  expect(read('pull_request', { ...body, action: 'opened' })).toMatchObject({ changes: [], understood: true })
})

test('releases and pull requests can be turned off', () => {
  const off = githubChanges({ secrets: ['s'], releases: false, pullRequests: false })
  expect(read('release', json('release.published'), off)).toMatchObject({ changes: [], understood: true })
  expect(read('pull_request', json('pull_request.closed_merged'), off)).toMatchObject({ changes: [], understood: true })
})

test('never throws on any JSON', () => {
  const text = fc.oneof(fc.constantFrom('Deploy', 'completed', 'published', 'closed'), fc.jsonValue())
  const thing = fc.record({ id: fc.nat(), name: text, number: fc.nat(), merged: fc.boolean(), conclusion: text })
  const body = fc.record({ action: text, workflow_run: thing, release: thing, pull_request: thing, repository: text })
  fc.assert(
    fc.property(fc.constantFrom('workflow_run', 'release', 'pull_request'), body, (event, sent) => {
      for (const change of read(event, sent).changes) Change.parse(change)
    }),
  )
})
