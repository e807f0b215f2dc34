import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Change, type ChangeReading } from '../../../src/incident/change.ts'
import { githubChanges } from '../../../src/integrations/github/changes.ts'
import { delivery, fixture, receivedAt } from '../delivery.ts'

const source = githubChanges({ secrets: ["It's a Secret to Everybody"] })
const json = (name: string) => JSON.parse(fixture(`github/${name}.json`).toString())
const read = (event: string | undefined, body: unknown, from = source) =>
  from.read(body, delivery('', { headers: { 'x-github-event': event } })) as ChangeReading

test("accepts GitHub's own signature example, and rejects every variation of it", () => {
  const right = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  const verify = (signature: string | undefined, body = 'Hello, World!') =>
    source.verify(delivery(body, { headers: { 'x-hub-signature-256': signature } }))
  expect(verify(right)).toBe(true)
  expect(verify(right, 'Hello, World')).toBe(false)
  expect(verify(right.replace('sha256=', ''))).toBe(false)
  expect(verify(undefined)).toBe(false)
  fc.assert(fc.property(fc.string(), (signature) => !verify(signature)))
})

test('a finished deployment is a change with its service, revision, author and log link', () => {
  expect(read('deployment_status', json('deployment_status.success'))).toEqual({
    understood: true,
    changes: [
      {
        key: 'github:deployment:145988746:succeeded',
        source: 'github',
        kind: 'deploy',
        title: 'Deployed checkout main@f95f852 to production',
        service: 'checkout',
        environment: 'production',
        outcome: 'succeeded',
        revision: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
        by: 'alice',
        at: Date.parse('2026-11-21T04:31:55Z'),
        url: 'https://github.com/acme/checkout/actions/runs/1',
      },
    ],
  })
})

test('a failed deployment is marked as failed', () => {
  expect(read('deployment_status', json('deployment_status.failure')).changes).toMatchObject([
    {
      key: 'github:deployment:145988746:failed',
      outcome: 'failed',
      title: expect.stringMatching(/^Failed to deploy checkout/),
    },
  ])
})

test('queued, pending and in progress are one start', () => {
  const status = json('deployment_status.success')
  const keys = ['queued', 'pending', 'in_progress'].map((state) => {
    const body = { ...status, deployment_status: { ...status.deployment_status, state } }
    return read('deployment_status', body).changes[0]?.key
  })
  const [created] = read('deployment', json('deployment.created')).changes
  expect(created).toMatchObject({ outcome: 'started', at: Date.parse('2026-11-21T04:30:53Z') })
  expect(new Set([...keys, created?.key]).size).toBe(1)
})

test('a ping and a deployment that became inactive are understood and yield no change', () => {
  const status = json('deployment_status.success')
  const inactive = { ...status, deployment_status: { state: 'inactive' } }
  expect(read('ping', json('ping'))).toMatchObject({ understood: true, changes: [] })
  expect(read('deployment_status', inactive)).toMatchObject({ understood: true, changes: [] })
})

test('other events are not understood', () => {
  expect(read('push', {})).toEqual({ understood: false, changes: [], notes: ['unknown GitHub event push'] })
  expect(read(undefined, {}).understood).toBe(false)
  expect(read('deployment', { deployment: 7 }).understood).toBe(false)
})

test('the service of a monorepo comes from the settings or the deployment payload', () => {
  const mapped = githubChanges({
    secrets: ['s'],
    services: { 'acme/checkout': 'shop', 'acme/checkout:production': 'shop-eu' },
  })
  const body = json('deployment.created')
  const staging = { ...body, deployment: { ...body.deployment, environment: 'staging' } }
  const payload = { ...body, deployment: { ...body.deployment, payload: '{"service":"cart"}' } }
  expect(read('deployment', body, mapped).changes[0]?.service).toBe('shop-eu')
  expect(read('deployment', staging, mapped).changes[0]?.service).toBe('shop')
  expect(read('deployment', payload).changes[0]?.service).toBe('cart')
})

test('a deployment without dates or names is kept', () => {
  expect(read('deployment', { deployment: { id: 7, created_at: '0001-01-01' } }).changes).toEqual([
    {
      key: 'github:deployment:7:started',
      source: 'github',
      kind: 'deploy',
      title: 'Deploying something',
      outcome: 'started',
      at: receivedAt,
    },
  ])
})

test('every recorded payload is parsed', () => {
  const files = readdirSync(new URL('../../fixtures/github/', import.meta.url)).filter((file) =>
    /^(deployment|ping)/.test(file),
  )
  expect(files).toHaveLength(4)
  for (const file of files) {
    const reading = read(file.split('.')[0], JSON.parse(fixture(`github/${file}`).toString()))
    expect({ file, understood: reading.understood }).toEqual({ file, understood: true })
    for (const change of reading.changes) expect(Change.parse(change)).toEqual(change)
  }
})

test('never throws on any JSON', () => {
  const event = fc.constantFrom('deployment', 'deployment_status', 'ping', 'constructor')
  const state = fc.oneof(fc.constantFrom('success', 'queued', 'constructor'), fc.jsonValue())
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      deployment: fc.record({ id: fc.nat(), payload: fc.jsonValue(), task: fc.jsonValue() }),
      deployment_status: fc.record({ state, created_at: fc.jsonValue() }),
      repository: fc.jsonValue(),
    }),
  )
  fc.assert(
    fc.property(event, body, (name, payload) => {
      for (const change of read(name, payload).changes) Change.parse(change)
    }),
  )
})
