import { createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Change, type ChangeReading } from '../../../src/incident/change.ts'
import { deployments, type RelatedChange } from '../../../src/incident/change-lines.ts'
import { webhookChanges } from '../../../src/integrations/webhook/changes.ts'
import { delivery, fixture } from '../delivery.ts'

const source = webhookChanges({ tokens: ['muster-token'] })
const read = (name: string, body: unknown) => source.read(body, delivery('', { name })) as ChangeReading
const recorded = (name: string, file: string) => read(name, JSON.parse(fixture(`${name}/${file}.json`).toString()))
const lines = (changes: readonly RelatedChange[]) =>
  deployments(changes).map(({ title, rolledBack }) => (rolledBack ? `${title}, rolled back` : title))

test("accepts Flux's generic-hmac signature, and rejects every variation of it", () => {
  const body = fixture('flux/kustomization_progressing.json')
  const signed = (signature: string, of = body) =>
    source.verify(delivery(of, { headers: { 'x-signature': signature }, name: 'flux' }))
  const right = `sha256=${createHmac('sha256', 'muster-token').update(body).digest('hex')}`
  expect(signed(right)).toBe(true)
  expect(signed(right, Buffer.concat([body, Buffer.from(' ')]))).toBe(false)
  expect(signed(right.replace('sha256=', ''))).toBe(false)
  expect(signed('sha256=')).toBe(false)
})

test('an unknown format name is not understood, and the log lists the known ones', () => {
  expect(read('spinnaker', {})).toEqual({
    changes: [],
    understood: false,
    notes: ['no changes are read from "spinnaker"; there are argocd, flux'],
  })
})

describe('ArgoCD', () => {
  test('a sync is one deploy from running to finished', () => {
    const [running, succeeded] = ['running', 'succeeded'].flatMap((file) => recorded('argocd', file).changes)
    expect(succeeded).toEqual({
      key: 'argocd:shop:checkout:2026-11-21T04:31:00Z:succeeded',
      source: 'argocd',
      kind: 'deploy',
      title: 'Deployed checkout f95f852',
      service: 'checkout',
      revision: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      outcome: 'succeeded',
      by: 'alice',
      at: Date.parse('2026-11-21T04:31:50Z'),
      url: 'https://argocd.acme.example/applications/checkout',
    })
    expect(lines([running as Change])).toEqual(['Deploying checkout f95f852'])
    expect(lines([running as Change, succeeded as Change])).toEqual(['Deployed checkout f95f852'])
  })

  test('a failed sync is marked as failed', () => {
    expect(lines(['running', 'failed'].flatMap((file) => recorded('argocd', file).changes))).toEqual([
      'Failed to deploy checkout f95f852',
    ])
  })

  test('a sync to an older revision is a rollback, and marks the deploy it undoes', () => {
    const changes = ['running', 'succeeded', 'rollback'].flatMap((file) => recorded('argocd', file).changes)
    expect(lines(changes)).toEqual(['Deployed checkout f95f852, rolled back', 'Rolled back checkout to 1f0e2dc'])
    expect(changes.at(-1)).toMatchObject({ kind: 'rollback', outcome: 'succeeded' })
  })

  test('syncing the same revision again is not a rollback', () => {
    const body = JSON.parse(fixture('argocd/succeeded.json').toString())
    const [entry] = body.history.slice(-1)
    expect(read('argocd', { ...body, history: [...body.history, entry] }).changes[0]?.kind).toBe('deploy')
  })

  test('uses the service and environment from the template, and ignores a dry run', () => {
    const body = JSON.parse(fixture('argocd/succeeded.json').toString())
    expect(read('argocd', { ...body, service: 'till', environment: 'production' }).changes[0]).toMatchObject({
      title: 'Deployed till f95f852 to production',
      service: 'till',
    })
    body.operation.operation.sync.dryRun = true
    expect(read('argocd', body)).toMatchObject({ changes: [], understood: true })
  })

  test('a payload from another template is not understood', () => {
    for (const body of [{}, { app: 'checkout' }, { app: 'checkout', operation: { phase: 'Dreaming' } }])
      expect(read('argocd', body).understood).toBe(false)
  })
})

describe('Flux', () => {
  test('a Kustomization is one deploy from its first object to its health check', () => {
    const changes = ['kustomization_progressing', 'kustomization_health_check_passed'].flatMap(
      (file) => recorded('flux', file).changes,
    )
    expect(changes[0]).toMatchObject({ title: 'Deploying checkout main@f95f852 to production', outcome: 'started' })
    expect(lines(changes)).toEqual(['Deployed checkout main@f95f852 to production'])
  })

  test('a failed health check is a failed deploy, and a successful retry is a deploy again', () => {
    const failed = ['kustomization_progressing', 'kustomization_health_check_failed'].flatMap(
      (file) => recorded('flux', file).changes,
    )
    expect(lines(failed)).toEqual(['Failed to deploy checkout main@f95f852 to production'])
    const body = JSON.parse(fixture('flux/kustomization_health_check_passed.json').toString())
    const retried = read('flux', { ...body, timestamp: '2026-11-21T04:38:00Z' }).changes
    expect(lines([...failed, ...retried])).toEqual(['Deployed checkout main@f95f852 to production'])
  })

  test('periodic Kustomization reports and fetched artifacts are not changes', () => {
    for (const file of ['kustomization_reconciliation_finished', 'gitrepository_new_artifact'])
      expect(recorded('flux', file)).toMatchObject({ changes: [], understood: true })
  })

  test('a failed Helm upgrade that is rolled back is marked, and its rollback is not a suspect', () => {
    const changes = ['helmrelease_upgrade_failed', 'helmrelease_rollback_succeeded'].flatMap(
      (file) => recorded('flux', file).changes,
    )
    expect(lines(changes)).toEqual([
      'Failed to deploy payments 2.4.0 to production, rolled back',
      'Rolled back payments to 2.3.1 in production',
    ])
    expect(changes[1]).toMatchObject({ kind: 'rollback', outcome: 'succeeded' })
  })

  test('returning to an earlier chart version is a separate deploy', () => {
    const body = JSON.parse(fixture('flux/helmrelease_upgrade_succeeded.json').toString())
    const again = { ...body, timestamp: '2026-11-21T05:45:00Z' }
    expect(read('flux', body).changes[0]?.key).not.toBe(read('flux', again).changes[0]?.key)
    expect(read('flux', body).changes[0]?.key).toBe(read('flux', { ...body }).changes[0]?.key)
  })

  test("the service is the object's name, or set by an annotation", () => {
    const body = JSON.parse(fixture('flux/kustomization_progressing.json').toString())
    const named = { ...body, metadata: { ...body.metadata, service: 'till' } }
    expect(read('flux', named).changes[0]?.service).toBe('till')
  })
})

test('every recorded payload is parsed', () => {
  for (const name of ['argocd', 'flux'])
    for (const file of readdirSync(new URL(`../../fixtures/${name}/`, import.meta.url))) {
      const reading = recorded(name, file.replace('.json', ''))
      expect({ file, understood: reading.understood }).toEqual({ file, understood: true })
      for (const change of reading.changes) expect(Change.parse(change)).toEqual(change)
    }
})

test('neither throws on any JSON', () => {
  const text = fc.oneof(fc.constantFrom('Succeeded', 'HelmRelease', 'error', 'RollbackSucceeded'), fc.jsonValue())
  const object = fc.record({ kind: text, name: text, namespace: text })
  const sync = fc.record({ revision: text, revisions: text })
  const operation = fc.record({ phase: text, startedAt: text, operation: fc.record({ sync }), syncResult: sync })
  const argocd = fc.record({ app: text, operation, history: fc.oneof(fc.array(sync), text) })
  const flux = fc.record({ involvedObject: object, severity: text, timestamp: text, message: text, reason: text })
  fc.assert(
    fc.property(fc.constantFrom('argocd', 'flux'), fc.oneof(argocd, flux, fc.jsonValue()), (name, body) => {
      for (const change of read(name, body).changes) expect(Change.parse(change)).toEqual(change)
    }),
  )
})
